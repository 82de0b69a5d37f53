// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Checkbox, Group, Loader, Modal, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api, links } from '../api/client';
import type { Camera } from '../api/types';
import { codecName } from '../cameras/describe';
import { useI18n } from '../i18n/i18n';
import { bytes, duration, iso } from '../ui/format';
import { Problem } from '../ui/Problem';
import { When } from '../ui/When';
import { fromInput, rangeFault, toInput } from './localInput';
import classes from './Playback.module.css';

interface Props {
  camera: Camera;
  range: { from: number; to: number };
  onClose: () => void;
}

/** From when to when; what the file will be is shown before it is fetched. */
export function DownloadDialog({ camera, range, onClose }: Props) {
  const { t, locale } = useI18n();
  // To the second, outwards: nothing that was marked is left out.
  const [fromText, setFrom] = useState(() => toInput(range.from));
  const [toText, setTo] = useState(() => toInput(Math.ceil(Math.min(range.to, Date.now()) / 1000) * 1000));
  const [audio, setAudio] = useState(true);
  const [from, to] = [fromInput(fromText), fromInput(toText)];
  const fault = rangeFault(from, to);
  const preview = useQuery({
    queryKey: ['export', camera.id, from, to, audio],
    queryFn: ({ signal }) => api.exportPreview(camera.id, iso(from ?? 0), iso(to ?? 0), audio, signal),
    enabled: fault === undefined,
    staleTime: 5000,
  });
  const { data } = preview;
  const empty = preview.error instanceof ApiError && preview.error.status === 404;

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={t('download.title', { name: camera.name })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            type="datetime-local"
            step={1}
            label={t('download.from')}
            value={fromText}
            onChange={(event) => setFrom(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            type="datetime-local"
            step={1}
            label={t('download.to')}
            value={toText}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </SimpleGrid>
        <Checkbox
          label={t('download.audio')}
          checked={audio}
          onChange={(event) => setAudio(event.currentTarget.checked)}
        />
        {fault && (
          <Text fz="sm" c="red" role="alert">
            {t(fault)}
          </Text>
        )}
        {!fault && preview.isPending && <Loader size="sm" aria-label={t('common.loading')} />}
        {empty ? <Text fz="sm">{t('playback.nothing')}</Text> : <Problem error={preview.error} />}
        {!fault && data && (
          <dl className={classes.facts} data-export-bytes={data.bytes}>
            <dt>{t('download.size')}</dt>
            <dd className="num">{bytes(data.bytes, locale)}</dd>
            <dt>{t('download.duration')}</dt>
            <dd className="num">{duration(data.durationSeconds)}</dd>
            <dt>{t('download.begin')}</dt>
            <dd>
              <When at={data.start} millis />
            </dd>
            <dt>{t('download.end')}</dt>
            <dd>
              <When at={data.end} millis />
            </dd>
            <dt>{t('download.format')}</dt>
            <dd>
              MP4 · {[data.codec, data.audioCodec].flatMap((codec) => (codec ? [codecName(codec)] : [])).join(' · ')}
            </dd>
            {data.gaps > 0 && (
              <>
                <dt>{t('download.gaps')}</dt>
                <dd>{t('download.gapsText', { count: data.gaps })}</dd>
              </>
            )}
          </dl>
        )}
        <Group justify="flex-end">
          <Button variant="subtle" color="gray" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          {!fault && data ? (
            <Button
              component="a"
              href={links.exportFile(camera.id, iso(from ?? 0), iso(to ?? 0), audio)}
              download={data.fileName}
              onClick={onClose}
            >
              {t('download.button')}
            </Button>
          ) : (
            <Button disabled>{t('download.button')}</Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
