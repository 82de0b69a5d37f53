// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { ChangePreview, Disk, Storage, StorageClass } from '../api/types';
import type { TextKey, Translate } from '../i18n/i18n';

/** How many disks may fail, in words. Null: nothing is recorded. */
export function protectionText(bears: number | null, t: Translate): string {
  if (bears === null) return t('storage.bearsUnknown');
  return bears > 1
    ? t('storage.bearsMany', { count: bears })
    : t(bears === 1 ? 'storage.bearsOne' : 'storage.bearsNone');
}

/** "3+1" as "3 data + 1 parity"; a mirror and a single copy by their names. */
export function layoutText(layout: string, t: Translate): string {
  const [data = 1, parity = 0] = layout.split('+').map(Number);
  if (parity === 0) return data === 1 ? t('storage.layoutSingle') : t('storage.layoutStripes', { data });
  if (data === 1) return t('storage.layoutMirror', { copies: parity + 1 });
  return t('storage.layoutParity', { data, parity });
}

/** Recording is less protected than it is meant to be: its layout bears fewer failures than the one that is wanted. */
export const isNarrow = (item: StorageClass): boolean =>
  Number(item.layoutNow.split('+')[1]) < Number(item.layout.split('+')[1]);

export type Tone = 'good' | 'warn' | 'bad' | 'quiet';

export const protectionTone = ({ bears, classes }: Pick<Storage, 'bears' | 'classes'>): Tone =>
  bears === null ? 'quiet' : bears === 0 ? (classes.every(isSingle) ? 'warn' : 'bad') : 'good';

const isSingle = (item: StorageClass) => item.layout.endsWith('+0');

/** What is wrong with a disk at a glance; a hot or failing one is a warning also while it works. */
export function diskTone(disk: Disk): Tone {
  if (['failed', 'missing', 'suspect'].includes(disk.state)) return 'bad';
  if (disk.doesNotAnswer) return 'bad';
  if (disk.slow || disk.errors > 0 || (disk.health?.warnings.length ?? 0) > 0) return 'warn';
  return disk.state === 'online' && !disk.spare ? 'good' : 'quiet';
}

/** The name of a class: a person's own, days, or "as long as there is room". */
export function className(item: { id: number; name: string; maximumDays: number | null }, t: Translate): string {
  if (item.id === 255) return t('storage.classHeld');
  if (item.name) return item.name;
  return item.maximumDays === null
    ? t('storage.classRoom')
    : t('storage.classDays', { days: Math.round(item.maximumDays) });
}

/** "2 days", "5 hours", "12 minutes", "40 seconds": what an estimate is worth. */
export function span(seconds: number, t: Translate, locale?: string): string {
  const [key, unit]: [TextKey, number] =
    seconds >= 172_800
      ? ['time.days', 86_400]
      : seconds >= 5400
        ? ['time.hours', 3600]
        : seconds >= 90
          ? ['time.minutes', 60]
          : ['time.seconds', 1];
  const value = Math.max(1, seconds / unit);
  const count = value.toLocaleString(locale, { maximumFractionDigits: value < 10 && unit >= 3600 ? 1 : 0 });
  return t(key, { count });
}

export const days = (value: number | null, t: Translate, locale?: string): string =>
  value === null
    ? '–'
    : t('system.days', { days: value.toLocaleString(locale, { maximumFractionDigits: value < 10 ? 1 : 0 }) });

export type Change = 'add' | 'drain' | 'useAgain' | 'remove' | 'replace' | 'spare' | 'useSpare';

/** The one word that matters most about a disk. */
export function stateKey(disk: Disk): TextKey {
  if (disk.state !== 'online') return `disk.${disk.state}`;
  if (disk.doesNotAnswer) return 'disk.hangs';
  if (disk.slow) return 'disk.slow';
  if (disk.spare) return 'disk.spare';
  return disk.activity === 'active' ? 'disk.online' : `disk.${disk.activity}`;
}

/** Which changes make sense for a disk, in the order in which they are offered. */
export function changesFor(disk: Disk): Change[] {
  if (disk.state === 'missing') return ['replace', 'remove'];
  if (disk.state === 'draining') return ['useAgain', 'replace', 'remove'];
  if (disk.state === 'failed') return ['replace', 'useAgain', 'remove'];
  if (disk.spare) return ['useSpare', 'remove'];
  return disk.liveBytes === 0 ? ['drain', 'replace', 'spare'] : ['drain', 'replace'];
}

/** What is typed before recordings are lost for good: the disk's own path. */
export const isConfirmed = (
  preview: Pick<ChangePreview, 'lostBytes'>,
  disk: Disk | undefined,
  typed: string,
): boolean => preview.lostBytes === 0 || (disk !== undefined && typed.trim() === disk.name);

/** "4T" or "500 G" as bytes, in powers of 1024; undefined for nothing, null for nonsense. */
export function sizeOf(text: string): number | undefined | null {
  if (text.trim() === '') return undefined;
  const match = /^(\d+(?:[.,]\d+)?)\s*([MGT])(?:i?B)?$/i.exec(text.trim());
  if (!match) return null;
  const power = { M: 2, G: 3, T: 4 }[match[2]?.toUpperCase() as 'M' | 'G' | 'T'];
  return Math.floor(Number(match[1]?.replace(',', '.')) * 1024 ** power);
}
