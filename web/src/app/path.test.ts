// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { partsOf } from './path';

test('a path is split and decoded, and a broken escape does not break the page', () => {
  expect(partsOf('/playback/a%2Fb')).toEqual(['playback', 'a/b']);
  expect(partsOf('/playback/100%')).toEqual(['playback', '100%']);
  expect(partsOf('/')).toEqual([]);
});
