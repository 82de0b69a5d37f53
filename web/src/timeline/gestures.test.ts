// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { move, pinch, press, release, wheel } from './gestures';
import { spanOf, toTime } from './view';

const view = { from: 0, to: 100_000 };
const width = 1000;

test('a press that hardly moves is a click', () => {
  const pressed = press(500, false, view, width, undefined);
  const moved = move(pressed, 503, view, width);
  expect(moved.hand).toBe(pressed);
  expect(release(moved.hand, 503, view, width).pick).toBe(50_300);
});

test('a drag on the bar pans and does not pick', () => {
  const moved = move(press(500, false, view, width, undefined), 400, view, width);
  expect(moved.view).toEqual({ from: 10_000, to: 110_000 });
  expect(release(moved.hand, 400, view, width).pick).toBeUndefined();
});

test('a drag on the ruler, or from the playhead, scrubs and picks where it ends', () => {
  for (const pressed of [press(500, true, view, width, undefined), press(505, false, view, width, 50_000)]) {
    const moved = move(pressed, 600, view, width);
    expect(moved).toEqual({ hand: { kind: 'scrubbing' }, hover: 60_000 });
    expect(release(moved.hand, 600, view, width).pick).toBe(60_000);
  }
});

test('fingers that part zoom in about their middle', () => {
  const begun = pinch({ kind: 'none' }, 400, 600, view, width);
  const parted = pinch(begun.hand, 300, 700, view, width);
  expect(parted.view && spanOf(parted.view)).toBe(50_000);
  expect(parted.view && toTime(parted.view, width, 500)).toBe(50_000);
});

test('the wheel zooms at the pointer and pans sideways', () => {
  expect(spanOf(wheel(0, -100, false, 300, view, width))).toBeLessThan(100_000);
  expect(wheel(100, 0, false, 300, view, width)).toEqual({ from: 10_000, to: 110_000 });
  expect(wheel(0, 100, true, 300, view, width)).toEqual({ from: 10_000, to: 110_000 });
});
