// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { steer } from './steering';

const at = (position: number, ...buffered: [number, number][]) => ({
  position,
  buffered: buffered.map(([start, end]) => ({ start, end })),
  entering: false,
});

test('close to the end nothing is done', () => {
  expect(steer(at(9.6, [0, 10]), 1)).toEqual({ rate: 1 });
});

test('more than half a second behind plays faster, down to the target and not only to the limit', () => {
  expect(steer(at(9.4, [0, 10]), 1)).toEqual({ rate: 1.1 });
  expect(steer(at(9.7, [0, 10]), 1.1)).toEqual({ rate: 1.1 });
  expect(steer(at(9.85, [0, 10]), 1.1)).toEqual({ rate: 1 });
});

test('far behind jumps to just before the end', () => {
  expect(steer(at(2, [0, 10]), 1)).toEqual({ rate: 1, seekTo: 9.8 });
});

test('the past that comes with the beginning of a stream is jumped over, not caught up with', () => {
  expect(steer({ ...at(0, [0, 1.5]), entering: true }, 1)).toEqual({ rate: 1, seekTo: 1.3 });
  expect(steer(at(0, [0, 1.5]), 1)).toEqual({ rate: 1.1 });
});

test('a stream that does not begin at zero is entered at its end', () => {
  expect(steer(at(0, [500, 500.04]), 1)).toEqual({ rate: 1, seekTo: 500 });
});

test('a hole in the media is jumped over', () => {
  expect(steer(at(10, [0, 10], [11, 12]), 1).seekTo).toBeCloseTo(11.8);
});

test('old media is trimmed in large steps and the last seconds are kept', () => {
  expect(steer(at(19, [0, 19.1]), 1)).toEqual({ rate: 1 });
  expect(steer(at(21, [0, 21.1]), 1)).toEqual({ rate: 1, trimBefore: 9 });
});

test('an empty buffer asks for nothing', () => {
  expect(steer(at(0), 1)).toEqual({ rate: 1 });
});
