// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Button, Loader } from '@mantine/core';
import type { Camera } from '../api/types';
import { codecName } from '../cameras/describe';
import { useT } from '../i18n/i18n';
import classes from './Playback.module.css';
import type { PlaybackStatus } from './PlaybackPlayer';

interface Props {
  camera: Camera;
  status: PlaybackStatus;
  onDownload: () => void;
}

/** What stands over the picture when there is none, and what to do about it. */
export function PlaybackNotice({ camera, status, onDownload }: Props) {
  const t = useT();
  if (status.kind === 'idle' || status.kind === 'ready') return null;
  return (
    <div className={status.kind === 'unsupported' ? classes.banner : classes.notice} role="status">
      {status.kind === 'loading' && <Loader size="sm" color="gray" aria-label={t('common.loading')} />}
      {status.kind === 'nothingRecorded' && <b>{t('playback.nothing')}</b>}
      {status.kind === 'failed' && (
        <>
          <b>{t('playback.failed')}</b>
          <p>{status.message}</p>
        </>
      )}
      {status.kind === 'unsupported' && (
        <>
          <b>{t('media.unsupported', { codec: codecName(camera.state.codec ?? '') || t('media.thisFormat') })}</b>
          <p>{t('media.unsupportedPlayback')}</p>
          <Button size="xs" onClick={onDownload}>
            {t('download.button')}
          </Button>
        </>
      )}
    </div>
  );
}
