// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Camera } from '../api/types';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';

export function RemoveDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.removeCamera(camera.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.cameras });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('camera.removeTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text fz="sm">{t('camera.removeText', { name: camera.name })}</Text>
        <Problem error={remove.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('camera.removeConfirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
