// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef, useState } from 'react';
import { links } from '../api/client';
import { iso } from '../ui/format';
import { LatestOnly } from './LatestOnly';

const previewWidth = 400;
/** Pictures kept, about 1 MB in all. */
const kept = 60;
/** Wait after a server that is busy says so, in milliseconds. */
const busyMs = 500;

interface Wish {
  key: string;
  url: string;
}

/**
 * The picture of an instant while somebody scrubs: the newest that has arrived, also while a nearer one is under way.
 * @param msPerPixel instants are rounded to two pixels (not finer than a fifth of a second), so that a hand going back
 * and forth finds its pictures
 */
export function usePicture(
  cameraId: string,
  at: number | undefined,
  msPerPixel: number,
  width = previewWidth,
): string | undefined {
  const pictures = useRef(new Map<string, string>());
  const [shown, setShown] = useState<string>();
  const loader = useRef<LatestOnly<Wish>>(null);

  useEffect(() => {
    const abort = new AbortController();
    const known = pictures.current;
    loader.current = new LatestOnly(async ({ key, url }) => {
      const answer = await fetch(url, { signal: abort.signal });
      if (answer.status === 503) await new Promise((resolve) => window.setTimeout(resolve, busyMs));
      if (!answer.ok) return;
      const blob = await answer.blob();
      if (abort.signal.aborted) return;
      const picture = URL.createObjectURL(blob);
      known.set(key, picture);
      const [oldest] = known.keys();
      if (known.size > kept && oldest !== undefined) {
        URL.revokeObjectURL(known.get(oldest) ?? '');
        known.delete(oldest);
      }
      setShown(picture);
    });
    return () => {
      loader.current?.drop();
      abort.abort();
      for (const picture of known.values()) URL.revokeObjectURL(picture);
      known.clear();
    };
  }, []);

  const step = Math.max(200, msPerPixel * 2);
  const rounded = at === undefined ? undefined : Math.round(at / step) * step;
  useEffect(() => {
    if (rounded === undefined) {
      setShown(undefined);
      return;
    }
    const key = `${cameraId} ${rounded}`;
    const known = pictures.current.get(key);
    if (known) setShown(known);
    else loader.current?.ask({ key, url: links.snapshot(cameraId, iso(rounded), width) });
  }, [cameraId, rounded, width]);

  return shown;
}
