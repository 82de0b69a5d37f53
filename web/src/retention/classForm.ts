// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { RetentionClass, RetentionClassInput } from '../api/types';
import type { TextKey } from '../i18n/i18n';

/** Numbers of classes that people define themselves, as the server has them. */
const firstOwn = 200;
const lastOwn = 254;
const gigabyte = 1e9;

/** What the fields hold: numbers as typed, '' for nothing. */
export interface ClassForm {
  name: string;
  minimumDays: number | '';
  maximumDays: number | '';
  quotaGigabytes: number | '';
  priority: number;
}

export const emptyClass: ClassForm = { name: '', minimumDays: '', maximumDays: '', quotaGigabytes: '', priority: 50 };

export const classFormOf = (own: RetentionClass): ClassForm => ({
  name: own.name,
  minimumDays: own.minimumDays ?? '',
  maximumDays: own.maximumDays ?? '',
  quotaGigabytes: own.maximumBytes === null ? '' : own.maximumBytes / gigabyte,
  priority: own.priority,
});

/** The lowest number that no class has; undefined when there is none left. */
export function freeClassId(classes: RetentionClass[]): number | undefined {
  const used = new Set(classes.map(({ id }) => id));
  for (let id = firstOwn; id <= lastOwn; id++) if (!used.has(id)) return id;
  return undefined;
}

export function classFault(form: ClassForm): TextKey | undefined {
  if (form.name.trim() === '') return 'retention.nameMissing';
  if (form.minimumDays !== '' && form.maximumDays !== '' && form.minimumDays > form.maximumDays) {
    return 'retention.minimumAbove';
  }
  return undefined;
}

const orNull = (value: number | ''): number | null => (value === '' ? null : value);

export const classInputOf = (form: ClassForm, layout: string | null): RetentionClassInput => ({
  name: form.name.trim(),
  minimumDays: orNull(form.minimumDays),
  maximumDays: orNull(form.maximumDays),
  maximumBytes: form.quotaGigabytes === '' ? null : Math.round(form.quotaGigabytes * gigabyte),
  priority: form.priority,
  layout,
});
