// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { backoffMs } from './backoff';

test('waits double from half a second and never pass 15 seconds', () => {
  expect([0, 1, 2, 3, 20, 5000].map((attempt) => backoffMs(attempt, 0.5))).toEqual([
    500, 1000, 2000, 4000, 15_000, 15_000,
  ]);
});

test('the spread is a fifth to both sides', () => {
  expect(backoffMs(0, 0)).toBe(400);
  expect(backoffMs(0, 0.999)).toBeLessThanOrEqual(600);
});
