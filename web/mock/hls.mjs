// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// GET /cameras/{id}/playback.m3u8 and its segments: the looped clip, cut at the gaps of the invented history.

import { moved } from './boxes.mjs';
import { groupSeconds, loopSeconds } from './clips.mjs';
import { timeline } from './history.mjs';

const groupMs = groupSeconds * 1000;
const time = (ms) => new Date(ms).toISOString();

/** @returns the playlist, or undefined when nothing is recorded in the range */
export function playlist(camera, from, to, now) {
  const durable = now - 500;
  const growing = to === undefined || to > durable;
  const end = Math.min(to ?? durable, durable);
  const { spans } = timeline(camera.seed, from, end, 0, durable);
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${groupSeconds}`,
    `#EXT-X-PLAYLIST-TYPE:${growing ? 'EVENT' : 'VOD'}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    '#EXT-X-MAP:URI="segments/init.mp4"',
  ];
  let first = true;
  let count = 0;
  for (const [spanStart, spanEnd] of spans) {
    // Whole groups of pictures, from the random access point at or before the start.
    const group = Math.floor(spanStart / groupMs);
    if (!first) lines.push('#EXT-X-DISCONTINUITY');
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${time(group * groupMs)}`);
    for (let n = group; (n + (growing ? 1 : 0)) * groupMs < spanEnd; n++) {
      lines.push(`#EXTINF:${groupSeconds}.000,`, `segments/${n}.m4s`);
      count++;
    }
    first = false;
  }
  if (!growing) lines.push('#EXT-X-ENDLIST');
  return count === 0 && !growing ? undefined : `${lines.join('\n')}\n`;
}

/** Segment `n` counts groups of pictures since 1970. */
export function segment(clip, n) {
  const start = n * groupSeconds;
  const within = start % loopSeconds;
  const parts = [];
  let sequence = 0;
  for (const { data, track, seconds } of clip.timed) {
    if (seconds < within || seconds >= within + groupSeconds) continue;
    parts.push(moved(data, (start - within + seconds) * track.timescale, ++sequence));
  }
  return Buffer.concat(parts);
}

export function snapshot(clip, at) {
  const index = Math.floor(((at / 1000) % loopSeconds) * 2);
  return clip.jpegs[Math.min(index, clip.jpegs.length - 1)];
}
