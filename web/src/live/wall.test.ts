// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { chosenOf, clampPage, pageAfter, pageCount } from './wall';

test('an empty wall has one page, and pages never run past the end', () => {
  expect(pageCount(0, 4)).toBe(1);
  expect(pageCount(17, 16)).toBe(2);
  expect(clampPage(9, 10, 4)).toBe(2);
  expect(clampPage(-1, 10, 4)).toBe(0);
});

test('changing the layout keeps the first picture in view', () => {
  expect(pageAfter(3, 4, 9)).toBe(1);
  expect(pageAfter(1, 16, 1)).toBe(16);
});

test('chosen cameras keep the order of the list, and a choice of removed ones shows all', () => {
  const cameras = ['a', 'b', 'c'].map((id) => ({ id }));
  expect(chosenOf(cameras, ['c', 'a']).map(({ id }) => id)).toEqual(['a', 'c']);
  expect(chosenOf(cameras, ['z'])).toBe(cameras);
  expect(chosenOf(cameras, null)).toBe(cameras);
});
