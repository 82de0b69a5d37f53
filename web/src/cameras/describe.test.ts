// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import type { Camera, Phase } from '../api/types';
import { troubleOf } from './describe';

const error = { at: '2026-11-22T12:00:00Z', message: '12 packets were dropped by this machine' };
const after = (minutes: number) => Date.parse(error.at) + minutes * 60_000;
const camera = (phase: Phase, recording = phase === 'streaming') =>
  ({ recording: 'continuous', state: { phase, recording, lastError: error } }) as Camera;

test('a camera that streams shows what it lost just now, and not what was wrong an hour ago', () => {
  expect(troubleOf(camera('streaming'), after(1))).toBe(error);
  expect(troubleOf(camera('streaming'), after(60))).toBeNull();
});

test('a camera that does not work shows its error however old it is', () => {
  expect(troubleOf(camera('failed'), after(600))).toBe(error);
  expect(troubleOf(camera('stalled'), after(600))).toBe(error);
});

test('so does one that streams and is not recorded though it should be', () => {
  expect(troubleOf(camera('streaming', false), after(60))).toBe(error);
  expect(troubleOf({ ...camera('streaming', false), recording: 'off' }, after(60))).toBeNull();
});
