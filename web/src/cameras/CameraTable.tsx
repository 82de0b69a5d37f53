// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Tooltip } from '@mantine/core';
import type { Camera } from '../api/types';
import { Link } from '../app/Link';
import { useI18n } from '../i18n/i18n';
import { bitrate } from '../ui/format';
import { EditIcon, TimelineIcon, TrashIcon } from '../ui/icons';
import { When } from '../ui/When';
import classes from './Cameras.module.css';
import { formatText, troubleOf } from './describe';
import { StateBadge } from './StateBadge';

interface Props {
  cameras: Camera[];
  onEdit: (camera: Camera) => void;
  onRemove: (camera: Camera) => void;
}

/** A table on a desk; on a phone the style sheet turns every row into a card. */
export function CameraTable({ cameras, onEdit, onRemove }: Props) {
  const { t } = useI18n();
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>{t('camera.column.camera')}</th>
          <th>{t('camera.column.state')}</th>
          <th>{t('camera.column.format')}</th>
          <th className={classes.right}>{t('camera.column.rate')}</th>
          <th className={classes.right}>{t('camera.column.drift')}</th>
          <th>
            <span className={classes.hidden}>{t('camera.column.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cameras.map((camera) => (
          <Row key={camera.id} camera={camera} onEdit={() => onEdit(camera)} onRemove={() => onRemove(camera)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ camera, onEdit, onRemove }: { camera: Camera; onEdit: () => void; onRemove: () => void }) {
  const { t, locale } = useI18n();
  const { state, name } = camera;
  const playback = t('camera.showPlayback', { name });
  const [edit, remove] = [t('camera.edit', { name }), t('camera.remove', { name })];
  const trouble = troubleOf(camera, Date.now());
  const tone = state.phase === 'streaming' ? classes.warning : classes.error;

  return (
    <tr data-camera={camera.id}>
      <td>
        <div className={classes.name}>{name}</div>
        <div className={classes.url}>{camera.url}</div>
      </td>
      <td>
        <StateBadge camera={camera} />
        {trouble && (
          <div className={tone}>
            {trouble.message} · <When at={trouble.at} />
          </div>
        )}
      </td>
      <td className="num">{formatText(state) || '–'}</td>
      <td className={`num ${classes.right}`} data-label={t('camera.column.rate')}>
        {state.bitrate > 0 ? bitrate(state.bitrate, locale) : '–'}
      </td>
      <td className={`num ${classes.right}`} data-label={t('camera.column.drift')}>
        {state.driftPpm === null ? '–' : t('camera.drift', { ppm: Math.round(state.driftPpm) })}
      </td>
      <td className={classes.actions}>
        <Tooltip label={playback}>
          <ActionIcon component={Link} to={`/playback/${encodeURIComponent(camera.id)}`} aria-label={playback}>
            <TimelineIcon />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={edit}>
          <ActionIcon aria-label={edit} onClick={onEdit}>
            <EditIcon />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={remove}>
          <ActionIcon aria-label={remove} onClick={onRemove}>
            <TrashIcon />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  );
}
