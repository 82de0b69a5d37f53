// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Media;

namespace Rookery.Farm.Packing;

/// <summary>RFC 3551 §4.5.14: octets as they are.</summary>
internal sealed class G711Packer(TrackFormat format) : UnitPacker
{
    /// <summary>The static numbers of RFC 3551 §6 hold for 8 kHz and one channel alone.</summary>
    public override byte PayloadType => format is { Timescale: 8000, Channels: 1 } ? (byte)(format.Codec == Codec.Pcmu ? 0 : 8) : (byte)98;

    public override string RtpMap => string.Create(CultureInfo.InvariantCulture,
        $"{(format.Codec == Codec.Pcmu ? "PCMU" : "PCMA")}/{format.Timescale}{(format.Channels > 1 ? $"/{format.Channels}" : "")}");

    public override string? Parameters => null;

    public override void Pack(ReadOnlySpan<byte> unit, bool isRandomAccess, WireBuilder wire)
    {
        if (unit.Length > MaxPayloadBytes)
        {
            throw new InvalidDataException($"A G.711 unit has {unit.Length} bytes, more than a packet holds.");
        }

        wire.Add([], unit, isLast: false);
    }
}
