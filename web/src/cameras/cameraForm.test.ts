// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import {
  acceptsAnyCertificate,
  emptyForm,
  faultsOf,
  inputOf,
  isEncrypted,
  testOf,
  withAnyCertificate,
  withoutCredentials,
} from './cameraForm';

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

test('any certificate is accepted by a mark at the end of an encrypted address, which comes and goes', () => {
  expect(isEncrypted(' RTSPS://cam/1')).toBe(true);
  expect(isEncrypted('rtsp://cam/1')).toBe(false);
  const marked = withAnyCertificate('rtsps://cam/1', true);
  expect(marked).toBe('rtsps://cam/1#insecure');
  expect(acceptsAnyCertificate(marked)).toBe(true);
  expect(withAnyCertificate(marked, true)).toBe(marked);
  expect(withAnyCertificate(marked, false)).toBe('rtsps://cam/1');
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
