// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useCallback, useEffect, useRef, useState } from 'react';
import { links } from '../api/client';
import type { Camera } from '../api/types';
import { useShortcuts } from '../app/shortcuts';
import { mayPlayCodec } from '../media/mediaSource';
import { HoldDialog } from '../retention/HoldDialog';
import { Timeline } from '../timeline/Timeline';
import { useRecorded } from '../timeline/useRecorded';
import { clampView, contains, day, follow, hour, pan, second, spanOf, type View, zoom } from '../timeline/view';
import { iso, localDateTime } from '../ui/format';
import { toggleFullScreen } from '../ui/fullScreen';
import { DownloadDialog } from './DownloadDialog';
import { GapList } from './GapList';
import { type Marks, markedRange } from './marks';
import classes from './Playback.module.css';
import { PlaybackBar } from './PlaybackBar';
import { PlaybackNotice } from './PlaybackNotice';
import { PlaybackPlayer, type PlaybackStatus } from './PlaybackPlayer';
import { Still } from './Still';
import { savePicture } from './savePicture';
import { Transport } from './Transport';
import { useSearch } from './useSearch';

interface Props {
  camera: Camera;
  cameras: Camera[];
  beginAt: number | undefined;
}

/** Without a wish, playing begins a little back from now: that much is surely on the disk. */
const justNowMs = 30 * second;
const seekStepMs = 10 * second;
/** For stepping when the camera has not told its frame rate. */
const usualFrameRate = 25;

/** The recordings of one camera: picture, controls and timeline, held together by one instant of wall time. */
export function Playback({ camera, cameras, beginAt }: Props) {
  const { id } = camera;
  const stage = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const player = useRef<PlaybackPlayer>(null);
  const [begin] = useState(() => beginAt ?? Date.now() - justNowMs);
  const [view, setView] = useState<View>(() =>
    clampView({ from: begin - 0.8 * day, to: begin + 0.2 * day }, Date.now()),
  );
  // Where nothing can be played, the chosen instant stands for the picture: for the still, the download and the marks.
  const supported = mayPlayCodec(camera.state.codec);
  const [at, setAt] = useState(supported ? undefined : begin);
  const [status, setStatus] = useState<PlaybackStatus>({ kind: 'idle' });
  const [playing, setPlaying] = useState(false);
  const [rate, setRate] = useState(1);
  const [muted, setMuted] = useState(true);
  const [marks, setMarks] = useState<Marks>({});
  const [download, setDownload] = useState(false);
  const [hold, setHold] = useState(false);
  const recorded = useRecorded(id, view);
  const { findPlayable, findNeighbour } = useSearch(id);

  useEffect(() => {
    const element = video.current;
    if (!element || !supported) return;
    const source = {
      playlist: (from: number, to: number) => links.playback(id, iso(from), iso(to)),
      playable: findPlayable,
    };
    const current = new PlaybackPlayer(element, source, setStatus);
    player.current = current;
    current.seek(begin);
    void element.play().catch(() => undefined);
    return () => {
      current.close();
      player.current = null;
    };
  }, [id, begin, findPlayable, supported]);

  // Ten times a second is as fast as a clock can be read; the picture does not depend on it.
  useEffect(() => {
    let last: number | undefined;
    const timer = window.setInterval(() => {
      const next = player.current?.wallTime();
      if (next === undefined || next === last) return;
      if (last !== undefined) setView((old) => follow(old, last ?? next, next));
      last = next;
      setAt(next);
    }, 100);
    return () => window.clearInterval(timer);
  }, []);

  const show = useCallback((instant: number) => {
    setView((old) =>
      contains(old, instant) ? old : clampView(pan(old, instant - (old.from + spanOf(old) / 2)), Date.now()),
    );
  }, []);
  const seek = useCallback(
    (instant: number) => {
      const target = Math.min(instant, Date.now() - second);
      if (!supported) setAt(target);
      player.current?.seek(target);
      show(target);
    },
    [show, supported],
  );
  const pick = (instant: number) => {
    seek(instant);
    void video.current?.play().catch(() => undefined);
  };
  const skip = async (direction: 1 | -1) => {
    const next = await findNeighbour(at ?? begin, direction).catch(() => undefined);
    if (next !== undefined) seek(next);
  };
  const togglePlaying = () => {
    const element = video.current;
    if (element?.paused) void element.play().catch(() => undefined);
    else element?.pause();
  };
  const step = (direction: 1 | -1) => {
    const element = video.current;
    if (!element) return;
    element.pause();
    element.currentTime += direction / (camera.state.frameRate || usualFrameRate);
  };
  const changeView = useCallback((next: View) => setView(clampView(next, Date.now())), []);
  const zoomBy = (factor: number) => {
    const anchor = at !== undefined && contains(view, at) ? at : (view.from + view.to) / 2;
    changeView(zoom(view, anchor, factor));
  };
  const changeRate = (next: number) => {
    setRate(next);
    if (video.current) video.current.playbackRate = next;
  };
  const mark = (edge: 'from' | 'to') => at !== undefined && setMarks((old) => ({ ...old, [edge]: at }));

  useShortcuts({
    Space: togglePlaying,
    ArrowLeft: () => at !== undefined && seek(at - seekStepMs),
    ArrowRight: () => at !== undefined && seek(at + seekStepMs),
    'Shift+ArrowLeft': () => changeView(pan(view, -spanOf(view) / 4)),
    'Shift+ArrowRight': () => changeView(pan(view, spanOf(view) / 4)),
    ',': () => step(-1),
    '.': () => step(1),
    '+': () => zoomBy(0.5),
    '=': () => zoomBy(0.5),
    '-': () => zoomBy(2),
    PageUp: () => void skip(-1),
    PageDown: () => void skip(1),
    i: () => mark('from'),
    o: () => mark('to'),
    d: () => setDownload(true),
    f: () => toggleFullScreen(stage.current),
  });

  const marked = markedRange(marks);
  // Without marks: what is on screen when that is a clip, otherwise five minutes around the picture.
  const range =
    marked ?? (spanOf(view) <= hour ? view : { from: (at ?? begin) - 150_000, to: (at ?? begin) + 150_000 });
  return (
    <div className={classes.page}>
      <PlaybackBar
        {...{ camera, cameras, view, at }}
        onDay={(from) => changeView({ from, to: from + day })}
        onZoom={zoomBy}
        onDownload={() => setDownload(true)}
        onHold={() => setHold(true)}
      />
      <div
        ref={stage}
        className={classes.stage}
        data-status={status.kind}
        data-at={at === undefined ? undefined : iso(at)}
      >
        <video
          ref={video}
          className={classes.video}
          muted={muted}
          playsInline
          aria-label={camera.name}
          onClick={togglePlaying}
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          // Every new playlist puts the speed of the element back to 1.
          onLoadedMetadata={() => changeRate(rate)}
        />
        {!supported && at !== undefined && <Still cameraId={id} at={at} />}
        <PlaybackNotice
          camera={camera}
          status={supported ? status : { kind: 'unsupported' }}
          onDownload={() => setDownload(true)}
        />
      </div>
      <Transport
        {...{ at, playing, rate, muted, marks }}
        hasAudio={camera.state.audioCodec !== null}
        onTogglePlaying={togglePlaying}
        onStep={step}
        onSkip={(direction) => void skip(direction)}
        onRate={changeRate}
        onToggleMuted={() => setMuted(!muted)}
        onMark={mark}
        onClearMarks={() => setMarks({})}
        onSavePicture={() =>
          video.current && at !== undefined && savePicture(video.current, `${camera.name} ${localDateTime(at, true)}`)
        }
        onFullScreen={() => toggleFullScreen(stage.current)}
      />
      <Timeline cameraId={id} {...{ view, recorded }} playhead={at} mark={marked} onView={changeView} onPick={pick} />
      <GapList view={view} recorded={recorded} onPick={(instant) => seek(instant)} />
      {download && <DownloadDialog camera={camera} range={range} onClose={() => setDownload(false)} />}
      {hold && <HoldDialog {...{ camera, cameras, range }} onClose={() => setHold(false)} />}
    </div>
  );
}
