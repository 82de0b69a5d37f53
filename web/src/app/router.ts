// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useSyncExternalStore } from 'react';
import { partsOf } from './path';

/** Where the page is: the path, split, and the query. Kept in the address bar so that a view can be sent to somebody. */
export interface Place {
  path: string;
  parts: string[];
  query: URLSearchParams;
}

const listeners = new Set<() => void>();
const notify = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', notify);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Goes to an address of this page. `replace` keeps the history short while something is only being adjusted. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, '', to);
  else window.history.pushState(null, '', to);
  notify();
}

export function usePlace(): Place {
  const address = useSyncExternalStore(subscribe, () => window.location.pathname + window.location.search);
  const [path = '/', query = ''] = address.split('?');
  return { path, parts: partsOf(path), query: new URLSearchParams(query) };
}
