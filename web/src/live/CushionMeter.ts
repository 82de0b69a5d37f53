// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { Cushion } from './steering';

const recentMs = 1_000;
const lastingMs = 5_000;
/** Lows are kept for steps of this length, so that some 20 numbers do for any rate of arrival. */
const stepMs = 250;

/** Remembers how low the buffer was in the last seconds. Decides with the time it is told. */
export class CushionMeter {
  private steps: { atMs: number; low: number }[] = [];
  private sinceMs: number | undefined;

  /** @param seconds what was left when new data came; negative when the position had run past the end */
  add(nowMs: number, seconds: number): void {
    this.sinceMs ??= nowMs;
    const last = this.steps.at(-1);
    if (last && nowMs - last.atMs < stepMs) last.low = Math.min(last.low, seconds);
    else this.steps.push({ atMs: nowMs, low: seconds });
    while (this.steps[0] && nowMs - this.steps[0].atMs > lastingMs) this.steps.shift();
  }

  /** After a jump, or at another rate, what was before says nothing. */
  reset(): void {
    this.steps = [];
    this.sinceMs = undefined;
  }

  read(nowMs: number): Cushion | undefined {
    if (this.sinceMs === undefined) return undefined;
    const lows = (withinMs: number) =>
      this.steps.filter((step) => nowMs - step.atMs <= withinMs).map((step) => step.low);
    const recent = lows(recentMs);
    if (recent.length === 0) return undefined;
    const lasting = nowMs - this.sinceMs >= lastingMs - stepMs ? { lasting: Math.min(...lows(lastingMs)) } : {};
    return { recent: Math.min(...recent), ...lasting };
  }
}
