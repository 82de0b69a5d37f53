// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>Neighbouring samples of one record, and their place on the output's timeline.</summary>
/// <param name="Track">0 for the leading track, which is the video where there is one; the others follow.</param>
/// <param name="Section">Counts from 0; a new one begins after every break of the leading track and with every new format of it.</param>
/// <param name="Format">How the samples are coded.</param>
/// <param name="Record">Where they are.</param>
/// <param name="FirstSample">Index in <see cref="StoredRecord.Samples"/>.</param>
/// <param name="SampleCount">At least 1.</param>
/// <param name="DecodeTime">Decode time of the first sample as recorded.</param>
/// <param name="Position">Decode time of the first sample on the output's timeline, in the record's timescale, not negative.</param>
/// <param name="OffsetBytes">Of the first sample in the record's payload.</param>
/// <param name="LengthBytes">Of all samples.</param>
public sealed record PlannedChunk(
    int Track,
    int Section,
    TrackFormat Format,
    StoredRecord Record,
    int FirstSample,
    int SampleCount,
    long DecodeTime,
    long Position,
    int OffsetBytes,
    int LengthBytes)
{
    public ReadOnlySpan<StoredSample> Samples => Record.Samples.Span.Slice(FirstSample, SampleCount);

    public uint Timescale => Record.Timescale;

    /// <summary>What to add to a recorded decode time to get its place on the output's timeline. Equal for chunks that follow each other without a break.</summary>
    public long TimeOffset => Position - DecodeTime;
}
