// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { CushionMeter } from './CushionMeter';

/** One value every 40 ms. */
function feed(meter: CushionMeter, fromMs: number, toMs: number, seconds: number) {
  for (let now = fromMs; now <= toMs; now += 40) meter.add(now, seconds);
}

test('nothing is known before anything has come, and after a reset', () => {
  const meter = new CushionMeter();
  expect(meter.read(0)).toBeUndefined();
  meter.add(0, 0.1);
  meter.reset();
  expect(meter.read(10)).toBeUndefined();
});

test('the low of the last second is known at once, that of five seconds only after five', () => {
  const meter = new CushionMeter();
  feed(meter, 0, 2_000, 0.2);
  expect(meter.read(2_000)).toEqual({ recent: 0.2 });
  feed(meter, 2_040, 5_000, 0.2);
  expect(meter.read(5_000)).toEqual({ recent: 0.2, lasting: 0.2 });
});

test('a single low counts for as long as its window, and no longer', () => {
  const meter = new CushionMeter();
  feed(meter, 0, 5_000, 0.3);
  meter.add(5_010, -0.1);
  feed(meter, 5_040, 7_000, 0.3);
  expect(meter.read(7_000)).toEqual({ recent: 0.3, lasting: -0.1 });
  feed(meter, 7_040, 11_000, 0.3);
  expect(meter.read(11_000)).toEqual({ recent: 0.3, lasting: 0.3 });
});
