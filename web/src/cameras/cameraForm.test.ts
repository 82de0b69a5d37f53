// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { emptyForm, faultsOf, inputOf, testOf, withoutCredentials } from './cameraForm';

const form = { ...emptyForm, name: ' Gate ', url: ' rtsp://cam/1 ' };

test('credentials pasted with the address go to their own fields', () => {
  const moved = withoutCredentials({ ...form, url: 'rtsp://ad%40min:p%23:w@10.0.0.5:554/s?x=a@b' });
  expect(moved).toMatchObject({ url: 'rtsp://10.0.0.5:554/s?x=a@b', user: 'ad@min', password: 'p#:w' });
});

test('a password with a bare percent sign stays as it is', () => {
  expect(withoutCredentials({ ...form, url: 'rtsp://u:100%@h/' }).password).toBe('100%');
});

test('an at sign in the path is not taken for credentials', () => {
  const plain = { ...form, url: 'rtsp://host/live@main' };
  expect(withoutCredentials(plain)).toBe(plain);
});

test('a name and an RTSP address are needed', () => {
  expect(faultsOf({ ...form, name: ' ', url: 'http://cam/' })).toEqual({
    name: 'camera.nameMissing',
    url: 'camera.urlBad',
  });
  expect(faultsOf(form)).toEqual({});
});

test('an empty password is left out so that the stored one stays, and goes with its user', () => {
  expect(inputOf({ ...form, user: 'viewer' })).not.toHaveProperty('password');
  expect(inputOf(form)).toMatchObject({ user: null, password: null });
  expect(inputOf({ ...form, password: 'x' })).toMatchObject({ name: 'Gate', url: 'rtsp://cam/1', password: 'x' });
  expect(testOf(form, '7')).toEqual({ url: 'rtsp://cam/1', transport: 'auto', cameraId: '7' });
});
