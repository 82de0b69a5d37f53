// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** A segment of a playlist: where it stands in the player's time (seconds) and in the world (milliseconds since 1970). */
export interface Segment {
  start: number;
  duration: number;
  wall: number;
}

/**
 * The wall time of a player position. The player's time runs on over gaps; the wall time does not, which is why every
 * segment has its own. Undefined without segments.
 */
export function wallAt(segments: readonly Segment[], position: number): number | undefined {
  const segment = segments.findLast((item) => item.start <= position) ?? segments[0];
  if (!segment) return undefined;
  const within = Math.min(Math.max(0, position - segment.start), segment.duration);
  return segment.wall + within * 1000;
}

/**
 * The player position of a wall time; of the next segment when the instant lies in a gap. Undefined after the last
 * segment, and before the first one unless it follows within `leadMs`.
 */
export function positionAt(
  segments: readonly Segment[],
  wall: number,
  leadMs = Number.POSITIVE_INFINITY,
): number | undefined {
  const segment = segments.find((item) => wall < item.wall + item.duration * 1000);
  const first = segments[0];
  if (!segment || !first || wall < first.wall - leadMs) return undefined;
  return segment.start + Math.max(0, wall - segment.wall) / 1000;
}
