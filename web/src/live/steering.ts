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
  /** What was left in the buffer when it was at its lowest; unknown before anything has arrived since the last jump. */
  cushion?: Cushion;
  /** Seconds of cushion to settle at; see `restAfterStall`. */
  rest: number;
}

/** Seconds left in the buffer at the least, just before the next data came. */
export interface Cushion {
  /** Over the last second: what a change of rate has done already. */
  recent: number;
  /** Over the last five seconds, unless fewer are known: what the arrival needs. */
  lasting?: number;
}

export interface Steering {
  /** Jump here first. */
  seekTo?: number;
  rate: number;
  /** Everything before this may leave the buffer. */
  trimBefore?: number;
}

/** What a run of media begins with as its `rest`. */
export const firstRestSeconds = 0.09;
/** More is not held back for browser or network: then pictures stand now and then. */
const longestRestSeconds = 0.5;
const restStepSeconds = 0.08;
/** A cushion above `rest` by this for five seconds is more than the arrival needs: play faster until `rest` is left. */
const largerSeconds = 0.06;
/** A cushion below this is about to be used up: play slower until there is `rest` again. */
const smallSeconds = 0.03;
/** What neither eye nor ear notices. */
const fasterRate = 1.05;
const slowerRate = 0.95;
/** Behind by more than this is not worth catching up: jump. */
const lostSeconds = 1;
/** The same while the past of the beginning comes. */
const enteringSeconds = 0.4;
/** Where a jump lands, before the end: `rest`, and one picture with its sound. */
const pictureSeconds = 0.06;
/** Kept behind the position, so that the decoder still has its random access point. */
const keepSeconds = 12;
/** Trimming is work: not for less than this. */
const trimStepSeconds = 8;

/**
 * Keeps a live picture close to now: what to do with a player that stands at `position` with this much buffered.
 * @param rate the present playback rate, so that a change of it goes on until the cushion is right and not only to the limit
 */
export function steer({ position, buffered, entering, cushion, rest }: Playing, rate: number): Steering {
  const first = buffered[0];
  const last = buffered.at(-1);
  if (!first || !last) return { rate: 1 };

  const trim = position - first.start > keepSeconds + trimStepSeconds ? { trimBefore: position - keepSeconds } : {};
  // Before the last piece (a break in the media, or the very first data) the player would wait for ever.
  const outside = position < last.start || position > last.end + lostSeconds;
  if (outside || last.end - position > (entering ? enteringSeconds : lostSeconds)) {
    return { seekTo: Math.max(last.start, last.end - rest - pictureSeconds), rate: 1, ...trim };
  }
  return { rate: cushion ? rateFor(cushion, rest, rate) : 1, ...trim };
}

function rateFor({ recent, lasting }: Cushion, rest: number, rate: number): number {
  if (recent < (rate < 1 ? rest : smallSeconds)) return slowerRate;
  // The low of five seconds decides to begin, so that pauses in arrival keep the cushion they need.
  const tooLarge = rate > 1 ? recent > rest : lasting !== undefined && lasting > rest + largerSeconds;
  return tooLarge ? fasterRate : 1;
}

/**
 * The `rest` after the picture stood though data came: browsers want some decoded sound ahead, each its own amount, and tell nobody how much.
 * @param rest the one with which it stood
 */
export function restAfterStall(rest: number): number {
  return Math.min(longestRestSeconds, rest + restStepSeconds);
}
