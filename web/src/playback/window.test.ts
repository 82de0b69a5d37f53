// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { windowAfter, windowAround } from './window';

const now = Date.UTC(2026, 10, 22, 12);

test('a window in the past is finished and one that reaches the present grows', () => {
  expect(windowAround(now - 2 * 3_600_000, now).growing).toBe(false);
  expect(windowAround(now - 60_000, now).growing).toBe(true);
});

test('windows follow each other without a hole and without an overlap', () => {
  const first = windowAround(now - 3 * 3_600_000, now);
  const second = windowAfter(first, now);
  expect(second.from).toBe(first.to);
  expect(second.to).toBeGreaterThan(second.from);
});
