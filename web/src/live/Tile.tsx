// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { ActionIcon } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { links } from '../api/client';
import type { Camera } from '../api/types';
import { Link } from '../app/Link';
import { useI18n } from '../i18n/i18n';
import { canPlay } from '../media/mediaSource';
import { bitrate } from '../ui/format';
import { toggleFullScreen } from '../ui/fullScreen';
import { FullscreenIcon, MuteIcon, SoundIcon, TimelineIcon } from '../ui/icons';
import classes from './Live.module.css';
import { LivePlayer, type LiveStatus } from './LivePlayer';
import { TileNotice } from './TileNotice';

interface Props {
  camera: Camera;
  small: boolean;
  onToggleSingle: () => void;
}

/** One live picture with its state on it. */
export function Tile({ camera, small, onToggleSingle }: Props) {
  const { t, locale } = useI18n();
  const { id, name, state } = camera;
  const frame = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [status, setStatus] = useState<LiveStatus>({ kind: 'connecting' });
  const [muted, setMuted] = useState(true);

  // Known beforehand: then not even a connection is tried. A format that is not yet known is told by the stream itself.
  const refused = state.mimeType !== null && !canPlay(state.mimeType);
  const off = state.phase === 'disabled';
  useEffect(() => {
    const element = video.current;
    if (!element || refused || off) return;
    const player = new LivePlayer(element, links.live(id), (next) =>
      setStatus((old) => (old.kind === next.kind && old.kind !== 'offline' ? old : next)),
    );
    return () => player.close();
  }, [id, refused, off]);

  const shown: LiveStatus = off
    ? { kind: 'offline', phase: 'disabled', message: '' }
    : refused
      ? { kind: 'unsupported', codec: state.codec ?? '' }
      : status;
  const hasAudio = state.audioCodec !== null && shown.kind === 'playing';

  return (
    <figure ref={frame} className={classes.tile} data-status={shown.kind} data-camera={id} aria-label={name}>
      {/* The double click has a keyboard twin: the layout keys and the full screen button. */}
      <video ref={video} className={classes.video} muted={muted} autoPlay playsInline onDoubleClick={onToggleSingle} />
      <TileNotice camera={camera} status={shown} small={small} />
      <figcaption className={classes.caption}>
        {state.recording && (
          <span
            className={classes.dot}
            role="img"
            aria-label={t('camera.recordingNow')}
            title={t('camera.recordingNow')}
          />
        )}
        <span className={classes.name}>{name}</span>
        {shown.kind === 'playing' && state.bitrate > 0 && (
          <span className={`num ${classes.rate}`}>{bitrate(state.bitrate, locale)}</span>
        )}
      </figcaption>
      <div className={classes.tools}>
        {hasAudio && (
          <ActionIcon aria-label={t(muted ? 'live.soundOn' : 'live.soundOff')} onClick={() => setMuted(!muted)}>
            {muted ? <MuteIcon /> : <SoundIcon />}
          </ActionIcon>
        )}
        <ActionIcon
          component={Link}
          to={`/playback/${encodeURIComponent(id)}`}
          aria-label={t('camera.showPlayback', { name })}
        >
          <TimelineIcon />
        </ActionIcon>
        <ActionIcon aria-label={t('live.fullScreen', { name })} onClick={() => toggleFullScreen(frame.current)}>
          <FullscreenIcon />
        </ActionIcon>
      </div>
    </figure>
  );
}
