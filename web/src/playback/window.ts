// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** The piece of time that one playlist covers, in milliseconds. */
export interface PlaylistWindow {
  from: number;
  to: number;
  /** Reaches into the future: the playlist grows while it is played. */
  growing: boolean;
}

/** An hour: a playlist of some 1,800 lines, which is little, and one seam in an hour of watching. */
const windowMs = 3_600_000;
/** A step back right after a jump should not need another playlist. */
const leadMs = 30_000;
/** Durable media is this old at least; a window that ends later than this before now is still growing. */
const unsettledMs = 15_000;

export function windowAround(at: number, now: number): PlaylistWindow {
  const to = at + windowMs;
  return { from: at - leadMs, to, growing: to > now - unsettledMs };
}

/** What follows a finished window without a lead: nothing is to be seen twice. */
export function windowAfter(previous: PlaylistWindow, now: number): PlaylistWindow {
  const to = previous.to + windowMs;
  return { from: previous.to, to, growing: to > now - unsettledMs };
}
