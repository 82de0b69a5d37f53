// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** The piece of time that is on screen, in milliseconds since 1970, half-open. */
export interface View {
  from: number;
  to: number;
}

export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** A screen shows from one second to a month and never more than 400 days back (the most that the server answers). */
export const shortestView = second;
export const longestView = 31 * day;
const reach = 399 * day;
/** Part of the screen that may lie in the future, so that "now" need not stick to the edge. */
const future = 0.2;

export const spanOf = (view: View): number => view.to - view.from;
export const toX = (view: View, width: number, at: number): number => ((at - view.from) / spanOf(view)) * width;
export const toTime = (view: View, width: number, x: number): number => view.from + (x / width) * spanOf(view);
export const contains = (view: View, at: number): boolean => at >= view.from && at < view.to;

/** The nearest view that keeps the limits: the length first, then the place. */
export function clampView(view: View, now: number): View {
  const span = Math.min(longestView, Math.max(shortestView, spanOf(view)));
  const middle = (view.from + view.to) / 2;
  const latest = now + future * span - span;
  const from = Math.min(latest, Math.max(now - reach, middle - span / 2));
  return { from, to: from + span };
}

/** Shows `factor` times as much time (below 1: closer), with the instant `anchor` staying where it is on screen. */
export function zoom(view: View, anchor: number, factor: number): View {
  const span = Math.min(longestView, Math.max(shortestView, spanOf(view) * factor));
  const share = (anchor - view.from) / spanOf(view);
  const from = anchor - share * span;
  return { from, to: from + span };
}

export const pan = (view: View, ms: number): View => ({ from: view.from + ms, to: view.to + ms });

/** The view that keeps a moving playhead on screen: turned like a page when it leaves at the right. */
export function follow(view: View, before: number, at: number): View {
  const edge = view.from + 0.95 * spanOf(view);
  return before <= edge && before >= view.from && at > edge ? pan(view, at - (view.from + 0.2 * spanOf(view))) : view;
}
