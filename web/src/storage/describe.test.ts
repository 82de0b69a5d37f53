// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import type { Disk, StorageClass } from '../api/types';
import { fill, type Translate } from '../i18n/i18n';
import en from '../locales/en.json';
import {
  changesFor,
  className,
  days,
  diskTone,
  isConfirmed,
  isNarrow,
  layoutText,
  protectionText,
  protectionTone,
  sizeOf,
  span,
  stateKey,
} from './describe';

const t: Translate = (key, values) => fill(en[key], values);
const disk = (change: Partial<Disk>): Disk => ({
  number: 2,
  name: '/mnt/c/video.disk',
  state: 'online',
  spare: false,
  slow: false,
  doesNotAnswer: false,
  activity: 'active',
  capacityBytes: 4e12,
  freeBytes: 1e12,
  liveBytes: 3e12,
  onlyHereBytes: 0,
  writtenBytes: 1e9,
  errors: 0,
  medianCommitMs: 12,
  p99CommitMs: 60,
  longestCommitMs: 90,
  commitHistogram: [],
  health: null,
  ...change,
});
const item = (layout: string, layoutNow: string) => ({ layout, layoutNow }) as StorageClass;

test('protection is told in words', () => {
  expect(protectionText(null, t)).toBe('Nothing is recorded yet');
  expect(protectionText(0, t)).toBe('No disk may fail now');
  expect(protectionText(1, t)).toBe('Any 1 disk may fail');
  expect(protectionText(2, t)).toBe('Any 2 disks may fail');
});

test('no protection is bad where there should be some, and a warning where none was asked for', () => {
  expect(protectionTone({ bears: 0, classes: [item('2+1', '2+1')] })).toBe('bad');
  expect(protectionTone({ bears: 0, classes: [item('1+0', '1+0')] })).toBe('warn');
  expect(protectionTone({ bears: 1, classes: [item('2+1', '2+1')] })).toBe('good');
});

test('layouts are told by what they are', () => {
  expect(layoutText('1+0', t)).toBe('one copy');
  expect(layoutText('1+1', t)).toBe('mirror, 2 copies');
  expect(layoutText('1+2', t)).toBe('mirror, 3 copies');
  expect(layoutText('4+2', t)).toBe('4 data + 2 parity');
});

test('recording is narrow only when it bears less', () => {
  expect(isNarrow(item('3+1', '2+1'))).toBe(false);
  expect(isNarrow(item('2+2', '2+1'))).toBe(true);
});

test('a disk that works and complains is a warning', () => {
  expect(diskTone(disk({}))).toBe('good');
  expect(diskTone(disk({ errors: 1 }))).toBe('warn');
  expect(diskTone(disk({ state: 'draining' }))).toBe('quiet');
  expect(diskTone(disk({ state: 'missing' }))).toBe('bad');
});

test('the state is told by what matters most', () => {
  expect(stateKey(disk({}))).toBe('disk.online');
  expect(stateKey(disk({ slow: true, activity: 'idle' }))).toBe('disk.slow');
  expect(stateKey(disk({ activity: 'standby' }))).toBe('disk.standby');
  expect(stateKey(disk({ state: 'draining', slow: true }))).toBe('disk.draining');
  expect(diskTone(disk({ doesNotAnswer: true }))).toBe('bad');
  expect(changesFor(disk({ spare: true }))).toEqual(['useSpare', 'remove']);
  expect(changesFor(disk({ liveBytes: 0 }))).toContain('spare');
});

test('a missing disk is not drained, a drained one can be taken back', () => {
  expect(changesFor(disk({ state: 'missing' }))).toEqual(['replace', 'remove']);
  expect(changesFor(disk({ state: 'draining' }))[0]).toBe('useAgain');
  expect(changesFor(disk({}))).not.toContain('remove');
});

test('recordings are lost only after the path was typed', () => {
  expect(isConfirmed({ lostBytes: 0 }, undefined, '')).toBe(true);
  expect(isConfirmed({ lostBytes: 1 }, disk({}), '')).toBe(false);
  expect(isConfirmed({ lostBytes: 1 }, disk({}), '2')).toBe(false);
  expect(isConfirmed({ lostBytes: 1 }, disk({}), ' /mnt/c/video.disk ')).toBe(true);
});

test('estimates are as coarse as they are', () => {
  expect(span(400_000, t, 'en')).toBe('4.6 days');
  expect(span(7200, t, 'en')).toBe('2 hours');
  expect(span(600, t, 'en')).toBe('10 minutes');
  expect(span(0.2, t, 'en')).toBe('1 seconds');
  expect(days(null, t)).toBe('–');
  expect(days(9.96, t, 'en')).toBe('10 days');
});

test('classes have names', () => {
  expect(className({ id: 0, name: '', maximumDays: null }, t)).toBe('As long as there is room');
  expect(className({ id: 30, name: '', maximumDays: 30 }, t)).toBe('30 days');
  expect(className({ id: 200, name: 'Vault', maximumDays: 9 }, t)).toBe('Vault');
});

test('sizes are read as people write them', () => {
  expect(sizeOf('')).toBeUndefined();
  expect(sizeOf('500G')).toBe(500 * 1024 ** 3);
  expect(sizeOf('1.5 TiB')).toBe(1.5 * 1024 ** 4);
  expect(sizeOf('many')).toBeNull();
  expect(sizeOf('12')).toBeNull();
});
