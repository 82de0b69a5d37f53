// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { iso } from '../ui/format';
import { nothing, parse, type Recorded } from './recorded';
import { tileFor } from './tiles';
import type { View } from './view';

/** How often the growing end is asked for, in milliseconds. */
const refreshMs = 4000;

/** What is recorded around the view. While a new answer is under way the previous one stays on screen. */
export function useRecorded(cameraId: string, view: View): Recorded {
  const { from, to, resolution } = tileFor(view);
  const { data } = useQuery({
    queryKey: ['timeline', cameraId, from, to, resolution],
    queryFn: ({ signal }) => api.timeline(cameraId, iso(from), iso(to), resolution, signal).then(parse),
    placeholderData: (previous, query) => (query?.queryKey[1] === cameraId ? keepPreviousData(previous) : undefined),
    staleTime: 30_000,
    gcTime: 120_000,
    refetchInterval: to > Date.now() ? refreshMs : false,
  });
  return data ?? nothing;
}
