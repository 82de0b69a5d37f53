// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

/** Media Source, or what Safari on phones has in its place. Undefined where the browser has neither. */
export const MediaSourceClass: typeof MediaSource | undefined =
  (globalThis as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource ?? globalThis.MediaSource;

/** Whether this browser plays the format; asked before anything is fetched. */
export function canPlay(mimeType: string): boolean {
  return MediaSourceClass?.isTypeSupported(mimeType) ?? false;
}

/**
 * A type to ask with when only the codec of a recording is known, not its profile: the most common profile of each.
 * Undefined for a codec that no browser plays in MP4.
 */
export function typicalMimeType(codec: string): string | undefined {
  if (codec === 'h264') return 'video/mp4; codecs="avc1.640028"';
  if (codec === 'h265') return 'video/mp4; codecs="hvc1.1.6.L120.B0"';
  return undefined;
}

/** False only when it is certain that this browser cannot play the codec. */
export function mayPlayCodec(codec: string | null): boolean {
  if (codec === null) return true;
  const mimeType = typicalMimeType(codec);
  return mimeType !== undefined && canPlay(mimeType);
}
