// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { gapCauses, testSteps } from '../api/types';
import en from '../locales/en.json';
import zh from '../locales/zh.json';
import { choose, fill } from './i18n';

const english = en as Record<string, string>;
const chinese = zh as Record<string, string>;
const places = (text: string) => [...text.matchAll(/\{\w+\}/g)].map((match) => match[0]).sort();

test('both languages have the same keys', () => {
  expect(Object.keys(chinese).sort()).toEqual(Object.keys(english).sort());
});

test('both languages have the same places for values', () => {
  for (const key of Object.keys(english)) expect(places(chinese[key] ?? ''), key).toEqual(places(english[key] ?? ''));
});

test('no text is empty', () => {
  for (const text of [...Object.values(english), ...Object.values(chinese)]) expect(text.trim()).not.toBe('');
});

test('every gap cause, test step and phase of the contract has a text', () => {
  const phases = ['disabled', 'connecting', 'streaming', 'stalled', 'failed'];
  for (const cause of gapCauses) expect(english).toHaveProperty([`gap.${cause}`]);
  for (const step of testSteps) expect(english).toHaveProperty([`step.${step}`]);
  for (const phase of phases) expect(english).toHaveProperty([`phase.${phase}`]);
});

test('values are put in by name and unknown names stay', () => {
  expect(fill('{a} of {b}', { a: 1 })).toBe('1 of {b}');
});

test('the stored language wins, then the first wish we have, then English', () => {
  expect(choose('zh', ['en'])).toBe('zh');
  expect(choose(null, ['de-DE', 'zh-TW', 'en'])).toBe('zh');
  expect(choose('xx', ['fr'])).toBe('en');
});
