// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useState } from 'react';

/** A preference of this browser, as JSON in its local storage. A stored value that `check` refuses is forgotten. */
export function useStored<T>(key: string, initial: T, check: (value: unknown) => value is T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => read(key, initial, check));
  const store = (next: T) => {
    setValue(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // A full or forbidden storage loses the preference, nothing else.
    }
  };
  return [value, store];
}

function read<T>(key: string, initial: T, check: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return check(value) ? value : initial;
  } catch {
    return initial;
  }
}
