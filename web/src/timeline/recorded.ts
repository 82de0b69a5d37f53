// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { GapCause, TimelineAnswer } from '../api/types';

export interface Span {
  start: number;
  end: number;
}

export interface Gap extends Span {
  cause: GapCause;
}

/** A part that a hold keeps. */
export interface Held extends Span {
  id: string;
  case: string;
}

/** What is recorded and what is missing, in milliseconds, both in order. */
export interface Recorded {
  spans: Span[];
  gaps: Gap[];
  /** What holds keep; they may overlap. */
  holds: Held[];
}

export const nothing: Recorded = { spans: [], gaps: [], holds: [] };

export const parse = (answer: TimelineAnswer): Recorded => ({
  spans: answer.spans.map(([start, end]) => ({ start: Date.parse(start), end: Date.parse(end) })),
  gaps: answer.gaps.map(({ start, end, cause }) => ({ start: Date.parse(start), end: Date.parse(end), cause })),
  holds: answer.holds.map((held) => ({ ...held, start: Date.parse(held.start), end: Date.parse(held.end) })),
});

export const spanAt = (recorded: Recorded, at: number): Span | undefined =>
  recorded.spans.find((span) => at >= span.start && at < span.end);

export const gapAt = (recorded: Recorded, at: number): Gap | undefined =>
  recorded.gaps.find((gap) => at >= gap.start && at < gap.end);

/** Further into a span than this, "previous" means its own beginning, as on a music player. */
const restartMs = 3000;

/** Where "next" and "previous" go: always to the beginning of a span. Undefined when there is none that way. */
export function neighbour(recorded: Recorded, at: number, direction: 1 | -1): number | undefined {
  const starts = recorded.spans.map((span) => span.start);
  return direction > 0 ? starts.find((start) => start > at) : starts.findLast((start) => start < at - restartMs);
}

/** Where playing can go on at or after `at`; failing that, the last seconds before it. */
export function playable(recorded: Recorded, at: number): number | undefined {
  const next = recorded.spans.find((span) => span.end > at);
  if (next) return Math.max(at, next.start);
  const last = recorded.spans.at(-1);
  return last && Math.max(last.start, last.end - 10_000);
}
