// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, MultiSelect, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { Camera } from '../api/types';
import { useT } from '../i18n/i18n';
import { fromInput, toInput } from '../playback/localInput';
import { iso } from '../ui/format';
import { Problem } from '../ui/Problem';

interface Props {
  camera: Camera;
  cameras: Camera[];
  range: { from: number; to: number };
  onClose: () => void;
}

/** Keeps a range of one or more cameras from being deleted. */
export function HoldDialog({ camera, cameras, range, onClose }: Props) {
  const t = useT();
  const client = useQueryClient();
  const [caseId, setCaseId] = useState('');
  const [ids, setIds] = useState([camera.id]);
  // To the second, outwards: nothing that was marked is left out.
  const [fromText, setFrom] = useState(() => toInput(range.from));
  const [toText, setTo] = useState(() => toInput(Math.ceil(range.to / 1000) * 1000));
  const [untilText, setUntil] = useState('');
  const [note, setNote] = useState('');
  const [touched, setTouched] = useState(false);
  const [from, to, until] = [fromInput(fromText), fromInput(toText), fromInput(untilText)];
  const rangeIsGood = from !== undefined && to !== undefined && from < to;
  const good = rangeIsGood && caseId.trim() !== '' && ids.length > 0;
  const save = useMutation({
    mutationFn: () =>
      api.addHold({
        case: caseId.trim(),
        cameras: ids,
        from: iso(from ?? 0),
        to: iso(to ?? 0),
        until: until === undefined ? null : iso(until),
        note: note.trim(),
      }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: keys.holds }),
        client.invalidateQueries({ queryKey: ['timeline'] }),
      ]);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (good) save.mutate();
  };

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('hold.add')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text fz="sm">{t('hold.addText')}</Text>
          <TextInput
            label={t('hold.case')}
            value={caseId}
            maxLength={100}
            error={touched && caseId.trim() === '' ? t('hold.caseMissing') : undefined}
            onChange={(event) => setCaseId(event.currentTarget.value)}
            data-autofocus
          />
          <MultiSelect
            label={t('hold.cameras')}
            searchable
            value={ids}
            data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={setIds}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              type="datetime-local"
              step={1}
              label={t('download.from')}
              value={fromText}
              onChange={(event) => setFrom(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              step={1}
              label={t('download.to')}
              value={toText}
              error={rangeIsGood ? undefined : t('download.order')}
              onChange={(event) => setTo(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              step={1}
              label={t('hold.until')}
              description={t('hold.untilHint')}
              value={untilText}
              onChange={(event) => setUntil(event.currentTarget.value)}
            />
          </SimpleGrid>
          <Textarea
            label={t('hold.note')}
            placeholder={t('common.optional')}
            value={note}
            maxLength={1000}
            autosize
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Problem error={save.error} />
          <Group justify="flex-end">
            <Button variant="subtle" color="gray" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('hold.add')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
