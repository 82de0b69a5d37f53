// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { localDateTime, utcDateTime } from './format';

/** An instant in the local zone, with UTC on hover and for machines. */
export function When({ at, millis = false }: { at: string | number; millis?: boolean }) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return (
    <time className="num" dateTime={new Date(ms).toISOString()} title={utcDateTime(ms)}>
      {localDateTime(ms, millis)}
    </time>
  );
}
