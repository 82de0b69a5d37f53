// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// Just enough of the ISO base media file format to cut an ffmpeg-made file into fragments and move them in time.

/** The boxes directly inside a range, as { type, start, end, body }. */
export function* boxes(buffer, start = 0, end = buffer.length) {
  for (let at = start; at + 8 <= end; ) {
    const size = buffer.readUInt32BE(at);
    if (size < 8 || at + size > end) throw new Error(`bad box size ${size} at ${at}`);
    yield { type: buffer.toString('latin1', at + 4, at + 8), start: at, end: at + size, body: at + 8 };
    at += size;
  }
}

/** The first box down a path such as ['moov', 'trak']. */
export function find(buffer, path, start = 0, end = buffer.length) {
  const [type, ...rest] = path;
  for (const box of boxes(buffer, start, end)) {
    if (box.type === type) return rest.length === 0 ? box : find(buffer, rest, box.body, box.end);
  }
  return undefined;
}

/** The tracks of an init segment: id, kind and time scale. */
export function tracksOf(init) {
  const moov = find(init, ['moov']);
  const tracks = [];
  for (const trak of boxes(init, moov.body, moov.end)) {
    if (trak.type !== 'trak') continue;
    const tkhd = find(init, ['tkhd'], trak.body, trak.end);
    const mdhd = find(init, ['mdia', 'mdhd'], trak.body, trak.end);
    const hdlr = find(init, ['mdia', 'hdlr'], trak.body, trak.end);
    tracks.push({
      id: init.readUInt32BE(tkhd.body + (init[tkhd.body] === 1 ? 20 : 12)),
      timescale: init.readUInt32BE(mdhd.body + (init[mdhd.body] === 1 ? 20 : 12)),
      kind: init.toString('latin1', hdlr.body + 8, hdlr.body + 12) === 'vide' ? 'video' : 'audio',
    });
  }
  return tracks;
}

/** Splits a fragmented file into its init segment and its fragments (moof + mdat, one track each). */
export function split(file) {
  let initEnd = 0;
  let moof;
  const fragments = [];
  for (const box of boxes(file)) {
    if (box.type === 'ftyp' || box.type === 'moov') initEnd = box.end;
    if (box.type === 'moof') moof = box;
    if (box.type === 'mdat' && moof) fragments.push(file.subarray(moof.start, box.end));
  }
  return { init: file.subarray(0, initEnd), fragments };
}

/** Track id, decode time and whether the fragment starts with a random access point. */
export function describe(fragment) {
  const traf = find(fragment, ['moof', 'traf']);
  const tfhd = find(fragment, ['tfhd'], traf.body, traf.end);
  const tfdt = find(fragment, ['tfdt'], traf.body, traf.end);
  const trun = find(fragment, ['trun'], traf.body, traf.end);
  const flags = fragment.readUInt32BE(trun.body) & 0xffffff;
  const firstFlags = flags & 4 ? fragment.readUInt32BE(trun.body + 8 + (flags & 1 ? 4 : 0)) : undefined;
  const tfhdFlags = fragment.readUInt32BE(tfhd.body) & 0xffffff;
  const defaultFlags = tfhdFlags & 0x20 ? fragment.readUInt32BE(tfhd.end - 4) : 0;
  return {
    trackId: fragment.readUInt32BE(tfhd.body + 4),
    decodeTime: Number(fragment.readBigUInt64BE(tfdt.body + 4)),
    key: ((firstFlags ?? defaultFlags) & 0x10000) === 0,
  };
}

/** A copy of the fragment with another decode time (in the track's time scale) and sequence number. */
export function moved(fragment, decodeTime, sequence) {
  const copy = Buffer.from(fragment);
  copy.writeUInt32BE(sequence >>> 0, find(copy, ['moof', 'mfhd']).body + 4);
  copy.writeBigUInt64BE(BigInt(Math.round(decodeTime)), find(copy, ['moof', 'traf', 'tfdt']).body + 4);
  return copy;
}
