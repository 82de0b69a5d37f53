// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using System.Buffers.Binary;
using Rookery.Rtsp;

namespace Rookery.Farm.Packing;

/// <summary>Collects the RTP packets of a track as interleaved frames. Sequence number, timestamp and SSRC stay zero: each client has its own.</summary>
/// <param name="payloadType">0 to 127.</param>
internal sealed class WireBuilder(byte payloadType)
{
    private const int RtpHeaderBytes = 12;
    private const byte Version2 = 0x80;
    private const byte Marker = 0x80;

    private readonly ArrayBufferWriter<byte> _wire = new(1 << 20);
    private readonly List<int> _offsets = [0];

    public byte PayloadType => payloadType;

    /// <summary>Packets so far.</summary>
    public int PacketCount => _offsets.Count - 1;

    /// <summary>Adds a packet whose payload is a few header bytes and a slice of the unit.</summary>
    /// <param name="head">Payload header.</param>
    /// <param name="data">The rest of the payload.</param>
    /// <param name="isLast">The last packet of its access unit: sets the marker bit (RFC 6184 §5.1, RFC 7798 §4.1, RFC 3640 §3.1).</param>
    public void Add(ReadOnlySpan<byte> head, ReadOnlySpan<byte> data, bool isLast)
    {
        int rtpBytes = RtpHeaderBytes + head.Length + data.Length;
        Span<byte> frame = _wire.GetSpan(InterleavedFrame.HeaderBytes + rtpBytes)[..(InterleavedFrame.HeaderBytes + rtpBytes)];
        frame.Clear();
        InterleavedFrame.WriteHeader(frame, channel: 0, rtpBytes);
        Span<byte> rtp = frame[InterleavedFrame.HeaderBytes..];
        rtp[0] = Version2;
        rtp[1] = (byte)(payloadType | (isLast ? Marker : 0));
        head.CopyTo(rtp[RtpHeaderBytes..]);
        data.CopyTo(rtp[(RtpHeaderBytes + head.Length)..]);
        _wire.Advance(frame.Length);
        _offsets.Add(_wire.WrittenCount);
    }

    /// <summary>The frames back to back, and where each begins, with the total length at the end.</summary>
    public (byte[] Wire, int[] Offsets) Build() => (_wire.WrittenSpan.ToArray(), [.. _offsets]);

    /// <summary>Reads the length in front of a NAL unit; the bytes that follow it are given back.</summary>
    internal static ReadOnlySpan<byte> NextNal(ref ReadOnlySpan<byte> unit)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(unit);
        ReadOnlySpan<byte> nal = unit.Slice(4, length);
        unit = unit[(4 + length)..];
        return nal;
    }
}
