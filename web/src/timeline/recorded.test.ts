// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { gapAt, neighbour, parse, playable, spanAt } from './recorded';

const at = (seconds: number) => seconds * 1000;
const time = (seconds: number) => new Date(at(seconds)).toISOString();
const recorded = parse({
  from: time(0),
  to: time(100),
  resolution: 0,
  spans: [
    [time(10), time(40)],
    [time(50), time(90)],
  ],
  gaps: [{ start: time(40), end: time(50), cause: 'network' }],
  holds: [{ id: '1', case: 'A-17', start: time(20), end: time(60) }],
});

test('spans and gaps are half-open', () => {
  expect(spanAt(recorded, at(40))).toBeUndefined();
  expect(gapAt(recorded, at(40))?.cause).toBe('network');
  expect(gapAt(recorded, at(50))).toBeUndefined();
});

test('next goes to the beginning of the next span and ends there', () => {
  expect(neighbour(recorded, at(20), 1)).toBe(at(50));
  expect(neighbour(recorded, at(50), 1)).toBeUndefined();
});

test('previous goes to the beginning of this span, and from there to the one before', () => {
  expect(neighbour(recorded, at(70), -1)).toBe(at(50));
  expect(neighbour(recorded, at(51), -1)).toBe(at(10));
  expect(neighbour(recorded, at(11), -1)).toBeUndefined();
});

test('playing in a gap goes on after it, and after everything it shows the last seconds', () => {
  expect(playable(recorded, at(20))).toBe(at(20));
  expect(playable(recorded, at(45))).toBe(at(50));
  expect(playable(recorded, at(99))).toBe(at(80));
  expect(playable({ spans: [], gaps: [], holds: [] }, 0)).toBeUndefined();
});

test('what is held has its times in milliseconds, like all else', () => {
  expect(recorded.holds).toEqual([{ id: '1', case: 'A-17', start: at(20), end: at(60) }]);
});
