// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import { existsSync } from 'node:fs';
import { join } from 'node:path';

// Real pictures where a directory with clips is given, moving test pictures otherwise.
const clips = process.env.ROOKERY_CLIPS;
const source = (file, made) =>
  clips && existsSync(join(clips, file))
    ? ['-stream_loop', '-1', '-i', join(clips, file)]
    : ['-f', 'lavfi', '-i', made];

/** What can be seen. `size` is small on purpose: the mock is for the page, not for the decoder. */
export const scenes = {
  street: { name: 'street', size: '1280x720', input: source('car-detection.mp4', 'testsrc2=size=1280x720:rate=25') },
  door: {
    name: 'door',
    size: '1280x720',
    input: source('one-by-one-person-detection.mp4', 'mandelbrot=size=1280x720:rate=25:start_scale=0.5'),
  },
  chart: { name: 'chart', size: '960x540', input: ['-f', 'lavfi', '-i', 'testsrc2=size=960x540:rate=25'] },
  cells: {
    name: 'cells',
    size: '640x480',
    input: ['-f', 'lavfi', '-i', 'life=size=160x120:mold=10:rate=25:ratio=0.1:death_color=#203040:life_color=#80c0c8'],
  },
  hevc: { name: 'hevc', size: '960x540', codec: 'h265', input: ['-f', 'lavfi', '-i', 'testsrc=size=960x540:rate=25'] },
};

const list = [
  ['Gate north', 'street'],
  ['Entrance hall', 'door'],
  ['Car park, level 2', 'chart'],
  ['Yard', 'cells'],
  ['Loading dock', 'hevc'],
  ['Server room', 'street', 'failed'],
  ['Roof', 'door', 'connecting'],
  ['Corridor B', 'chart', 'stalled'],
  ['Canteen', 'cells', 'disabled'],
  ...Array.from({ length: 11 }, (_, i) => [`Aisle ${i + 1}`, ['street', 'door', 'chart', 'cells'][i % 4]]),
];

const faults = {
  failed: 'The camera at 192.168.7.26:554 does not accept connections (connection refused).',
  connecting: null,
  stalled: 'The stream is open, but no picture has arrived for 8 s.',
  disabled: null,
};

/** Of a camera that goes on all the same. */
const losing =
  '37 packets were dropped by this machine before they could be read: it has too little processor time, or its receive buffer of 416 KiB is too small.';

export function createCameras() {
  return list.map(([name, scene, phase = 'streaming'], i) => ({
    id: String(i + 1),
    seed: i + 1,
    scene,
    name,
    url: `rtsp://192.168.7.${21 + i}:554/stream1`,
    user: i % 2 ? 'viewer' : null,
    hasPassword: i % 2 === 1,
    transport: 'auto',
    recording: phase === 'disabled' ? 'off' : 'continuous',
    retentionDays: i % 3 ? null : 30,
    retentionClass: null,
    removed: false,
    phase,
    viewers: 0,
  }));
}

/** A camera as the API tells it. */
export function told(camera, clip, now) {
  const { seed, scene, phase, viewers, ...plain } = camera;
  const { name } = plain;
  const live = phase === 'streaming';
  const fault = faults[phase] ?? (name === 'Yard' ? losing : null);
  const wave = Math.sin(now / 9000 + seed);
  return {
    ...plain,
    state: {
      phase,
      recording: live && camera.recording === 'continuous',
      bitrate: live ? Math.round(3.6e6 + seed * 1e5 + 4e5 * wave) : 0,
      frameRate: live ? 25 : 0,
      codec: clip.codec,
      width: clip.width,
      height: clip.height,
      audioCodec: 'aac',
      mimeType: clip.mimeType,
      driftPpm: live ? 12 * Math.sin(seed) : null,
      lastError: fault ? { at: new Date(now - 95_000).toISOString(), message: fault } : null,
      durableUntil: live ? new Date(now - 400).toISOString() : null,
      viewers,
    },
  };
}
