// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { tileFor } from './tiles';
import { day, hour, second } from './view';

const now = Date.UTC(2026, 10, 22, 12, 34, 56);

test('a tile covers the view with a quarter to each side', () => {
  for (const span of [second, 7 * second, hour, day, 31 * day]) {
    const tile = tileFor({ from: now - span, to: now });
    expect(tile.from).toBeLessThanOrEqual(now - 1.25 * span);
    expect(tile.to).toBeGreaterThanOrEqual(now + 0.25 * span);
  }
});

test('a small pan asks the same question', () => {
  const view = { from: now - 3 * hour, to: now - 2 * hour };
  expect(tileFor({ from: view.from + 1000, to: view.to + 1000 })).toEqual(tileFor(view));
});

test('close views keep every gap and far ones ask for no more than a pixel', () => {
  expect(tileFor({ from: now - hour, to: now }).resolution).toBe(1);
  expect(tileFor({ from: now - 10 * second, to: now }).resolution).toBe(0);
  expect(tileFor({ from: now - 31 * day, to: now }).resolution).toBeGreaterThan(600);
});
