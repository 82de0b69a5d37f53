// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { Loader } from '@mantine/core';
import type { Camera } from '../api/types';
import { Link } from '../app/Link';
import { codecName } from '../cameras/describe';
import { useT } from '../i18n/i18n';
import classes from './Live.module.css';
import type { LiveStatus } from './LivePlayer';

/** Why there is no picture, in the middle of the tile. Nothing while there is one. */
export function TileNotice({ camera, status, small }: { camera: Camera; status: LiveStatus; small: boolean }) {
  const t = useT();
  switch (status.kind) {
    case 'playing':
      return null;
    case 'connecting':
      return (
        <div className={classes.notice} role="status">
          <Loader size="sm" color="gray" aria-label={t('phase.connecting')} />
        </div>
      );
    case 'unsupported':
      return (
        <div className={classes.notice} role="status">
          <b>{t('media.unsupported', { codec: codecName(status.codec || (camera.state.codec ?? '')) })}</b>
          {!small && <p>{t('media.unsupportedLive')}</p>}
          <Link to={`/playback/${encodeURIComponent(camera.id)}`}>{t('media.toRecordings')}</Link>
        </div>
      );
    case 'offline': {
      const message = status.message || camera.state.lastError?.message;
      return (
        <div className={classes.notice} role="status">
          <b>{t(`phase.${status.phase}`)}</b>
          {message && <p>{message}</p>}
        </div>
      );
    }
  }
}
