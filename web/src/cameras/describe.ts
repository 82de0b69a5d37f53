// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { Camera, CameraState } from '../api/types';

const names: Record<string, string> = {
  h264: 'H.264',
  h265: 'H.265',
  jpeg: 'JPEG',
  aac: 'AAC',
  opus: 'Opus',
  pcma: 'G.711 A-law',
  pcmu: 'G.711 µ-law',
  g711a: 'G.711 A-law',
  g711u: 'G.711 µ-law',
};

export const codecName = (codec: string): string => names[codec.toLowerCase()] ?? codec;

/** "H.264 1920×1080 · 25 fps · AAC", with what is known; empty when nothing is. */
export function formatText(state: CameraState): string {
  if (!state.codec) return '';
  const size = state.width > 0 ? ` ${state.width}×${state.height}` : '';
  const parts = [codecName(state.codec) + size];
  if (state.frameRate > 0) parts.push(`${Number(state.frameRate.toFixed(1))} fps`);
  if (state.audioCodec) parts.push(codecName(state.audioCodec));
  return parts.join(' · ');
}

/** A camera that works again keeps its last error in sight for so long: one that loses something every few minutes is not well. */
const lateMs = 300_000;

/**
 * What is wrong with a camera at this moment, and what was wrong just now; null when there is nothing to say. An older
 * error of a camera that works is history.
 */
export function troubleOf({ state, recording }: Camera, now: number): CameraState['lastError'] {
  const isWanted = recording === 'continuous';
  const isWell = state.phase === 'disabled' || (state.phase === 'streaming' && (state.recording || !isWanted));
  return isWell && state.lastError && now - Date.parse(state.lastError.at) > lateMs ? null : state.lastError;
}
