// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { Hold } from '../api/types';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';

interface Props {
  hold: Hold;
  busy: boolean;
  error: unknown;
  onRelease: () => void;
  onClose: () => void;
}

/** Asked before, because what goes after it does not come back. */
export function ReleaseDialog({ hold, busy, error, onRelease, onClose }: Props) {
  const t = useT();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('hold.releaseTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text fz="sm">{t('hold.releaseText', { case: hold.case })}</Text>
        <Problem error={error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" loading={busy} onClick={onRelease}>
            {t('hold.release')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
