// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { AnchorHTMLAttributes, MouseEvent } from 'react';
import { go } from './router';

/** An anchor that moves within the page, and still opens a new tab when the user wants one. */
export function Link({ to, onClick, ...rest }: { to: string } & AnchorHTMLAttributes<HTMLAnchorElement>) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return <a {...rest} href={to} onClick={follow} />;
}
