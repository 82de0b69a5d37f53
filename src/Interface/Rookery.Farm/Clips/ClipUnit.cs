// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Rookery.Farm.Clips;

/// <summary>One access unit of a clip.</summary>
/// <param name="DecodeTicks">Decode time after the start of the round, in units of the track's RTP clock. It is also when the unit is due.</param>
/// <param name="PresentationTicks">Presentation time after the start of the round; what the RTP timestamp carries.</param>
/// <param name="IsRandomAccess">Decoding can start here.</param>
/// <param name="SizeBytes">Bytes of the access unit in the form MP4 stores it.</param>
/// <param name="Hash">See <see cref="HashOf"/>.</param>
/// <param name="FirstPacket">Index of its first packet in the track; its last one is before the first packet of the next unit.</param>
public readonly record struct ClipUnit(
    long DecodeTicks, long PresentationTicks, bool IsRandomAccess, int SizeBytes, ulong Hash, int FirstPacket)
{
    /// <summary>The first 8 bytes, big-endian, of the SHA-256 of an access unit in the form MP4 stores it: enough to tell units apart in a comparison.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> accessUnit)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(accessUnit, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
