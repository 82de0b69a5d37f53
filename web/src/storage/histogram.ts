// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

export interface Bar {
  /** From 0 to 1 of the highest bar. */
  height: number;
  count: number;
  /** The bucket's lower and upper end in milliseconds; the last one has no upper end. */
  from: number;
  to: number | undefined;
  /** Longer than a commit should take: half a second is promised, the interval included. */
  slow: boolean;
}

const slowFromMs = 200;

/**
 * The bars of a latency histogram. Heights follow the logarithm: the few long writes are what one looks for, and beside a
 * million short ones they would not be seen.
 */
export function bars(counts: readonly number[], limitsMs: readonly number[]): Bar[] {
  const scale = Math.log1p(Math.max(0, ...counts)) || 1;
  return counts.map((count, i) => ({
    height: Math.log1p(count) / scale,
    count,
    from: i === 0 ? 0 : (limitsMs[i - 1] ?? 0),
    to: limitsMs[i],
    slow: (i === 0 ? 0 : (limitsMs[i - 1] ?? 0)) >= slowFromMs,
  }));
}

/** 0.5 → "0.5 ms", 2000 → "2 s". */
export const limitText = (ms: number): string => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);
