// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { StoreState } from '../api/types';

export const usedBytes = (store: StoreState): number => Math.max(0, store.capacityBytes - store.freeBytes);

/** From 0 to 1; an empty capacity counts as empty, not as full. */
export const fillFraction = (store: StoreState): number =>
  store.capacityBytes > 0 ? Math.min(1, usedBytes(store) / store.capacityBytes) : 0;

/**
 * Days until the free space is written at the present rate; undefined when nothing is being written or when the store
 * is in its normal, full state (less than 2 % free: from then on the oldest recordings make room).
 */
export function daysUntilFull(store: StoreState): number | undefined {
  if (store.bytesPerSecond <= 0 || store.freeBytes < 0.02 * store.capacityBytes) return undefined;
  return store.freeBytes / store.bytesPerSecond / 86_400;
}
