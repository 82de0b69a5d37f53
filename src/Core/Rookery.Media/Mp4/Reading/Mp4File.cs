// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4.Reading;

/// <summary>A sample as a file describes it.</summary>
/// <param name="DecodeTime">In units of the track's timescale, as the tables say: edit lists are not applied.</param>
/// <param name="Duration">To the next sample, in the same units.</param>
/// <param name="CompositionOffset">Presentation time minus decode time.</param>
/// <param name="IsSync">Decoding can start here.</param>
/// <param name="OffsetBytes">Where its bytes begin in the file.</param>
/// <param name="SizeBytes">How many.</param>
/// <param name="Format">Which of <see cref="Mp4FileTrack.Formats"/> it needs.</param>
public readonly record struct Mp4Sample(
    long DecodeTime, uint Duration, int CompositionOffset, bool IsSync, long OffsetBytes, int SizeBytes, int Format)
{
    public long PresentationTime => DecodeTime + CompositionOffset;
}

/// <summary>One entry of an edit list (ISO/IEC 14496-12 §8.6.6).</summary>
/// <param name="Duration">In units of <see cref="Mp4File.Timescale"/>; 0 in fragmented files means: to the end.</param>
/// <param name="MediaTime">Presentation time in the track where it begins; -1 for nothing at all.</param>
public readonly record struct Mp4Edit(long Duration, long MediaTime);

/// <summary>A track of a file that was read.</summary>
/// <param name="Id">Its number in the file.</param>
/// <param name="Timescale">Units of media time in a second.</param>
/// <param name="Formats">
/// One per sample entry. Picture size and codec description are the sample entry's; frame rate and reordering are not looked up in the parameter sets.
/// </param>
/// <param name="Edits">Empty where the file has none.</param>
/// <param name="Samples">In decoding order.</param>
public sealed record Mp4FileTrack(
    uint Id, uint Timescale, IReadOnlyList<TrackFormat> Formats, IReadOnlyList<Mp4Edit> Edits, IReadOnlyList<Mp4Sample> Samples)
{
    public TrackKind Kind => Formats[0].Kind;
}

/// <summary>What a file holds.</summary>
/// <param name="Timescale">Units of movie time in a second, in which edits count.</param>
/// <param name="Tracks">Tracks of codings Rookery knows, in the order of the file; others are left out.</param>
public sealed record Mp4File(uint Timescale, IReadOnlyList<Mp4FileTrack> Tracks);
