// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import Hls, { type ErrorData, ErrorDetails, ErrorTypes, Events, type LevelDetails } from 'hls.js';
import { backoffMs } from '../ui/backoff';
import { positionAt, type Segment, wallAt } from './wallClock';
import { type PlaylistWindow, windowAfter, windowAround } from './window';

export type PlaybackStatus =
  | { kind: 'idle' }
  | { kind: 'loading' }
  | { kind: 'ready' }
  | { kind: 'nothingRecorded' }
  | { kind: 'unsupported' }
  | { kind: 'failed'; message: string };

export interface PlaybackSource {
  /** The address of the playlist for a range, in milliseconds. */
  playlist: (from: number, to: number) => string;
  /** Where something is recorded at or after an instant, or else the last seconds before it. */
  playable: (at: number) => Promise<number | undefined>;
}

const mostRetries = 5;
/** Where nothing is recorded so near to the present, it is asked again: something may be on its way to the disk. */
const freshMs = 120_000;
const againMs = 3000;
/** Before the first segment by more than this is another window. */
const leadMs = 2000;

/**
 * Plays the recordings of one camera in one video element, told by wall time. Loads one playlist window at a time and
 * goes on into the next one by itself. The owner of the player owns the element and its play and pause.
 */
export class PlaybackPlayer {
  private readonly video: HTMLVideoElement;
  private readonly source: PlaybackSource;
  private readonly onStatus: (status: PlaybackStatus) => void;
  private hls: Hls | undefined;
  private window: PlaylistWindow | undefined;
  private details: LevelDetails | undefined;
  /** Where to begin once the playlist is here. */
  private target = 0;
  private retries = 0;
  private retry: number | undefined;
  private recovered = false;
  private closed = false;
  /** What the viewer wants: the element forgets it with every new source. */
  private playing = false;
  /** Counts loads: an answer to a question of before is not for the present one. */
  private loads = 0;

  constructor(video: HTMLVideoElement, source: PlaybackSource, onStatus: (status: PlaybackStatus) => void) {
    this.video = video;
    this.source = source;
    this.onStatus = onStatus;
    video.addEventListener('ended', this.onEnded);
    video.addEventListener('playing', this.onPlaying);
    video.addEventListener('canplay', this.onPicture);
    video.addEventListener('play', this.onPlay);
    video.addEventListener('pause', this.onPause);
  }

  close(): void {
    this.closed = true;
    this.video.removeEventListener('ended', this.onEnded);
    this.video.removeEventListener('playing', this.onPlaying);
    this.video.removeEventListener('canplay', this.onPicture);
    this.video.removeEventListener('play', this.onPlay);
    this.video.removeEventListener('pause', this.onPause);
    this.unload();
    this.video.removeAttribute('src');
    this.video.load();
  }

  /** The wall time of the picture on screen; undefined before there is one. */
  wallTime(): number | undefined {
    return this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA
      ? undefined
      : wallAt(this.segments(), this.video.currentTime);
  }

  /** Shows the picture of an instant, from what is loaded where that is possible. Playing goes on when it was on. */
  seek(at: number): void {
    const position = positionAt(this.segments(), at, leadMs);
    if (position !== undefined && this.hls) this.video.currentTime = position;
    else this.load(windowAround(at, Date.now()), at);
  }

  private load(window: PlaylistWindow, at: number): void {
    this.unload();
    if (!Hls.isSupported()) {
      this.onStatus({ kind: 'unsupported' });
      return;
    }
    this.loads++;
    this.window = window;
    this.target = at;
    this.onStatus({ kind: 'loading' });
    const hls = new Hls({
      autoStartLoad: false,
      // The segments are fMP4 already: there is nothing to repackage that would be worth a worker.
      enableWorker: false,
      // At eight times the speed, 60 s are gone in 8 s.
      maxBufferLength: 60,
      backBufferLength: 60,
    });
    let started = false;
    // Comes for the first playlist and for every newer one of a growing window.
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      this.details = details;
      if (started) return;
      started = true;
      hls.startLoad(positionAt(this.segments(), this.target) ?? 0);
    });
    hls.on(Events.ERROR, (_, data) => this.onError(data));
    hls.loadSource(this.source.playlist(window.from, window.to));
    hls.attachMedia(this.video);
    this.hls = hls;
    // An element that gets another source stands still without a word: what the viewer wanted goes on.
    if (this.playing) void this.video.play().catch(() => undefined);
  }

  private unload(): void {
    window.clearTimeout(this.retry);
    this.hls?.destroy();
    this.hls = undefined;
    this.details = undefined;
    this.window = undefined;
    this.recovered = false;
  }

  private segments(): Segment[] {
    return (this.details?.fragments ?? []).flatMap(({ start, duration, programDateTime }) =>
      programDateTime === null ? [] : [{ start, duration, wall: programDateTime }],
    );
  }

  private readonly onPlaying = () => {
    this.retries = 0;
    this.onStatus({ kind: 'ready' });
  };

  /** Also without playing: a viewer who paused and looks at another hour sees its picture. */
  private readonly onPicture = () => this.onStatus({ kind: 'ready' });

  private readonly onPlay = () => {
    this.playing = true;
  };

  private readonly onPause = () => {
    this.playing = false;
  };

  /** The window is played to its end: the next one, unless the present has been reached. */
  private readonly onEnded = () => {
    const last = this.window;
    if (!last || last.to > Date.now()) return;
    this.load(windowAfter(last, Date.now()), last.to);
    void this.video.play().catch(() => undefined);
  };

  private onError(data: ErrorData): void {
    const cannotDecode =
      data.details === ErrorDetails.BUFFER_ADD_CODEC_ERROR ||
      data.details === ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR ||
      data.details === ErrorDetails.BUFFER_INCOMPATIBLE_CODECS_ERROR;
    if (cannotDecode) {
      this.unload();
      this.onStatus({ kind: 'unsupported' });
      return;
    }
    const at = this.wallTime() ?? this.target;
    const empty = data.details === ErrorDetails.LEVEL_EMPTY_ERROR;
    if (!data.fatal && !empty) return;
    if (data.response?.code === 404 || empty) {
      void this.skipTo(at);
    } else if (data.type === ErrorTypes.MEDIA_ERROR && !this.recovered) {
      this.recovered = true;
      this.hls?.recoverMediaError();
    } else if (this.retries < mostRetries) {
      const window = this.window ?? windowAround(at, Date.now());
      this.unload();
      this.onStatus({ kind: 'loading' });
      this.retry = globalThis.window.setTimeout(() => this.load(window, at), backoffMs(this.retries++, Math.random()));
    } else {
      this.unload();
      this.onStatus({ kind: 'failed', message: data.error.message });
    }
  }

  /** Nothing is recorded in the window: goes where something is. */
  private async skipTo(at: number): Promise<void> {
    this.unload();
    const load = this.loads;
    let next: number | undefined;
    try {
      next = await this.source.playable(at);
    } catch (error) {
      if (this.closed || this.loads !== load) return;
      this.onStatus({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
      return;
    }
    if (this.closed || this.loads !== load) return;
    // The server has nothing where it said there was something: retention may have taken it between the two questions.
    if (next === undefined || this.retries >= mostRetries) {
      this.onStatus({ kind: 'nothingRecorded' });
      // A camera that has just been added has its first segment soon.
      if (Date.now() - at < freshMs) {
        this.retry = globalThis.window.setTimeout(() => this.load(windowAround(at, Date.now()), at), againMs);
      }
      return;
    }
    this.retries++;
    this.load(windowAround(next, Date.now()), next);
  }
}
