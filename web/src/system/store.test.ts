// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import type { StoreState } from '../api/types';
import { daysUntilFull, fillFraction } from './store';

const store = (capacityBytes: number, freeBytes: number, bytesPerSecond = 0) =>
  ({ capacityBytes, freeBytes, bytesPerSecond }) as StoreState;

test('the fill is a fraction and survives a store without capacity', () => {
  expect(fillFraction(store(100, 25))).toBe(0.75);
  expect(fillFraction(store(0, 0))).toBe(0);
  expect(fillFraction(store(100, -5))).toBe(1);
});

test('days until full come from free space and rate, and not at all when nothing is written or it is full', () => {
  expect(daysUntilFull(store(1e12, 86_400e6, 1e6))).toBe(1);
  expect(daysUntilFull(store(10e12, 5e12, 0))).toBeUndefined();
  expect(daysUntilFull(store(10e12, 1e9, 1e6))).toBeUndefined();
});
