// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { localDate } from '../ui/format';
import { day, hour, minute, second, spanOf, type View } from './view';

export interface Tick {
  at: number;
  label: string;
  /** A new day begins here. */
  midnight: boolean;
}

const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7].map((count) => count * day),
];

const offsetOf = (at: number): number => -new Date(at).getTimezoneOffset() * minute;

/** The smallest usual step whose labels keep `spacing` pixels between their beginnings. */
export function stepFor(view: View, width: number, spacing: number): number {
  const needed = (spanOf(view) / width) * spacing;
  return steps.find((step) => step >= needed) ?? 7 * day;
}

/**
 * Ticks at round local times. Counted on the local clock and turned back to UTC one by one, so that a change of summer
 * time moves none of them off the round hour.
 * @param offset how far the local clock is ahead of UTC at an instant, in milliseconds
 */
export function ticks(view: View, width: number, spacing = 84, offset: (at: number) => number = offsetOf): Tick[] {
  const step = stepFor(view, width, spacing);
  const found: Tick[] = [];
  let local = Math.floor((view.from + offset(view.from)) / step) * step;
  for (; found.length < 1000; local += step) {
    const guess = local - offset(view.from);
    const at = local - offset(guess);
    if (at >= view.to) break;
    // The hour that a change to summer time leaves out would come twice.
    if (at < view.from || at === found.at(-1)?.at) continue;
    const midnight = local % day === 0;
    found.push({ at, midnight, label: midnight ? localDate(at).slice(5) : clock(local, step) });
  }
  return found;
}

function clock(local: number, step: number): string {
  const text = new Date(local).toISOString();
  if (step < second) return text.slice(11, 21);
  return step < minute ? text.slice(11, 19) : text.slice(11, 16);
}
