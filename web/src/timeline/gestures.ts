// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { pan, toTime, toX, type View, zoom } from './view';

/** What the hand is doing. Scrubbing begins on the ruler or the playhead, everything else that moves is panning. */
export type Hand =
  | { kind: 'none' }
  | { kind: 'pressed'; x: number; scrubs: boolean }
  | { kind: 'panning'; x: number }
  | { kind: 'scrubbing' }
  | { kind: 'pinching'; distance: number };

export interface Effect {
  hand: Hand;
  view?: View;
  /** The pointer is over this instant: show its picture. */
  hover?: number;
  /** The user has decided: play from here. */
  pick?: number;
}

/** A movement below this is a click by an unsteady hand, in CSS pixels. */
const clickPx = 4;
const playheadPx = 12;
const noHand: Hand = { kind: 'none' };

export function press(x: number, onRuler: boolean, view: View, width: number, playhead: number | undefined): Hand {
  const near = playhead !== undefined && Math.abs(toX(view, width, playhead) - x) <= playheadPx;
  return { kind: 'pressed', x, scrubs: onRuler || near };
}

export function move(hand: Hand, x: number, view: View, width: number): Effect {
  const hover = toTime(view, width, x);
  switch (hand.kind) {
    case 'pressed':
      if (Math.abs(x - hand.x) < clickPx) return { hand, hover };
      return hand.scrubs ? { hand: { kind: 'scrubbing' }, hover } : shift(hand.x, x, view, width);
    case 'panning':
      return shift(hand.x, x, view, width);
    default:
      return { hand, hover };
  }
}

function shift(fromX: number, toX: number, view: View, width: number): Effect {
  const ms = toTime(view, width, fromX) - toTime(view, width, toX);
  return { hand: { kind: 'panning', x: toX }, view: pan(view, ms) };
}

export function release(hand: Hand, x: number, view: View, width: number): Effect {
  const decided = hand.kind === 'pressed' || hand.kind === 'scrubbing';
  return { hand: noHand, ...(decided ? { pick: toTime(view, width, x) } : {}) };
}

/** Two fingers: their distance zooms about the middle between them. */
export function pinch(hand: Hand, x1: number, x2: number, view: View, width: number): Effect {
  // Fingers above each other would divide by nothing.
  const distance = Math.max(20, Math.abs(x1 - x2));
  if (hand.kind !== 'pinching') return { hand: { kind: 'pinching', distance } };
  const anchor = toTime(view, width, (x1 + x2) / 2);
  return { hand: { kind: 'pinching', distance }, view: zoom(view, anchor, hand.distance / distance) };
}

/** A wheel or a touchpad: up and down zooms at the pointer, sideways (or with Shift) pans. Deltas in pixels. */
export function wheel(deltaX: number, deltaY: number, shiftKey: boolean, x: number, view: View, width: number): View {
  const sideways = shiftKey ? deltaX || deltaY : deltaX;
  if (Math.abs(sideways) > Math.abs(deltaY) || shiftKey) return pan(view, ((view.to - view.from) * sideways) / width);
  const bounded = Math.max(-240, Math.min(240, deltaY));
  return zoom(view, toTime(view, width, x), 1.0025 ** bounded);
}
