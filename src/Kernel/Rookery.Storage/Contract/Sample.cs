// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What the store remembers of one sample.</summary>
[Flags]
public enum SampleFlags : byte
{
    None = 0,

    /// <summary>Decoding can start here.</summary>
    RandomAccess = 1,

    /// <summary>Coded data before this sample was lost on the way: until the next random access point pictures may be damaged.</summary>
    LossBefore = 2,
}

/// <summary>One access unit as the store takes it.</summary>
/// <param name="DecodeTime">In units of the run's timescale; grows strictly within a run.</param>
/// <param name="CompositionOffset">Presentation time minus decode time, in units of the timescale.</param>
/// <param name="Flags">See <see cref="SampleFlags"/>.</param>
/// <param name="Wall">When the sample was captured, UTC.</param>
/// <param name="Data">The bytes, stored as they are. The store adds a reference for as long as it needs the block.</param>
public readonly record struct Sample(long DecodeTime, int CompositionOffset, SampleFlags Flags, WallTime Wall, BlockSlice Data);

/// <summary>A sample in a stored record: half the table that MP4 wants, ready to copy.</summary>
/// <param name="DecodeDelta">Decode time after the sample before it in this record, in units of the timescale; 0 for the first.</param>
/// <param name="CompositionOffset">Presentation time minus decode time.</param>
/// <param name="SizeBytes">Bytes in the payload; samples follow each other without holes.</param>
/// <param name="Flags">See <see cref="SampleFlags"/>.</param>
public readonly record struct StoredSample(uint DecodeDelta, int CompositionOffset, int SizeBytes, SampleFlags Flags);
