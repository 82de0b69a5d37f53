// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { MediaSourceClass } from '../media/mediaSource';
import { CushionMeter } from './CushionMeter';
import { firstRestSeconds, type Interval, restAfterStall, steer } from './steering';

/** Fragments that wait for the source buffer, in bytes; above it the decoder has lost touch and a new start is cheaper. */
const queueLimitBytes = 16 * 1024 * 1024;
/** For so long after the first append, media arrives faster than it is played, in milliseconds. */
const enteringMs = 1500;

/**
 * One run of one format into one video element: fragments go in at one end, the element stays close to now.
 * Never repaired: on any fault `onFault` is called once, and the owner makes a new one.
 */
export class Pump {
  private readonly video: HTMLVideoElement;
  private readonly onFault: (reason: string) => void;
  private readonly url: string;
  private readonly media: MediaSource;
  private buffer: SourceBuffer | undefined;
  private readonly queue: Uint8Array<ArrayBuffer>[] = [];
  private queuedBytes = 0;
  private begunMs: number | undefined;
  private readonly cushion = new CushionMeter();
  private rest = firstRestSeconds;
  private closed = false;

  constructor(video: HTMLVideoElement, mimeType: string, onFault: (reason: string) => void) {
    if (!MediaSourceClass) throw new Error('no Media Source in this browser');
    this.video = video;
    this.onFault = onFault;
    this.media = new MediaSourceClass();
    this.media.addEventListener('sourceopen', () => this.open(mimeType), { once: true });
    video.addEventListener('error', this.onVideoError);
    video.addEventListener('waiting', this.onWaiting);
    // Without this, Safari's managed source never opens.
    video.disableRemotePlayback = true;
    this.url = URL.createObjectURL(this.media);
    video.src = this.url;
  }

  push(fragment: ArrayBuffer): void {
    const end = this.buffered().at(-1)?.end;
    if (end !== undefined) this.cushion.add(performance.now(), end - this.video.currentTime);
    this.queue.push(new Uint8Array(fragment));
    this.queuedBytes += fragment.byteLength;
    if (this.queuedBytes > queueLimitBytes) this.fault('the decoder does not follow');
    else this.drain();
  }

  /** Brings the element to the newest picture, as after a time in the background. */
  catchUp(): void {
    const last = this.buffered().at(-1);
    if (last) this.video.currentTime = Math.max(last.start, last.end - 0.1);
    this.cushion.reset();
    void this.video.play().catch(() => undefined);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.video.removeEventListener('error', this.onVideoError);
    this.video.removeEventListener('waiting', this.onWaiting);
    URL.revokeObjectURL(this.url);
    this.queue.length = 0;
  }

  private readonly onVideoError = () => this.fault(this.video.error?.message ?? 'decoding failed');

  private readonly onWaiting = () => {
    // A jump makes it wait too, and so does the beginning: those say nothing.
    const entering = this.begunMs === undefined || performance.now() - this.begunMs < enteringMs;
    if (!entering && !this.video.seeking) this.rest = restAfterStall(this.rest);
  };

  private fault(reason: string): void {
    if (this.closed) return;
    this.close();
    this.onFault(reason);
  }

  private open(mimeType: string): void {
    if (this.closed) return;
    try {
      this.buffer = this.media.addSourceBuffer(mimeType);
      this.buffer.addEventListener('updateend', () => {
        this.follow();
        this.drain();
      });
      this.buffer.addEventListener('error', () => this.fault('the fragment is refused'));
      this.drain();
    } catch (error) {
      this.fault(String(error));
    }
  }

  /** Appends all that waits in one piece: one task of the decoder instead of one for each fragment. */
  private drain(): void {
    const buffer = this.buffer;
    if (!buffer || buffer.updating || this.queue.length === 0 || this.closed || this.media.readyState !== 'open')
      return;
    const piece = this.queue.length === 1 && this.queue[0] ? this.queue[0] : join(this.queue, this.queuedBytes);
    try {
      buffer.appendBuffer(piece);
      this.queue.length = 0;
      this.queuedBytes = 0;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') this.makeRoom(buffer);
      else this.fault(String(error));
    }
  }

  private makeRoom(buffer: SourceBuffer): void {
    const first = this.buffered()[0];
    const upTo = this.video.currentTime - 1;
    if (first && upTo > first.start) buffer.remove(0, upTo);
    else this.fault('the buffer is full');
  }

  private follow(): void {
    const { video, buffer } = this;
    if (!buffer || this.closed) return;
    const now = performance.now();
    this.begunMs ??= now;
    const entering = now - this.begunMs < enteringMs;
    const cushion = this.cushion.read(now);
    const playing = {
      position: video.currentTime,
      buffered: this.buffered(),
      entering,
      rest: this.rest,
      ...(cushion ? { cushion } : {}),
    };
    const steering = steer(playing, video.playbackRate);
    if (steering.seekTo !== undefined) {
      video.currentTime = steering.seekTo;
      this.cushion.reset();
    }
    if (video.playbackRate !== steering.rate) {
      video.playbackRate = steering.rate;
      if (steering.rate === 1) this.cushion.reset();
    }
    if (video.paused && !document.hidden) void video.play().catch(() => undefined);
    if (steering.trimBefore !== undefined && !buffer.updating) buffer.remove(0, steering.trimBefore);
  }

  private buffered(): Interval[] {
    const ranges = this.buffer && this.media.readyState === 'open' ? this.buffer.buffered : undefined;
    return Array.from({ length: ranges?.length ?? 0 }, (_, i) => ({
      start: ranges?.start(i) ?? 0,
      end: ranges?.end(i) ?? 0,
    }));
  }
}

function join(parts: Uint8Array[], totalBytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(totalBytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
