// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Rtp;

/// <summary>What a receiver says of one source (RFC 3550 §6.4.1).</summary>
/// <param name="Ssrc">The source reported on.</param>
/// <param name="FractionLost">Lost in 256 since the report before.</param>
/// <param name="CumulativeLost">24 bits, signed: duplicates make it negative.</param>
/// <param name="ExtendedHighest">Highest sequence number received, wraps in the upper 16 bits.</param>
/// <param name="Jitter">In units of the clock rate.</param>
/// <param name="LastSenderReport">Middle 32 bits of the NTP time of the last sender report; 0 for none.</param>
/// <param name="DelaySinceLastSenderReport">In 1/65536 s; 0 for none.</param>
public readonly record struct ReportBlock(
    uint Ssrc, byte FractionLost, int CumulativeLost, uint ExtendedHighest, uint Jitter, uint LastSenderReport, uint DelaySinceLastSenderReport)
{
    public const int Bytes = 24;

    public static ReportBlock Parse(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt32BigEndian(source),
        source[4],
        BinaryPrimitives.ReadInt32BigEndian(source[4..]) << 8 >> 8,
        BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[20..]));

    public void Format(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Ssrc);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], (FractionLost << 24) | (CumulativeLost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ExtendedHighest);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], DelaySinceLastSenderReport);
    }
}
