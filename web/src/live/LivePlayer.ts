// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { Phase } from '../api/types';
import { canPlay } from '../media/mediaSource';
import { backoffMs } from '../ui/backoff';
import { Pump } from './Pump';

/** What a tile says about its picture. */
export type LiveStatus =
  | { kind: 'connecting' }
  | { kind: 'playing' }
  | { kind: 'offline'; phase: Phase; message: string }
  | { kind: 'unsupported'; codec: string };

type ServerMessage =
  | { type: 'init'; mimeType: string; width: number; height: number; codec: string }
  | { type: 'state'; phase: Phase; message: string | null };

/** Silence of a playing stream after which the connection counts as dead, though it has not been closed. */
const silenceMs = 6_000;
/** In the background for longer than this, nobody is looking: the stream is given back. */
const backgroundMs = 20_000;

/**
 * Shows one camera live in one video element until closed: connects, plays whatever format comes, and connects again by
 * itself with a bounded back-off after every kind of break. Owns the element's source; the owner of the player owns the
 * element. Decisions about delay are in steering.ts, one run of media is in Pump.ts.
 */
export class LivePlayer {
  private readonly video: HTMLVideoElement;
  private readonly url: string;
  private readonly onStatus: (status: LiveStatus) => void;
  private socket: WebSocket | undefined;
  private pump: Pump | undefined;
  private mimeType: string | undefined;
  private attempt = 0;
  private retry: number | undefined;
  private silence: number | undefined;
  private background: number | undefined;
  private closed = false;

  constructor(video: HTMLVideoElement, url: string, onStatus: (status: LiveStatus) => void) {
    this.video = video;
    this.url = url;
    this.onStatus = onStatus;
    document.addEventListener('visibilitychange', this.onVisibility);
    video.addEventListener('timeupdate', this.onAdvance);
    this.onStatus({ kind: 'connecting' });
    if (!document.hidden) this.connect();
  }

  close(): void {
    this.closed = true;
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.video.removeEventListener('timeupdate', this.onAdvance);
    window.clearTimeout(this.background);
    this.disconnect();
    this.video.removeAttribute('src');
    this.video.load();
  }

  private connect(): void {
    this.disconnect();
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event) => {
      if (typeof event.data === 'string') this.onText(JSON.parse(event.data) as ServerMessage);
      else this.onBinary(event.data as ArrayBuffer);
    };
    socket.onclose = () => this.restart();
    this.socket = socket;
  }

  private disconnect(): void {
    window.clearTimeout(this.retry);
    window.clearTimeout(this.silence);
    if (this.socket) {
      this.socket.onmessage = null;
      this.socket.onclose = null;
      this.socket.close();
      this.socket = undefined;
    }
    this.pump?.close();
    this.pump = undefined;
    this.mimeType = undefined;
  }

  private connectLater(): void {
    this.disconnect();
    if (this.closed || document.hidden) return;
    this.retry = window.setTimeout(() => this.connect(), backoffMs(this.attempt++, Math.random()));
  }

  private onText(message: ServerMessage): void {
    this.pump?.close();
    this.pump = undefined;
    this.mimeType = undefined;
    if (message.type === 'state') {
      // The server keeps the connection and sends an init when the camera is back: no silence is counted meanwhile.
      window.clearTimeout(this.silence);
      // A camera that streams and yet has no pictures for us sends what no browser plays live.
      if (message.phase === 'streaming') this.onStatus({ kind: 'unsupported', codec: '' });
      else this.onStatus({ kind: 'offline', phase: message.phase, message: message.message ?? '' });
      return;
    }
    if (!canPlay(message.mimeType)) {
      this.disconnect();
      this.onStatus({ kind: 'unsupported', codec: message.codec });
      return;
    }
    this.mimeType = message.mimeType;
  }

  private onBinary(data: ArrayBuffer): void {
    window.clearTimeout(this.silence);
    this.silence = window.setTimeout(() => this.restart(), silenceMs);
    if (this.mimeType === undefined) return;
    this.pump ??= new Pump(this.video, this.mimeType, () => this.restart());
    this.pump.push(data);
  }

  private restart(): void {
    this.onStatus({ kind: 'connecting' });
    this.connectLater();
  }

  private readonly onAdvance = () => {
    if (!this.pump || this.video.currentTime === 0) return;
    this.attempt = 0;
    this.onStatus({ kind: 'playing' });
  };

  private readonly onVisibility = () => {
    window.clearTimeout(this.background);
    if (document.hidden) {
      this.background = window.setTimeout(() => this.disconnect(), backgroundMs);
    } else if (this.socket?.readyState === WebSocket.OPEN) {
      this.pump?.catchUp();
    } else {
      this.attempt = 0;
      this.connect();
    }
  };
}
