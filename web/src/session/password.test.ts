// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { passwordFault } from './password';

test('a password has 10 to 256 characters and is typed twice the same', () => {
  expect(passwordFault('short', 'short')).toBe('length');
  expect(passwordFault('x'.repeat(257), 'x'.repeat(257))).toBe('length');
  expect(passwordFault('long enough', 'long enouhg')).toBe('different');
  expect(passwordFault('long enough', 'long enough')).toBeUndefined();
});
