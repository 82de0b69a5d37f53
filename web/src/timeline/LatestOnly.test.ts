// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { expect, test } from 'vitest';
import { LatestOnly } from './LatestOnly';

/** Jobs that end when the test says so. */
function jobs() {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const run = (job: number) =>
    new Promise<void>((resolve) => {
      begun.push(job);
      ends.push(resolve);
    });
  const endLast = async () => {
    ends.at(-1)?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { begun, run, endLast };
}

test('one job runs, and of those that came meanwhile only the newest follows', async () => {
  const { begun, run, endLast } = jobs();
  const latest = new LatestOnly(run);
  for (const job of [1, 2, 3, 4]) latest.ask(job);
  expect(begun).toEqual([1]);
  await endLast();
  expect(begun).toEqual([1, 4]);
  await endLast();
  latest.ask(5);
  expect(begun).toEqual([1, 4, 5]);
});

test('a job that fails does not stop the next, and a dropped one never runs', async () => {
  const begun: number[] = [];
  const latest = new LatestOnly<number>((job) => {
    begun.push(job);
    return Promise.reject(new Error('no picture'));
  });
  latest.ask(1);
  latest.ask(2);
  latest.drop();
  await new Promise((resolve) => setTimeout(resolve));
  latest.ask(3);
  expect(begun).toEqual([1, 3]);
});
