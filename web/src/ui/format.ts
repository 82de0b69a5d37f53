// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** 1536 → "1.5 KiB"; three significant digits at most. */
export function bytes(count: number, locale?: string): string {
  let value = count;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < binary.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${significant(value, locale)} ${binary[unit]}`;
}

/** bit/s as "4.20 Mbit/s"; network rates count in thousands. */
export function bitrate(bitsPerSecond: number, locale?: string): string {
  if (bitsPerSecond >= 1e6) return `${significant(bitsPerSecond / 1e6, locale)} Mbit/s`;
  return `${Math.round(bitsPerSecond / 1e3)} kbit/s`;
}

function significant(value: number, locale?: string): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** 3725.4 s → "1:02:05"; below an hour "2:05"; days as "3d 04:00:00". Rounded to whole seconds. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const [s, m, h, d] = [
    whole % 60,
    Math.floor(whole / 60) % 60,
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 86_400),
  ];
  if (d > 0) return `${d}d ${two(h)}:${two(m)}:${two(s)}`;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

const day = (value: Date) =>
  `${value.getFullYear()}-${String(value.getMonth() + 1).padStart(2, '0')}-${String(value.getDate()).padStart(2, '0')}`;

/** The local date as 2026-11-22: the same in every language, sortable, never mistaken for month and day. */
export const localDate = (ms: number): string => day(new Date(ms));

/** The local time of day as 14:03:07, or 14:03:07.250 with `millis`. */
export function localTime(ms: number, millis = false): string {
  const value = new Date(ms);
  const two = (part: number) => String(part).padStart(2, '0');
  const plain = `${two(value.getHours())}:${two(value.getMinutes())}:${two(value.getSeconds())}`;
  return millis ? `${plain}.${String(value.getMilliseconds()).padStart(3, '0')}` : plain;
}

export const localDateTime = (ms: number, millis = false): string => `${localDate(ms)} ${localTime(ms, millis)}`;

/** What is shown on hover beside a local time. */
export const utcDateTime = (ms: number): string =>
  `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} UTC`;

export const iso = (ms: number): string => new Date(ms).toISOString();
