// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, Button, Select, TextInput, Tooltip } from '@mantine/core';
import type { Camera } from '../api/types';
import { go } from '../app/router';
import { useT } from '../i18n/i18n';
import { day, type View } from '../timeline/view';
import { iso, localDate } from '../ui/format';
import { DownloadIcon, HoldIcon, MinusIcon, NextIcon, PlusIcon, PreviousIcon } from '../ui/icons';
import classes from './Playback.module.css';

interface Props {
  camera: Camera;
  cameras: Camera[];
  view: View;
  at: number | undefined;
  /** The local day that begins at this instant. */
  onDay: (from: number) => void;
  onZoom: (factor: number) => void;
  onDownload: () => void;
  onHold: () => void;
}

/** Which camera, which day, how close. Changing the camera keeps the instant: what did the other one see? */
export function PlaybackBar({ camera, cameras, view, at, onDay, onZoom, onDownload, onHold }: Props) {
  const t = useT();
  const date = localDate(at !== undefined && at >= view.from && at < view.to ? at : (view.from + view.to) / 2);
  const toDay = (text: string, days = 0) => {
    const [year = 0, month = 1, dayOfMonth = 1] = text.split('-').map(Number);
    const from = new Date(year, month - 1, dayOfMonth + days).getTime();
    if (!Number.isNaN(from)) onDay(from);
  };
  const isToday = localDate(Date.now()) === date;

  return (
    <div className={classes.bar}>
      <Select
        size="xs"
        className={classes.cameras ?? ''}
        aria-label={t('playback.camera')}
        searchable
        allowDeselect={false}
        value={camera.id}
        data={cameras.map(({ id, name, removed }) => ({
          value: id,
          label: removed ? t('camera.removedLabel', { name }) : name,
        }))}
        onChange={(id) => {
          if (id === null || id === camera.id) return;
          go(`/playback/${encodeURIComponent(id)}${at === undefined ? '' : `?at=${iso(at)}`}`);
        }}
      />
      <div className={classes.group}>
        <ActionIcon aria-label={t('playback.previousDay')} onClick={() => toDay(date, -1)}>
          <PreviousIcon />
        </ActionIcon>
        <TextInput
          size="xs"
          type="date"
          aria-label={t('playback.day')}
          value={date}
          max={localDate(Date.now() + day)}
          onChange={(event) => toDay(event.currentTarget.value)}
        />
        <ActionIcon aria-label={t('playback.nextDay')} disabled={isToday} onClick={() => toDay(date, 1)}>
          <NextIcon />
        </ActionIcon>
      </div>
      <div className={`${classes.group} ${classes.end}`}>
        <Tooltip label={t('playback.zoomOut')}>
          <ActionIcon aria-label={t('playback.zoomOut')} onClick={() => onZoom(2)}>
            <MinusIcon />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={t('playback.zoomIn')}>
          <ActionIcon aria-label={t('playback.zoomIn')} onClick={() => onZoom(0.5)}>
            <PlusIcon />
          </ActionIcon>
        </Tooltip>
        <Button size="xs" variant="default" px="xs" aria-label={t('hold.add')} onClick={onHold}>
          <HoldIcon />
          <span className={classes.wide}>&nbsp;{t('hold.button')}</span>
        </Button>
        <Button size="xs" variant="default" px="xs" aria-label={t('download.button')} onClick={onDownload}>
          <DownloadIcon />
          <span className={classes.wide}>&nbsp;{t('download.button')}</span>
        </Button>
      </div>
    </div>
  );
}
