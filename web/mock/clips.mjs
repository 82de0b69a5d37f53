// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Clips of 16 s that loop without a seam, made once by ffmpeg and kept in the cache directory.
// 16 s: 400 pictures of 1/25 s, 8 groups of pictures of 2 s, and exactly 750 AAC frames of 1024 samples at 48 kHz.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, split, tracksOf } from './boxes.mjs';

export const loopSeconds = 16;
export const groupSeconds = 2;
const cache = join(tmpdir(), 'rookery-mock');

function ffmpeg(args) {
  const run = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (run.status !== 0) throw new Error(`ffmpeg failed: ${args.join(' ')}`);
}

/** Runs `make(target)` unless the target is there; a half-made one never takes its place. */
function once(name, make) {
  mkdirSync(cache, { recursive: true });
  const target = join(cache, name);
  if (!existsSync(target)) {
    make(join(cache, `making-${process.pid}-${name}`));
    renameSync(join(cache, `making-${process.pid}-${name}`), target);
  }
  return target;
}

/**
 * @param {{ name: string, input: string[], size: string, codec?: 'h264' | 'h265' }} wish
 * @returns a clip: init segment, tracks, fragments with their times, and pictures for snapshots
 */
export function clip({ name, input, size, codec = 'h264' }) {
  const [width, height] = size.split('x').map(Number);
  const fit = `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height},setsar=1,fps=25`;
  const video =
    codec === 'h265'
      ? [
          '-c:v',
          'libx265',
          '-tag:v',
          'hvc1',
          '-x265-params',
          'keyint=50:min-keyint=50:scenecut=0:bframes=0:log-level=1',
        ]
      : ['-c:v', 'libx264', '-tune', 'zerolatency', '-profile:v', 'high', '-g', '50', '-sc_threshold', '0'];
  const file = once(`${name}-${size}-${codec}.mp4`, (target) =>
    ffmpeg([
      ...['-t', '17', ...input, '-f', 'lavfi', '-i', 'sine=frequency=220:sample_rate=48000'],
      ...['-map', '0:v:0', '-map', '1:a:0', '-t', '17', '-vf', fit, ...video, '-preset', 'veryfast', '-crf', '26'],
      ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '64k', '-af', 'volume=0.1'],
      ...['-movflags', '+empty_moov+default_base_moof+frag_every_frame', '-use_editlist', '0', '-f', 'mp4', target],
    ]),
  );
  const pictures = once(`${name}-${size}-jpg`, (target) => {
    mkdirSync(target);
    ffmpeg(['-i', file, '-t', String(loopSeconds), '-vf', 'fps=2,scale=640:-2', '-q:v', '4', join(target, '%03d.jpg')]);
  });

  const { init, fragments } = split(readFileSync(file));
  const tracks = new Map(tracksOf(init).map((track) => [track.id, track]));
  const counted = new Map();
  const limits = { video: loopSeconds * 25, audio: (loopSeconds * 48_000) / 1024 };
  const timed = [];
  for (const data of fragments) {
    const { trackId, decodeTime, key } = describe(data);
    const track = tracks.get(trackId);
    const index = counted.get(trackId) ?? 0;
    counted.set(trackId, index + 1);
    if (index >= limits[track.kind]) continue;
    timed.push({ data, track, seconds: decodeTime / track.timescale, key: track.kind === 'video' && key });
  }
  timed.sort((a, b) => a.seconds - b.seconds || (a.track.kind === 'video' ? -1 : 1));
  const jpegs = readdirSync(pictures)
    .sort()
    .map((picture) => readFileSync(join(pictures, picture)));
  const video4cc = codec === 'h265' ? 'hvc1.1.6.L93.B0' : avcCodec(init);
  return { init, timed, jpegs, width, height, codec, mimeType: `video/mp4; codecs="${video4cc}, mp4a.40.2"` };
}

function avcCodec(init) {
  const at = init.indexOf('avcC', 0, 'latin1');
  return `avc1.${init.toString('hex', at + 5, at + 8)}`;
}
