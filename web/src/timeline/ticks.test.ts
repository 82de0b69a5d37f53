// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { stepFor, ticks } from './ticks';
import { day, hour, minute } from './view';

const start = Date.UTC(2026, 2, 29, 0);
const utc = () => 0;

test('a day shows hours and a second shows tenths', () => {
  expect(stepFor({ from: start, to: start + day }, 1000, 84)).toBe(3 * hour);
  expect(stepFor({ from: start, to: start + 1000 }, 1000, 84)).toBe(100);
});

test('ticks stand at round local times', () => {
  const half = () => 5.5 * hour;
  const found = ticks({ from: start, to: start + day }, 1000, 84, half);
  expect(found[0]).toEqual({ at: start + 0.5 * hour, midnight: false, label: '06:00' });
});

test('labels tell what the step needs', () => {
  const labels = (span: number) => ticks({ from: start + hour, to: start + hour + span }, 1000, 84, utc)[1]?.label;
  expect([labels(1000), labels(20_000), labels(30 * minute)]).toEqual(['01:00:00.1', '01:00:02', '01:05']);
});

test('midnight carries the date', () => {
  const found = ticks({ from: start + 20 * hour, to: start + 30 * hour }, 500, 84, utc);
  expect(found.filter((tick) => tick.midnight)).toMatchObject([{ at: start + day }]);
});

test('the change to summer time neither repeats a tick nor moves the later ones off the hour', () => {
  // Central Europe: at 01:00 UTC the clock goes from 02:00 to 03:00.
  const europe = (at: number) => (at >= start + hour ? 2 : 1) * hour;
  const found = ticks({ from: start, to: start + 6 * hour }, 6 * 84, 84, europe);
  expect(found.map((tick) => tick.label)).toEqual(['01:00', '03:00', '04:00', '05:00', '06:00', '07:00']);
  expect(new Set(found.map((tick) => tick.at)).size).toBe(found.length);
  for (const { at } of found) expect(at % hour).toBe(0);
});
