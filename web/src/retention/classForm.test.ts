// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { classFault, classFormOf, classInputOf, emptyClass, freeClassId } from './classForm';

const own = {
  id: 200,
  builtIn: false,
  name: 'Vault',
  minimumDays: 30,
  maximumDays: null,
  maximumBytes: 2e12,
  priority: 80,
  layout: '4+1',
  cameras: 1,
};

test('a class that is opened and saved stays as it is', () => {
  expect(classInputOf(classFormOf(own), own.layout)).toEqual({
    name: 'Vault',
    minimumDays: 30,
    maximumDays: null,
    maximumBytes: 2e12,
    priority: 80,
    layout: '4+1',
  });
});

test('a new class gets the lowest number that is free, and none when all are taken', () => {
  expect(freeClassId([own, { ...own, id: 202 }])).toBe(201);
  expect(freeClassId(Array.from({ length: 55 }, (_, i) => ({ ...own, id: 200 + i })))).toBeUndefined();
});

test('a class needs a name and a minimum that is not above its maximum', () => {
  expect(classFault(emptyClass)).toBe('retention.nameMissing');
  expect(classFault({ ...emptyClass, name: 'x', minimumDays: 9, maximumDays: 8 })).toBe('retention.minimumAbove');
  expect(classFault({ ...emptyClass, name: 'x', minimumDays: 9 })).toBeUndefined();
});
