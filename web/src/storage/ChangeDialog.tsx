// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Loader, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Disk, NewDiskInput } from '../api/types';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { type Change, isConfirmed, sizeOf } from './describe';
import { PreviewText } from './PreviewText';

interface Props {
  change: Change;
  disk?: Disk;
  onClose: () => void;
}

/** A change of the disks: first what it leads to, then the change. A new disk is described before that. */
export function ChangeDialog({ change, disk, onClose }: Props) {
  const t = useT();
  const client = useQueryClient();
  const wantsNew = change === 'add' || change === 'replace';
  const [path, setPath] = useState('');
  const [size, setSize] = useState('');
  const [comes, setComes] = useState<NewDiskInput>();
  const [typed, setTyped] = useState('');
  const sizeBytes = sizeOf(size);
  const preview = useQuery({
    queryKey: ['storagePreview', change, disk?.number, comes],
    queryFn: ({ signal }) =>
      api.previewStorage({ change, disk: disk?.number ?? null, new: wantsNew ? (comes ?? null) : null }, signal),
    enabled: !wantsNew || comes !== undefined,
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  const make = useMutation({
    mutationFn: () => api.changeStorage(change, disk?.number, comes, (preview.data?.lostBytes ?? 0) > 0),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.storage });
      onClose();
    },
  });
  const ready =
    preview.data && preview.data.refusal === null && !preview.isFetching && isConfirmed(preview.data, disk, typed);
  const loses = (preview.data?.lostBytes ?? 0) > 0 && preview.data?.refusal === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isAsked = wantsNew && (comes?.path !== path.trim() || (comes?.sizeBytes ?? undefined) !== sizeBytes);
    if (isAsked) {
      if (path.trim() !== '' && sizeBytes !== null) setComes({ path: path.trim(), sizeBytes: sizeBytes ?? null });
    } else if (ready) make.mutate();
  };
  const isStale = wantsNew && (comes?.path !== path.trim() || (comes?.sizeBytes ?? undefined) !== sizeBytes);

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={disk ? `${t(`change.${change}`)}: ${t('storage.disk', { number: disk.number })}` : t(`change.${change}`)}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text fz="sm">{t(`change.${change}Text`)}</Text>
          {wantsNew && (
            <>
              <TextInput
                label={t('storage.newPath')}
                description={t('storage.newPathHint')}
                placeholder="/mnt/d/video.disk"
                value={path}
                maxLength={4096}
                spellCheck={false}
                onChange={(event) => setPath(event.currentTarget.value)}
                data-autofocus
              />
              <TextInput
                label={t('storage.newSize')}
                description={t('storage.newSizeHint')}
                placeholder="4T"
                value={size}
                error={sizeBytes === null ? t('storage.newSizeBad') : undefined}
                onChange={(event) => setSize(event.currentTarget.value)}
              />
            </>
          )}
          {preview.isFetching && <Loader size="sm" aria-label={t('common.loading')} />}
          <Problem error={preview.error} />
          {preview.data && !isStale && !preview.isFetching && <PreviewText preview={preview.data} />}
          {loses && disk && !isStale && (
            <TextInput
              label={t('storage.typeToLose', { name: disk.name })}
              value={typed}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          <Problem error={make.error} />
          <Group justify="flex-end">
            <Button variant="subtle" color="gray" onClick={onClose} data-autofocus={wantsNew ? undefined : true}>
              {t('common.cancel')}
            </Button>
            {isStale ? (
              <Button type="submit" variant="default" disabled={path.trim() === '' || sizeBytes === null}>
                {t('storage.showPreview')}
              </Button>
            ) : (
              <Button
                type="submit"
                {...(change === 'remove' || loses ? { color: 'red' } : {})}
                disabled={!ready}
                loading={make.isPending}
              >
                {t(`change.${change}`)}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
