// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { minute, spanOf, type View } from './view';

/** A question to the server: times in milliseconds, the resolution in whole seconds as the API wants it. */
export interface Tile {
  from: number;
  to: number;
  resolution: number;
}

/**
 * The question that answers a view with room to both sides. Lengths are powers of two and places multiples of them, so
 * that panning and zooming ask the same few questions again and find them answered.
 */
export function tileFor(view: View): Tile {
  const length = Math.max(minute, 2 ** Math.ceil(Math.log2(spanOf(view))));
  const margin = spanOf(view) / 4;
  return {
    from: Math.floor((view.from - margin) / length) * length,
    to: Math.ceil((view.to + margin) / length) * length,
    // A screen is at most 4096 pixels wide: finer than a pixel is not asked for.
    resolution: Math.floor(length / 4096 / 1000),
  };
}
