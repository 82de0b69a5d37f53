// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Loader, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useCameras } from '../api/queries';
import type { Camera } from '../api/types';
import { useT } from '../i18n/i18n';
import { PlusIcon } from '../ui/icons';
import { Problem } from '../ui/Problem';
import { CameraDialog } from './CameraDialog';
import classes from './Cameras.module.css';
import { CameraTable } from './CameraTable';
import { RemoveDialog } from './RemoveDialog';

type Open = { dialog: 'add' } | { dialog: 'edit' | 'remove'; camera: Camera } | undefined;

export function CameraPage() {
  const t = useT();
  const { data, error } = useCameras();
  const [open, setOpen] = useState<Open>();
  const cameras = data?.filter((camera) => !camera.removed);
  const close = () => setOpen(undefined);

  return (
    <div className={classes.page}>
      <Group justify="space-between">
        <Title order={1}>{t('camera.list')}</Title>
        <Button leftSection={<PlusIcon />} onClick={() => setOpen({ dialog: 'add' })}>
          {t('camera.add')}
        </Button>
      </Group>
      {!cameras && (error ? <Problem error={error} /> : <Loader aria-label={t('common.loading')} />)}
      {cameras?.length === 0 && (
        <Text c="dimmed" py="xl" ta="center">
          {t('camera.none')}
        </Text>
      )}
      {cameras && cameras.length > 0 && (
        <CameraTable
          cameras={cameras}
          onEdit={(camera) => setOpen({ dialog: 'edit', camera })}
          onRemove={(camera) => setOpen({ dialog: 'remove', camera })}
        />
      )}
      {open?.dialog === 'add' && <CameraDialog onClose={close} />}
      {open?.dialog === 'edit' && <CameraDialog camera={open.camera} onClose={close} />}
      {open?.dialog === 'remove' && <RemoveDialog camera={open.camera} onClose={close} />}
    </div>
  );
}
