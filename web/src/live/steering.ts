// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** Seconds of media, in one time line. */
export interface Interval {
  start: number;
  end: number;
}

export interface Playing {
  position: number;
  /** What is buffered, in order. */
  buffered: Interval[];
  /** The stream has only just begun: what came at once since the last random access point is the past. */
  entering: boolean;
}

export interface Steering {
  /** Jump here first. */
  seekTo?: number;
  rate: number;
  /** Everything before this may leave the buffer. */
  trimBefore?: number;
}

/** Behind by more than this plays a little faster: what the eye does not notice and the ear hardly. */
const lateSeconds = 0.5;
/** Behind by more than this is not worth catching up: jump. */
const lostSeconds = 2;
/** Where a jump lands and catching up ends, before the end: the jitter that a pause in arrival may have. */
const targetSeconds = 0.2;
const catchUpRate = 1.1;
/** Kept behind the position, so that the decoder still has its random access point. */
const keepSeconds = 12;
/** Trimming is work: not for less than this. */
const trimStepSeconds = 8;

/**
 * Keeps a live picture close to now: what to do with a player that stands at `position` with this much buffered.
 * @param rate the present playback rate, so that catching up goes on until the target and not only to the limit
 */
export function steer({ position, buffered, entering }: Playing, rate: number): Steering {
  const first = buffered[0];
  const last = buffered.at(-1);
  if (!first || !last) return { rate: 1 };

  const trim = position - first.start > keepSeconds + trimStepSeconds ? { trimBefore: position - keepSeconds } : {};
  // Before the last piece (a break in the media, or the very first data) the player would wait for ever.
  const outside = position < last.start || position > last.end + lostSeconds;
  const behind = last.end - position;
  if (outside || behind > (entering ? lateSeconds : lostSeconds)) {
    return { seekTo: Math.max(last.start, last.end - targetSeconds), rate: 1, ...trim };
  }
  const hurry = rate > 1 ? behind > targetSeconds : behind > lateSeconds;
  return { rate: hurry ? catchUpRate : 1, ...trim };
}
