// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Group, Modal, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { keys } from '../api/queries';
import type { RetentionClass } from '../api/types';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { type ClassForm, classFault, classFormOf, classInputOf, emptyClass } from './classForm';

/** Defines a retention class under a number that is free, or changes one. */
export function ClassDialog({ id, own, onClose }: { id: number; own?: RetentionClass; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const [form, setForm] = useState<ClassForm>(() => (own ? classFormOf(own) : emptyClass));
  const [touched, setTouched] = useState(false);
  const save = useMutation({
    mutationFn: () => api.putRetentionClass(id, classInputOf(form, own?.layout ?? null)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.retentionClasses });
      onClose();
    },
  });
  const fault = classFault(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!fault) save.mutate();
  };
  const number = (name: 'minimumDays' | 'maximumDays' | 'quotaGigabytes') => ({
    value: form[name],
    onChange: (value: number | string) =>
      setForm((old) => ({ ...old, [name]: typeof value === 'number' ? value : '' })),
    min: 1,
    allowDecimal: false,
    hideControls: true,
  });

  return (
    <Modal
      opened
      onClose={onClose}
      title={t(own ? 'retention.edit' : 'retention.add')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t('retention.name')}
            value={form.name}
            maxLength={100}
            error={touched && fault ? t(fault) : undefined}
            onChange={(event) => {
              const name = event.currentTarget.value;
              setForm((old) => ({ ...old, name }));
            }}
            data-autofocus
          />
          <SimpleGrid cols={2} style={{ alignItems: 'end' }}>
            <NumberInput
              label={t('retention.minimum')}
              placeholder={t('retention.noMinimum')}
              {...number('minimumDays')}
            />
            <NumberInput
              label={t('retention.maximum')}
              placeholder={t('retention.noMaximum')}
              {...number('maximumDays')}
            />
            <NumberInput
              label={t('retention.quota')}
              placeholder={t('retention.noQuota')}
              {...number('quotaGigabytes')}
            />
            <NumberInput
              label={t('retention.priority')}
              description={t('retention.priorityHint')}
              value={form.priority}
              onChange={(value) => setForm((old) => ({ ...old, priority: typeof value === 'number' ? value : 50 }))}
              min={0}
              max={100}
              allowDecimal={false}
            />
          </SimpleGrid>
          <Problem error={save.error} />
          <Group justify="flex-end">
            <Button variant="subtle" color="gray" onClick={onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
