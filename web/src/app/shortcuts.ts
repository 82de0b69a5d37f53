// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useEffect, useRef } from 'react';

export type Shortcuts = Record<string, ((event: KeyboardEvent) => void) | undefined>;

/** The name of a key as used here: "Shift+ArrowLeft", "f", "?", "Space". Shift counts only for keys with a name. */
export function keyName(event: Pick<KeyboardEvent, 'key' | 'shiftKey'>): string {
  if (event.key === ' ') return 'Space';
  if (event.key.length === 1) return event.key.toLowerCase();
  return event.shiftKey ? `Shift+${event.key}` : event.key;
}

/** Whether the key belongs to what has the focus (typing, choosing in a list, an open dialog), not to the page. */
function taken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return true;
  if (document.querySelector('[role="dialog"][aria-modal="true"]') && event.key !== '?') return true;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('input, textarea, select, [role="menu"], [role="listbox"], [role="radiogroup"]')) return true;
  // A focused button is pressed by these two.
  return (event.key === ' ' || event.key === 'Enter') && target.closest('button, a') !== null;
}

/** Keys of the page that are in force while the component lives. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || taken(event)) return;
      const action = current.current[keyName(event)];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
