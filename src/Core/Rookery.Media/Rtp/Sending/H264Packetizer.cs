// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>H.264 in RTP, packetization mode 1 (RFC 6184 §6.3).</summary>
internal sealed class H264Packetizer(TrackFormat format, PacketizerOptions options) : NalPacketizer(format, options, headerBytes: 1)
{
    // nal_ref_idc of parameter sets is 3 in practice; the aggregate's is the highest of its units (§5.7).
    private const byte StapAHeader = 0x60 | 24;
    private const byte FuA = 28;

    private protected override void WriteAggregateHeader(Span<byte> payload) => payload[0] = StapAHeader;

    private protected override void WriteFragmentHeader(Span<byte> payload, ReadOnlySpan<byte> nal, bool isFirst, bool isLast)
    {
        payload[0] = (byte)((nal[0] & 0xE0) | FuA);
        payload[1] = (byte)((isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0) | (nal[0] & 0x1F));
    }
}
