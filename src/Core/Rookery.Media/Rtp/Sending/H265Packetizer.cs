// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>H.265 in RTP without decoding order numbers (RFC 7798 §4.4).</summary>
internal sealed class H265Packetizer(TrackFormat format, PacketizerOptions options) : NalPacketizer(format, options, headerBytes: 2)
{
    private const byte AggregationPacket = 48;
    private const byte FragmentationUnit = 49;

    private protected override void WriteAggregateHeader(Span<byte> payload)
    {
        payload[0] = AggregationPacket << 1;
        payload[1] = 1;
    }

    private protected override void WriteFragmentHeader(Span<byte> payload, ReadOnlySpan<byte> nal, bool isFirst, bool isLast)
    {
        payload[0] = (byte)((nal[0] & 0x81) | (FragmentationUnit << 1));
        payload[1] = nal[1];
        payload[2] = (byte)((isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0) | ((nal[0] >> 1) & 0x3F));
    }
}
