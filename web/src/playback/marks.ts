// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** The two ends of a range as they were marked, in any order, either of them perhaps not yet. */
export interface Marks {
  from?: number;
  to?: number;
}

export function markedRange({ from, to }: Marks): { from: number; to: number } | undefined {
  if (from === undefined || to === undefined || from === to) return undefined;
  return { from: Math.min(from, to), to: Math.max(from, to) };
}
