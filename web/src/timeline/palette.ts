// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { GapCause } from '../api/types';

export interface Palette {
  background: string;
  rule: string;
  text: string;
  faint: string;
  span: string;
  playhead: string;
  now: string;
  mark: string;
  future: string;
  held: string;
}

export const palettes: Record<'light' | 'dark', Palette> = {
  dark: {
    background: '#171c1f',
    rule: '#2b3237',
    text: '#b4bbc0',
    faint: '#3a4248',
    span: '#2f8a94',
    playhead: '#ffffff',
    now: '#e5484d',
    mark: 'rgb(240 200 90 / 30%)',
    future: '#101416',
    held: '#f0c85a',
  },
  light: {
    background: '#ffffff',
    rule: '#e3e8ea',
    text: '#56616a',
    faint: '#c8d0d4',
    span: '#4aa3ac',
    playhead: '#101416',
    now: '#d1383d',
    mark: 'rgb(200 150 20 / 30%)',
    future: '#f1f4f5',
    held: '#b8860b',
  },
};

/**
 * Colours of gaps by who is to blame: red for the recorder and its disk, orange for the camera, violet for the network
 * between them, grey for what somebody wanted. The cause in words is on hover and in the list of gaps.
 */
export const gapColours: Record<GapCause, string> = {
  storageFailed: '#e5484d',
  recorderFailed: '#e5484d',
  overload: '#e5484d',
  cameraOffline: '#e08a2e',
  cameraStalled: '#e08a2e',
  cameraRefused: '#e08a2e',
  badStream: '#e08a2e',
  network: '#9b7bd4',
  recorderStopped: '#8a949b',
  policyOff: '#8a949b',
  unknown: '#8a949b',
};
