// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type TextKey, useT } from '../i18n/i18n';
import { duration, localDate, localTime, utcDateTime } from '../ui/format';
import {
  CrossIcon,
  FullscreenIcon,
  MarkInIcon,
  MarkOutIcon,
  MuteIcon,
  NextSpanIcon,
  PauseIcon,
  PictureIcon,
  PlayIcon,
  PreviousSpanIcon,
  SoundIcon,
  StepBackIcon,
  StepForwardIcon,
} from '../ui/icons';
import { type Marks, markedRange } from './marks';
import classes from './Playback.module.css';

const rates = [0.5, 1, 2, 4, 8];

interface Props {
  at: number | undefined;
  playing: boolean;
  rate: number;
  muted: boolean;
  hasAudio: boolean;
  marks: Marks;
  onTogglePlaying: () => void;
  onStep: (direction: 1 | -1) => void;
  onSkip: (direction: 1 | -1) => void;
  onRate: (rate: number) => void;
  onToggleMuted: () => void;
  onMark: (edge: 'from' | 'to') => void;
  onClearMarks: () => void;
  onSavePicture: () => void;
  onFullScreen: () => void;
}

/** The clock of the picture and the buttons around it. */
export function Transport(props: Props) {
  const t = useT();
  const { at, playing, marks } = props;
  const marked = markedRange(marks);

  return (
    <div className={classes.transport}>
      <time
        className={`num ${classes.clock}`}
        title={at === undefined ? undefined : utcDateTime(at)}
        dateTime={at === undefined ? undefined : new Date(at).toISOString()}
      >
        <span>{at === undefined ? '' : localDate(at)}</span> <b>{at === undefined ? '–' : localTime(at, !playing)}</b>
      </time>
      <div className={classes.group}>
        <Tool text="playback.previousSpan" onClick={() => props.onSkip(-1)} icon={<PreviousSpanIcon />} />
        <Tool text="playback.stepBack" onClick={() => props.onStep(-1)} icon={<StepBackIcon />} />
        <ActionIcon
          size="lg"
          variant="filled"
          color="accent"
          aria-label={t(playing ? 'playback.pause' : 'playback.play')}
          onClick={props.onTogglePlaying}
        >
          {playing ? <PauseIcon /> : <PlayIcon />}
        </ActionIcon>
        <Tool text="playback.stepForward" onClick={() => props.onStep(1)} icon={<StepForwardIcon />} />
        <Tool text="playback.nextSpan" onClick={() => props.onSkip(1)} icon={<NextSpanIcon />} />
      </div>
      <div className={`${classes.group} ${classes.end}`}>
        <NativeSelect
          size="xs"
          aria-label={t('playback.speed')}
          value={String(props.rate)}
          data={rates.map((value) => ({ value: String(value), label: `${value}×` }))}
          onChange={(event) => props.onRate(Number(event.currentTarget.value))}
        />
        {marked && <span className={`num ${classes.marked}`}>{duration((marked.to - marked.from) / 1000)}</span>}
        <Tool
          text="playback.markIn"
          on={marks.from !== undefined}
          onClick={() => props.onMark('from')}
          icon={<MarkInIcon />}
        />
        <Tool
          text="playback.markOut"
          on={marks.to !== undefined}
          onClick={() => props.onMark('to')}
          icon={<MarkOutIcon />}
        />
        {(marks.from !== undefined || marks.to !== undefined) && (
          <Tool text="playback.clearMarks" onClick={props.onClearMarks} icon={<CrossIcon />} />
        )}
        <Tool text="playback.savePicture" onClick={props.onSavePicture} icon={<PictureIcon />} />
        {props.hasAudio && (
          <Tool
            text={props.muted ? 'live.soundOn' : 'live.soundOff'}
            onClick={props.onToggleMuted}
            icon={props.muted ? <MuteIcon /> : <SoundIcon />}
          />
        )}
        <Tool text="help.fullScreen" onClick={props.onFullScreen} icon={<FullscreenIcon />} />
      </div>
    </div>
  );
}

function Tool({ text, icon, on, onClick }: { text: TextKey; icon: ReactNode; on?: boolean; onClick: () => void }) {
  const t = useT();
  return (
    <Tooltip label={t(text)}>
      <ActionIcon
        size="lg"
        variant={on ? 'light' : 'subtle'}
        color={on ? 'accent' : 'gray'}
        aria-label={t(text)}
        aria-pressed={on}
        onClick={onClick}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
