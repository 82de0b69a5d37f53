// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { CushionMeter } from './CushionMeter';
import { firstRestSeconds, restAfterStall, steer } from './steering';

const at = (position: number, ...buffered: [number, number][]) => ({
  position,
  buffered: buffered.map(([start, end]) => ({ start, end })),
  entering: false,
  rest: firstRestSeconds,
});
const cushioned = (recent: number, lasting?: number) => ({
  ...at(9.8, [0, 10]),
  cushion: { recent, ...(lasting === undefined ? {} : { lasting }) },
});

test('a cushion of the right size is left alone', () => {
  expect(steer(cushioned(0.1, 0.1), 1)).toEqual({ rate: 1 });
  expect(steer(at(9.8, [0, 10]), 1)).toEqual({ rate: 1 });
});

test('a cushion that was never needed in five seconds is played down, to the right size and not only to the limit', () => {
  expect(steer(cushioned(0.3), 1)).toEqual({ rate: 1 });
  expect(steer(cushioned(0.3, 0.05), 1)).toEqual({ rate: 1 });
  expect(steer(cushioned(0.3, 0.2), 1)).toEqual({ rate: 1.05 });
  expect(steer(cushioned(0.12), 1.05)).toEqual({ rate: 1.05 });
  expect(steer(cushioned(0.08), 1.05)).toEqual({ rate: 1 });
});

test('a cushion that is nearly used up grows again before the picture stands', () => {
  expect(steer(cushioned(0.02, 0.02), 1)).toEqual({ rate: 0.95 });
  expect(steer(cushioned(0.07, 0.02), 0.95)).toEqual({ rate: 0.95 });
  expect(steer(cushioned(0.1, 0.02), 0.95)).toEqual({ rate: 1 });
});

test('a picture that stood settles further back, but not for ever further', () => {
  const rest = restAfterStall(firstRestSeconds);
  expect(rest).toBeCloseTo(0.17);
  expect(steer({ ...cushioned(0.2, 0.2), rest }, 1)).toEqual({ rate: 1 });
  expect(steer({ ...cushioned(0.16), rest }, 1.05)).toEqual({ rate: 1 });
  expect(steer({ ...at(8.9, [0, 10]), rest }, 1).seekTo).toBeCloseTo(9.77);
  expect(Array.from({ length: 20 }).reduce<number>(restAfterStall, rest)).toBe(0.5);
});

test('far behind jumps to just before the end', () => {
  expect(steer(at(8.9, [0, 10]), 1).seekTo).toBeCloseTo(9.85);
});

test('the past that comes with the beginning of a stream is jumped over, not caught up with', () => {
  expect(steer({ ...at(0, [0, 0.8]), entering: true }, 1).seekTo).toBeCloseTo(0.65);
  expect(steer(at(0, [0, 0.8]), 1)).toEqual({ rate: 1 });
});

test('a stream that does not begin at zero is entered at its end', () => {
  expect(steer(at(0, [500, 500.04]), 1)).toEqual({ rate: 1, seekTo: 500 });
});

test('a hole in the media is jumped over', () => {
  expect(steer(at(10, [0, 10], [11, 12]), 1).seekTo).toBeCloseTo(11.85);
});

test('old media is trimmed in large steps and the last seconds are kept', () => {
  expect(steer(at(19, [0, 19.1]), 1)).toEqual({ rate: 1 });
  expect(steer(at(21, [0, 21.1]), 1)).toEqual({ rate: 1, trimBefore: 9 });
});

test('an empty buffer asks for nothing', () => {
  expect(steer(at(0), 1)).toEqual({ rate: 1 });
});

/** Plays a camera that sends a picture every `frameMs`, held back now and then, and tells how far behind the last ten seconds were. */
function play(frameMs: number, holdMs: (now: number) => number, startBehind: number) {
  const meter = new CushionMeter();
  let position = 100 - startBehind;
  let end = 100;
  let rate = 1;
  let stalledMs = 0;
  const behind: number[] = [];
  let nextMs = 0;
  for (let now = 0; now < 60_000; now += 5) {
    position += Math.min(end - position, 0.005 * rate);
    if (now >= 30_000 && end - position < 0.001) stalledMs += 5;
    while (nextMs + holdMs(nextMs) <= now) {
      meter.add(now, end - position);
      end = 100 + (nextMs + frameMs) / 1000;
      nextMs += frameMs;
      const cushion = meter.read(now);
      const steering = steer(
        {
          position,
          buffered: [{ start: 0, end }],
          entering: false,
          rest: firstRestSeconds,
          ...(cushion ? { cushion } : {}),
        },
        rate,
      );
      if (steering.seekTo !== undefined) {
        position = steering.seekTo;
        meter.reset();
      } else if (steering.rate === 1 && rate !== 1) meter.reset();
      rate = steering.rate;
    }
    if (now >= 50_000) behind.push(end - position);
  }
  return { stalledMs, mean: behind.reduce((sum, value) => sum + value, 0) / behind.length };
}

test('even arrival settles between 0.1 and 0.2 s behind, from far and from near', () => {
  for (const start of [0.9, 0.5, 0.15, 0.01]) {
    const { stalledMs, mean } = play(40, () => 0, start);
    expect(stalledMs).toBe(0);
    expect(mean).toBeGreaterThan(0.1);
    expect(mean).toBeLessThan(0.2);
  }
});

test('five pictures a second do not make it stand', () => {
  expect(play(200, () => 0, 0.15).stalledMs).toBe(0);
});

test('pauses in arrival of a quarter of a second keep the cushion that they need', () => {
  const { stalledMs, mean } = play(40, (now) => (now % 2_000 < 240 ? 240 - (now % 2_000) : 0), 0.15);
  expect(stalledMs).toBe(0);
  expect(mean).toBeLessThan(0.6);
});
