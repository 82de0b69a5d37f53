// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Media;

/// <summary>What is known of an access unit.</summary>
[Flags]
public enum AccessUnitFlags : byte
{
    None = 0,

    /// <summary>Decoding can start here.</summary>
    RandomAccess = 1,

    /// <summary>Packets before or within this access unit were lost; pictures may be damaged until the next random access point.</summary>
    LossBefore = 2,
}

/// <summary>All coded data of one track for one instant.</summary>
/// <param name="DecodeTime">Unwrapped, in units of the track's timescale; grows strictly.</param>
/// <param name="CompositionOffset">Presentation time minus decode time; 0 where pictures are not reordered.</param>
/// <param name="Flags">See <see cref="AccessUnitFlags"/>.</param>
/// <param name="Data">
/// In the form MP4 stores it: NAL units each behind a 4-byte big-endian length (parameter sets left out when they equal those of the format), raw AAC or Opus frames, PCM octets, a whole JPEG, an XML document.
/// Valid during the call that hands it over; keep it with <see cref="Block.AddReference"/>.
/// </param>
public readonly record struct AccessUnit(long DecodeTime, int CompositionOffset, AccessUnitFlags Flags, BlockSlice Data)
{
    public long PresentationTime => DecodeTime + CompositionOffset;
    public bool IsRandomAccess => (Flags & AccessUnitFlags.RandomAccess) != 0;
}

/// <summary>Takes what a depacketizer makes of one track. Called on the thread that pushes packets.</summary>
public interface IAccessUnitSink
{
    /// <summary>The format of all access units that follow. Comes before the first one, and again when parameter sets change.</summary>
    void OnFormat(TrackFormat format);

    void OnAccessUnit(in AccessUnit unit);
}
