// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { Palette } from './palette';
import { gapColours } from './palette';
import type { Recorded } from './recorded';
import { ticks } from './ticks';
import { toX, type View } from './view';

/** Where things stand, in CSS pixels from the top. */
export const rulerHeight = 24;
const bar = { top: rulerHeight + 10, height: 26 };
/** A line above what holds keep. */
const heldHeight = 4;
export const timelineHeight = bar.top + bar.height + 12;

export interface Scene {
  view: View;
  width: number;
  recorded: Recorded;
  now: number;
  /** Of the picture on screen; undefined before there is one. */
  playhead: number | undefined;
  /** Where the pointer or a scrubbing finger is. */
  pointer: number | undefined;
  mark: { from: number; to: number } | undefined;
  palette: Palette;
}

/** Draws the whole timeline; cheap enough (a few hundred rectangles) to do for every change. */
export function draw(context: CanvasRenderingContext2D, scene: Scene): void {
  const { view, width, palette } = scene;
  const x = (at: number) => toX(view, width, at);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, timelineHeight);
  drawRuler(context, scene, x);
  drawBar(context, scene, x);
  drawMark(context, scene, x);

  if (scene.pointer !== undefined) line(context, x(scene.pointer), palette.faint, 1);
  if (scene.now >= view.from && scene.now <= view.to) line(context, x(scene.now), palette.now, 1);
  if (scene.playhead !== undefined) drawPlayhead(context, x(scene.playhead), palette);
}

type Place = (at: number) => number;

function drawRuler(context: CanvasRenderingContext2D, { view, width, palette }: Scene, x: Place): void {
  context.font = '11px system-ui, sans-serif';
  context.textBaseline = 'middle';
  for (const tick of ticks(view, width)) {
    const at = Math.round(x(tick.at));
    context.fillStyle = tick.midnight ? palette.text : palette.rule;
    context.fillRect(at, 0, 1, tick.midnight ? timelineHeight : rulerHeight);
    context.fillStyle = palette.text;
    context.fillText(tick.label, at + 5, rulerHeight / 2);
  }
  context.fillStyle = palette.rule;
  context.fillRect(0, rulerHeight, width, 1);
}

function drawBar(context: CanvasRenderingContext2D, { width, recorded, now, palette }: Scene, x: Place): void {
  const box = (from: number, to: number, leastPx: number) => {
    const left = Math.max(0, x(from));
    const right = Math.min(width, Math.max(x(to), left + leastPx));
    if (right > 0 && left < width) context.fillRect(left, bar.top, right - left, bar.height);
  };
  context.fillStyle = palette.rule;
  context.fillRect(0, bar.top, width, bar.height);
  context.fillStyle = palette.span;
  for (const span of recorded.spans) box(span.start, span.end, 1);
  for (const gap of recorded.gaps) {
    context.fillStyle = gapColours[gap.cause];
    // However short, a gap is what people look for.
    box(gap.start, gap.end, 2);
  }
  for (const held of recorded.holds) {
    context.fillStyle = palette.held;
    const left = Math.max(0, x(held.start));
    const right = Math.min(width, Math.max(x(held.end), left + 2));
    if (right > 0 && left < width) context.fillRect(left, bar.top - heldHeight - 1, right - left, heldHeight);
  }
  context.fillStyle = palette.future;
  if (x(now) < width) context.fillRect(Math.max(0, x(now)), bar.top, width, bar.height);
}

function drawMark(context: CanvasRenderingContext2D, { mark, palette }: Scene, x: Place): void {
  if (!mark) return;
  context.fillStyle = palette.mark;
  const left = x(mark.from);
  context.fillRect(left, rulerHeight, Math.max(2, x(mark.to) - left), timelineHeight - rulerHeight);
}

function line(context: CanvasRenderingContext2D, x: number, colour: string, thickness: number): void {
  context.fillStyle = colour;
  context.fillRect(Math.round(x - thickness / 2), rulerHeight, thickness, timelineHeight - rulerHeight);
}

function drawPlayhead(context: CanvasRenderingContext2D, x: number, palette: Palette): void {
  line(context, x, palette.playhead, 2);
  context.beginPath();
  context.moveTo(x - 6, rulerHeight - 4);
  context.lineTo(x + 6, rulerHeight - 4);
  context.lineTo(x, rulerHeight + 6);
  context.closePath();
  context.fill();
}
