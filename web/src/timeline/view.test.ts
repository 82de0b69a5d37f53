// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { clampView, day, follow, hour, longestView, shortestView, spanOf, toTime, toX, type View, zoom } from './view';

const now = Date.UTC(2026, 10, 22, 12);
const view: View = { from: now - day, to: now };

test('time and place on screen are each other’s inverse', () => {
  for (const x of [0, 1, 333.25, 999]) expect(toX(view, 1000, toTime(view, 1000, x))).toBeCloseTo(x, 6);
});

test('zooming keeps the instant under the pointer where it is', () => {
  const anchor = view.from + 5 * hour;
  const closer = zoom(view, anchor, 0.1);
  expect(toX(closer, 1000, anchor)).toBeCloseTo(toX(view, 1000, anchor), 6);
  expect(spanOf(closer)).toBeCloseTo(2.4 * hour, 0);
});

test('zooming ends at a second and at a month', () => {
  expect(spanOf(zoom(view, now, 1e-9))).toBe(shortestView);
  expect(spanOf(zoom(view, now, 1e9))).toBe(longestView);
});

test('a view stays near the present and within reach, and keeps its length', () => {
  const future = clampView({ from: now + day, to: now + 2 * day }, now);
  expect(future.to - now).toBeCloseTo(0.2 * day, 0);
  const past = clampView({ from: 0, to: day }, now);
  expect(spanOf(past)).toBe(day);
  expect(now - past.from).toBeLessThanOrEqual(400 * day);
});

test('the view turns like a page when the playhead leaves it, and not when somebody looked elsewhere', () => {
  const edge = view.to - 0.05 * day;
  const next = follow(view, edge - 1, edge + 1);
  expect(toX(next, 1000, edge)).toBeCloseTo(200, 0);
  expect(follow(view, view.to + hour, view.to + 2 * hour)).toBe(view);
  expect(follow(view, view.from, view.from + 1)).toBe(view);
});
