// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { localDate, localTime } from '../ui/format';

/** An instant as `<input type="datetime-local">` wants it: local, to the second. */
export const toInput = (ms: number): string => `${localDate(ms)}T${localTime(ms)}`;

/** What such a field holds as an instant; undefined while it is half typed. Without a zone, a text is local time. */
export function fromInput(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** The longest range that one file may cover, as the server has it. */
export const longestDownloadMs = 24 * 3_600_000;

export type RangeFault = 'download.incomplete' | 'download.order' | 'download.tooLong';

export function rangeFault(from: number | undefined, to: number | undefined): RangeFault | undefined {
  if (from === undefined || to === undefined) return 'download.incomplete';
  if (to <= from) return 'download.order';
  return to - from > longestDownloadMs ? 'download.tooLong' : undefined;
}
