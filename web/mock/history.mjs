// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// What the invented cameras have recorded: 12 days, with gaps that depend on nothing but the camera and the day.

const day = 86_400_000;
const kept = 12 * day;
export const recordedSince = Math.floor((Date.now() - kept) / day) * day;

const causes = [
  ['cameraOffline', 14],
  ['network', 3],
  ['recorderStopped', 1.5],
  ['cameraStalled', 0.4],
  ['policyOff', 60],
  ['overload', 0.1],
  ['cameraRefused', 6],
  ['badStream', 0.8],
  ['storageFailed', 2],
];

// A small linear congruence: the same history at every start.
function random(seed) {
  let state = (seed * 2654435761) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The gaps of a camera that ended before `now`, oldest first. */
export function gapsOf(seed, now) {
  const gaps = [];
  for (let start = recordedSince, n = 0; start < now; start += day, n++) {
    const next = random(seed * 1000 + n);
    let at = start;
    for (let i = 0; i < 4; i++) {
      at += (0.05 + 0.25 * next()) * day;
      const [cause, minutes] = causes[Math.floor(next() * causes.length)];
      const end = at + minutes * 60_000 * (0.5 + next());
      if (end < now - 120_000) gaps.push({ start: at, end, cause });
      at = end;
    }
  }
  // One short gap a few minutes back, so that there is always one to look at closely.
  const recent = Math.floor(now / 1_800_000) * 1_800_000 - 300_000;
  if (!gaps.some((gap) => gap.end > recent - 60_000 && gap.start < recent + 60_000)) {
    gaps.push({ start: recent, end: recent + 12_500, cause: 'network' });
  }
  return gaps.sort((a, b) => a.start - b.start);
}

/** Spans and gaps inside [from, to); spans nearer to each other than `resolution` seconds are one. */
export function timeline(seed, from, to, resolution, end) {
  const gaps = gapsOf(seed, end);
  const spans = [];
  let at = recordedSince;
  for (const gap of [...gaps, { start: end, end }]) {
    const span = [Math.max(at, from), Math.min(gap.start, to)];
    const last = spans.at(-1);
    if (span[1] > span[0]) {
      if (last && span[0] - last[1] < resolution * 1000) last[1] = span[1];
      else spans.push(span);
    }
    at = gap.end;
  }
  return {
    spans,
    gaps: gaps.filter((gap) => gap.end > from && gap.start < to && gap.end - gap.start >= resolution * 1000),
  };
}
