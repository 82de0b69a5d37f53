// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { bars, limitText } from './histogram';

test('one long write among a million short ones is seen', () => {
  const [short, none, long] = bars([1_000_000, 0, 1], [100, 200]);
  expect(short?.height).toBe(1);
  expect(none?.height).toBe(0);
  expect(long?.height).toBeGreaterThan(0.04);
  expect([long?.from, long?.to, long?.slow, short?.slow]).toEqual([200, undefined, true, false]);
});

test('nothing written is a flat line', () => {
  expect(bars([0, 0], [1]).every((bar) => bar.height === 0)).toBe(true);
  expect(bars([], [])).toEqual([]);
});

test('limits from a second on are in seconds', () => {
  expect(limitText(500)).toBe('500 ms');
  expect(limitText(10_000)).toBe('10 s');
});
