// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { fromInput, rangeFault, toInput } from './localInput';

test('an instant survives the field, to the second', () => {
  const at = new Date(2026, 10, 22, 9, 5, 7).getTime();
  expect(toInput(at)).toBe('2026-11-22T09:05:07');
  expect(fromInput(toInput(at))).toBe(at);
  expect(fromInput('2026-11-')).toBeUndefined();
});

test('a range needs both ends, in order, and at most a day', () => {
  expect(rangeFault(undefined, 1)).toBe('download.incomplete');
  expect(rangeFault(1, 1)).toBe('download.order');
  expect(rangeFault(0, 24 * 3_600_000 + 1)).toBe('download.tooLong');
  expect(rangeFault(0, 24 * 3_600_000)).toBeUndefined();
});
