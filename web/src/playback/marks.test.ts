// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { markedRange } from './marks';

test('a range needs two different marks, in any order', () => {
  expect(markedRange({ from: 5 })).toBeUndefined();
  expect(markedRange({ from: 5, to: 5 })).toBeUndefined();
  expect(markedRange({ from: 9, to: 5 })).toEqual({ from: 5, to: 9 });
});
