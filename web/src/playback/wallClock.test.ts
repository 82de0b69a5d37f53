// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { positionAt, wallAt } from './wallClock';

const noon = Date.UTC(2026, 10, 22, 12);
// Four seconds, a gap of a minute, four seconds.
const segments = [
  { start: 0, duration: 2, wall: noon },
  { start: 2, duration: 2, wall: noon + 2000 },
  { start: 4, duration: 2, wall: noon + 64_000 },
  { start: 6, duration: 2, wall: noon + 66_000 },
];

test('positions and wall times are each other’s inverse outside gaps', () => {
  for (const position of [0, 1.5, 3.999, 4, 7.25]) {
    expect(positionAt(segments, wallAt(segments, position) ?? 0)).toBeCloseTo(position, 6);
  }
});

test('an instant in a gap is where the recording goes on', () => {
  expect(positionAt(segments, noon + 30_000)).toBe(4);
});

test('the clock never runs into a gap, also when the player overshoots the end', () => {
  expect(wallAt(segments, 99)).toBe(noon + 68_000);
  expect(wallAt(segments, -1)).toBe(noon);
});

test('what lies outside the playlist has no position', () => {
  expect(positionAt(segments, noon + 68_000)).toBeUndefined();
  expect(positionAt(segments, noon - 5000, 1000)).toBeUndefined();
  expect(positionAt(segments, noon - 500, 1000)).toBe(0);
  expect(positionAt([], noon)).toBeUndefined();
});
