// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { bitrate, bytes, duration, localDateTime, utcDateTime } from './format';

test('bytes count in 1024 and keep three significant digits', () => {
  expect([0, 1023, 1536, 20 * 1024 ** 3, 123.4 * 1024 ** 4].map((count) => bytes(count, 'en'))).toEqual([
    '0 B',
    '1,023 B',
    '1.50 KiB',
    '20 GiB',
    '123 TiB',
  ]);
});

test('bit rates count in 1000', () => {
  expect(bitrate(4_200_000, 'en')).toBe('4.20 Mbit/s');
  expect(bitrate(64_400, 'en')).toBe('64 kbit/s');
});

test('durations grow from minutes to days and never go below zero', () => {
  expect([-1, 5, 125, 3725.4, 3 * 86_400 + 4 * 3600].map(duration)).toEqual([
    '0:00',
    '0:05',
    '2:05',
    '1:02:05',
    '3d 04:00:00',
  ]);
});

test('a time is told in the local zone and in UTC', () => {
  const at = new Date(2026, 2, 4, 5, 6, 7, 89).getTime();
  expect(localDateTime(at, true)).toBe('2026-03-04 05:06:07.089');
  expect(utcDateTime(Date.UTC(2026, 10, 22, 10, 0, 0, 123))).toBe('2026-11-22 10:00:00.123 UTC');
});
