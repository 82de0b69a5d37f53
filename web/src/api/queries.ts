// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { MutationCache, QueryCache, QueryClient, useQuery } from '@tanstack/react-query';
import { ApiError, api } from './client';

export const keys = {
  session: ['session'] as const,
  setup: ['setup'] as const,
  cameras: ['cameras'] as const,
  system: ['system'] as const,
  retentionClasses: ['retentionClasses'] as const,
  holds: ['holds'] as const,
  storage: ['storage'] as const,
};

export function createQueryClient(): QueryClient {
  const whoAreWe = (error: unknown) => {
    if (error instanceof ApiError && error.status === 401) void client.invalidateQueries({ queryKey: keys.session });
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      // A session that ran out shows up as a refusal of any question or change: ask who we are, and the login page follows.
      onError: (error, query) => {
        if (query.queryKey[0] !== 'session') whoAreWe(error);
      },
    }),
    mutationCache: new MutationCache({ onError: whoAreWe }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        // Only what may pass by itself is tried again: no answer, or a server that says it is busy.
        retry: (count, error) => count < 3 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  });
  return client;
}

export const useSession = () => useQuery({ queryKey: keys.session, queryFn: api.session, staleTime: 60_000 });

/** All cameras, removed ones too (their recordings can still be played). */
export const useCameras = () => useQuery({ queryKey: keys.cameras, queryFn: ({ signal }) => api.cameras(signal) });

export const useSystem = () => useQuery({ queryKey: keys.system, queryFn: ({ signal }) => api.system(signal) });

export const useRetentionClasses = () =>
  useQuery({ queryKey: keys.retentionClasses, queryFn: ({ signal }) => api.retentionClasses(signal) });

export const useHolds = () =>
  useQuery({ queryKey: keys.holds, queryFn: ({ signal }) => api.holds(signal), refetchInterval: 30_000 });

/** Progress of rebuild and verification is worth watching. */
export const useStorage = () =>
  useQuery({ queryKey: keys.storage, queryFn: ({ signal }) => api.storage(signal), refetchInterval: 5000 });
