// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>A track of an MP4 file or an initialization segment.</summary>
/// <param name="Id">1 and up, unique in the file.</param>
/// <param name="Timescale">Units of the track's media time in a second.</param>
/// <param name="Formats">At least one; each becomes a sample entry, in this order. All of one <see cref="TrackKind"/>.</param>
public sealed record Mp4Track(uint Id, uint Timescale, IReadOnlyList<TrackFormat> Formats)
{
    public Mp4Track(uint id, TrackFormat format)
        : this(id, (uint)format.Timescale, [format])
    {
    }

    public TrackKind Kind => Formats[0].Kind;

    /// <summary>Whether MP4 has a sample entry for this coding. ONVIF metadata has none here.</summary>
    public static bool CanHold(TrackFormat format) => format.Kind != TrackKind.Metadata;
}
