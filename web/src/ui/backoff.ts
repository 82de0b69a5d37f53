// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

const firstMs = 500;
const longestMs = 15_000;

/**
 * How long to wait before try number `attempt` (from 0), in milliseconds: doubling from 0.5 s, never above 15 s, and
 * spread by a fifth so that sixteen tiles do not come back at the same instant.
 * @param random from 0 up to 1
 */
export function backoffMs(attempt: number, random: number): number {
  const plain = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 10));
  return Math.min(longestMs, plain * (0.8 + 0.4 * random));
}
