// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useT } from '../i18n/i18n';
import { localDateTime } from '../ui/format';
import { draw, rulerHeight, timelineHeight } from './draw';
import { type Hand, move, pinch, press, release, wheel } from './gestures';
import { Preview } from './Preview';
import { palettes } from './palette';
import type { Recorded } from './recorded';
import classes from './Timeline.module.css';
import { clampView, type View } from './view';

interface Props {
  cameraId: string;
  view: View;
  recorded: Recorded;
  playhead: number | undefined;
  mark: { from: number; to: number } | undefined;
  onView: (view: View) => void;
  /** The user wants to see this instant. */
  onPick: (at: number) => void;
}

/** The recorded time of one camera on a canvas: zooms, pans, scrubs. All decisions are in view.ts and gestures.ts. */
export function Timeline({ cameraId, view, recorded, playhead, mark, onView, onPick }: Props) {
  const t = useT();
  const scheme = useComputedColorScheme('dark');
  const { ref, width } = useElementSize<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hand = useRef<Hand>({ kind: 'none' });
  const fingers = useRef(new Map<number, number>());
  const [hover, setHover] = useState<number>();

  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current || width === 0) return;
    const ratio = window.devicePixelRatio;
    const [pixels, lines] = [Math.round(width * ratio), Math.round(timelineHeight * ratio)];
    if (canvas.current.width !== pixels || canvas.current.height !== lines) {
      canvas.current.width = pixels;
      canvas.current.height = lines;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    draw(context, {
      ...{ view, width, recorded, playhead, pointer: hover, mark },
      now: Date.now(),
      palette: palettes[scheme],
    });
  }, [view, width, recorded, playhead, hover, mark, scheme]);

  const change = useCallback((next: View) => onView(clampView(next, Date.now())), [onView]);

  // React listens to wheels passively, and then the page would scroll along.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 32 : 1;
      change(wheel(event.deltaX * lines, event.deltaY * lines, event.shiftKey, event.offsetX, view, width));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [view, width, change]);

  const place = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const { x, y } = place(event);
    event.currentTarget.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, x);
    hand.current = press(x, y < rulerHeight, view, width, playhead);
  };
  const onPointerMove = (event: PointerEvent) => {
    const { x } = place(event);
    if (fingers.current.has(event.pointerId)) fingers.current.set(event.pointerId, x);
    const [first, second] = [...fingers.current.values()];
    const effect =
      first !== undefined && second !== undefined
        ? pinch(hand.current, first, second, view, width)
        : move(hand.current, x, view, width);
    hand.current = effect.hand;
    setHover(effect.hover);
    if (effect.view) change(effect.view);
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!fingers.current.delete(event.pointerId)) return;
    const effect = release(hand.current, place(event).x, view, width);
    hand.current = effect.hand;
    if (event.pointerType !== 'mouse') setHover(undefined);
    if (effect.pick !== undefined && event.type === 'pointerup') onPick(Math.min(effect.pick, Date.now()));
  };

  return (
    <div ref={ref} className={classes.timeline}>
      {hover !== undefined && width > 0 && (
        <Preview cameraId={cameraId} at={hover} view={view} width={width} recorded={recorded} />
      )}
      {/* The keys for it are those of the page, listed behind "?". */}
      <div
        role="slider"
        tabIndex={0}
        className={classes.slider}
        aria-label={t('timeline.label')}
        aria-valuemin={view.from}
        aria-valuemax={view.to}
        aria-valuenow={playhead ?? view.from}
        aria-valuetext={playhead === undefined ? t('timeline.nothing') : localDateTime(playhead)}
      >
        <canvas
          ref={canvas}
          style={{ height: timelineHeight }}
          onPointerDown={onPointerDown}
          onPointerMove={onPointerMove}
          onPointerUp={onPointerUp}
          onPointerCancel={onPointerUp}
          onPointerLeave={() => setHover(undefined)}
        />
      </div>
    </div>
  );
}
