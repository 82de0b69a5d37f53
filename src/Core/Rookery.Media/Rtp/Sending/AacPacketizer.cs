// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Rtp;

/// <summary>AAC-hbr (RFC 3640 §3.3.6): one access unit in a packet, or in several when it does not fit.</summary>
internal sealed class AacPacketizer(PacketizerOptions options) : Packetizer(options)
{
    private const int HeaderBytes = 4;

    /// <summary>The size field has 13 bits; AAC frames of up to 8 channels fit.</summary>
    private const int MaximumUnitBytes = (1 << 13) - 1;

    private protected override void Write(ReadOnlySpan<byte> data, bool isRandomAccess)
    {
        if (data.Length > MaximumUnitBytes)
        {
            UnitsLeftOut++;
            return;
        }

        Span<byte> payload = Payload;
        BinaryPrimitives.WriteUInt16BigEndian(payload, 16);
        BinaryPrimitives.WriteUInt16BigEndian(payload[2..], (ushort)(data.Length << 3));
        while (data.Length > 0)
        {
            int size = Math.Min(data.Length, payload.Length - HeaderBytes);
            data[..size].CopyTo(payload[HeaderBytes..]);
            data = data[size..];
            Send(HeaderBytes + size, marker: data.IsEmpty);
        }
    }
}
