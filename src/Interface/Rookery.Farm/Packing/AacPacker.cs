// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Media;

namespace Rookery.Farm.Packing;

/// <summary>RFC 3640 §3.3.6, AAC-hbr: one access unit a packet; units that do not fit are fragmented (§3.2.3.2).</summary>
internal sealed class AacPacker(TrackFormat format) : UnitPacker
{
    private const int HeaderBytes = 4;

    /// <summary>What 13 bits of AU-size can say.</summary>
    private const int MaxUnitBytes = (1 << 13) - 1;

    public override byte PayloadType => 97;

    public override string RtpMap => string.Create(CultureInfo.InvariantCulture, $"MPEG4-GENERIC/{format.Timescale}/{format.Channels}");

    public override string Parameters =>
        $"streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config={Convert.ToHexString(format.CodecPrivate.Span)}";

    public override void Pack(ReadOnlySpan<byte> unit, bool isRandomAccess, WireBuilder wire)
    {
        if (unit.Length > MaxUnitBytes)
        {
            throw new InvalidDataException($"An AAC unit has {unit.Length} bytes, more than RFC 3640 can say.");
        }

        // 16 bits: the length of the headers in bits; then 13 bits of size, 3 bits of index 0.
        ReadOnlySpan<byte> head = [0, 16, (byte)(unit.Length >> 5), (byte)(unit.Length << 3)];
        do
        {
            int length = Math.Min(unit.Length, MaxPayloadBytes - HeaderBytes);
            wire.Add(head, unit[..length], isLast: length == unit.Length);
            unit = unit[length..];
        }
        while (!unit.IsEmpty);
    }
}
