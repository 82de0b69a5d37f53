// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import {
  Button,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client';
import { keys, useRetentionClasses } from '../api/queries';
import type { Camera, RecordingMode, Transport } from '../api/types';
import { useT } from '../i18n/i18n';
import { Problem } from '../ui/Problem';
import { SecretInput } from '../ui/SecretInput';
import {
  acceptsAnyCertificate,
  type CameraForm,
  emptyForm,
  faultsOf,
  formOf,
  inputOf,
  isEncrypted,
  testOf,
  withAnyCertificate,
  withoutCredentials,
} from './cameraForm';
import { Diagnosis } from './Diagnosis';

/** Adds a camera, or changes the given one. The connection can be tested before anything is saved. */
export function CameraDialog({ camera, onClose }: { camera?: Camera; onClose: () => void }) {
  const t = useT();
  const client = useQueryClient();
  const { data: retentionClasses = [] } = useRetentionClasses();
  const [form, setForm] = useState<CameraForm>(() => (camera ? formOf(camera) : emptyForm));
  const [touched, setTouched] = useState(false);
  const test = useMutation({ mutationFn: () => api.testCamera(testOf(form, camera?.id)) });
  const save = useMutation({
    mutationFn: () => (camera ? api.changeCamera(camera.id, inputOf(form)) : api.addCamera(inputOf(form))),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.cameras });
      onClose();
    },
  });

  const change = (part: Partial<CameraForm>) => {
    setForm((old) => ({ ...old, ...part }));
    test.reset();
  };
  const faults = faultsOf(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (Object.keys(faults).length === 0) save.mutate();
  };
  const fault = (name: keyof typeof faults) => (touched && faults[name] ? t(faults[name]) : undefined);
  const title = camera ? t('camera.edit', { name: camera.name }) : t('camera.add');

  return (
    <Modal opened onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <TextInput
            label={t('camera.name')}
            placeholder={t('camera.nameHint')}
            value={form.name}
            error={fault('name')}
            onChange={(event) => change({ name: event.currentTarget.value })}
            data-autofocus
          />
          <TextInput
            label={t('camera.url')}
            placeholder={t('camera.urlHint')}
            value={form.url}
            error={fault('url')}
            onChange={(event) => change({ url: event.currentTarget.value })}
            onBlur={() => setForm(withoutCredentials)}
            inputMode="url"
            autoCapitalize="none"
            spellCheck={false}
          />
          {isEncrypted(form.url) && (
            <Switch
              label={t('camera.anyCertificate')}
              description={t('camera.anyCertificateHint')}
              checked={acceptsAnyCertificate(form.url)}
              onChange={(event) => change({ url: withAnyCertificate(form.url, event.currentTarget.checked) })}
            />
          )}
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              label={t('camera.user')}
              placeholder={t('common.optional')}
              value={form.user}
              onChange={(event) => change({ user: event.currentTarget.value })}
              autoComplete="off"
              autoCapitalize="none"
            />
            <SecretInput
              label={t('camera.password')}
              placeholder={camera?.hasPassword ? t('camera.passwordKept') : t('common.optional')}
              value={form.password}
              onChange={(event) => change({ password: event.currentTarget.value })}
              // The browser must not offer or keep a camera's password as that of this page.
              autoComplete="new-password"
            />
          </SimpleGrid>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <Choice
              label={t('camera.transport')}
              value={form.transport}
              onChange={(transport) => change({ transport: transport as Transport })}
              data={(['auto', 'tcp', 'udp'] as const).map((value) => ({
                value,
                label: t(`camera.transport.${value}`),
              }))}
            />
            <Choice
              label={t('camera.recording')}
              value={form.recording}
              onChange={(recording) => setForm((old) => ({ ...old, recording: recording as RecordingMode }))}
              data={(['continuous', 'off'] as const).map((value) => ({ value, label: t(`camera.recording.${value}`) }))}
            />
            <NumberInput
              label={t('camera.retention')}
              placeholder={t('camera.retentionHint')}
              value={form.retentionClass === null ? form.retentionDays : ''}
              disabled={form.retentionClass !== null}
              onChange={(days) => setForm((old) => ({ ...old, retentionDays: typeof days === 'number' ? days : '' }))}
              min={1}
              max={3650}
              allowDecimal={false}
              hideControls
            />
            <Select
              label={t('camera.retentionClass')}
              placeholder={t('camera.retentionClassNone')}
              clearable
              value={form.retentionClass === null ? null : String(form.retentionClass)}
              data={retentionClasses
                .filter((item) => !item.builtIn)
                .map(({ id, name }) => ({ value: String(id), label: name }))}
              onChange={(id) => setForm((old) => ({ ...old, retentionClass: id === null ? null : Number(id) }))}
            />
          </SimpleGrid>
          <Diagnosis running={test.isPending} result={test.data} error={test.error} />
          <Problem error={save.error} />
          <Group justify="space-between">
            <Button
              variant="default"
              loading={test.isPending}
              disabled={faults.url !== undefined}
              onClick={() => test.mutate()}
            >
              {t(test.data ? 'test.again' : 'test.button')}
            </Button>
            <Group>
              <Button variant="subtle" color="gray" onClick={onClose}>
                {t('common.cancel')}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {camera ? t('common.save') : t('camera.add')}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  data: { value: string; label: string }[];
}

function Choice({ label, ...control }: ChoiceProps) {
  return (
    <div>
      <Text component="div" fz="sm" fw={500} mb={2}>
        {label}
      </Text>
      <SegmentedControl fullWidth aria-label={label} {...control} />
    </div>
  );
}
