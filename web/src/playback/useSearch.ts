// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useCallback } from 'react';
import { api } from '../api/client';
import { neighbour, parse, playable } from '../timeline/recorded';
import { day } from '../timeline/view';
import { iso } from '../ui/format';

/** How far one question looks, in milliseconds. */
const reach = 31 * day;

/** Searches the recordings of a camera beyond what is on screen. */
export function useSearch(cameraId: string) {
  const spans = useCallback(
    async (from: number, to: number) => parse(await api.timeline(cameraId, iso(from), iso(to), 1)),
    [cameraId],
  );

  /** Where to play at or after an instant, or else the last recorded seconds before it. */
  const findPlayable = useCallback(
    async (at: number) => playable(await spans(at, at + reach), at) ?? playable(await spans(at - reach, at), at),
    [spans],
  );

  /** The beginning of the next or previous recorded span. */
  const findNeighbour = useCallback(
    async (at: number, direction: 1 | -1) =>
      neighbour(direction > 0 ? await spans(at, at + reach) : await spans(at - reach, at + 1000), at, direction),
    [spans],
  );
  return { findPlayable, findNeighbour };
}
