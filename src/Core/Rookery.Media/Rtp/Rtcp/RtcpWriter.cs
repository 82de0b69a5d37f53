// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Rtp;

/// <summary>
/// Writes a compound RTCP packet into the caller's buffer. RFC 3550 §6.1: a report first, then a source description, then a goodbye.
/// 256 bytes hold a report with one block, a canonical name of up to 127 bytes and a goodbye.
/// </summary>
public ref struct RtcpWriter
{
    private const int MaximumNameBytes = 127;

    private readonly Span<byte> _buffer;

    public RtcpWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    public void SenderReport(uint ssrc, in SenderInfo info, scoped ReadOnlySpan<ReportBlock> blocks = default)
    {
        Span<byte> body = Begin(RtcpPacketType.SenderReport, blocks.Length, 4 + SenderInfo.Bytes + (blocks.Length * ReportBlock.Bytes));
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        info.Format(body[4..]);
        FormatBlocks(body[(4 + SenderInfo.Bytes)..], blocks);
    }

    public void ReceiverReport(uint ssrc, scoped ReadOnlySpan<ReportBlock> blocks = default)
    {
        Span<byte> body = Begin(RtcpPacketType.ReceiverReport, blocks.Length, 4 + (blocks.Length * ReportBlock.Bytes));
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        FormatBlocks(body[4..], blocks);
    }

    /// <param name="ssrc">Whom it names.</param>
    /// <param name="canonicalName">UTF-8, at most 127 bytes; longer ones are cut.</param>
    public void SourceDescription(uint ssrc, scoped ReadOnlySpan<byte> canonicalName)
    {
        canonicalName = canonicalName[..Math.Min(canonicalName.Length, MaximumNameBytes)];
        // The chunk ends with at least one zero octet and fills whole words (§6.5).
        int chunk = (4 + 2 + canonicalName.Length + 1 + 3) & ~3;
        Span<byte> body = Begin(RtcpPacketType.SourceDescription, 1, chunk);
        body.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        body[4] = 1;
        body[5] = (byte)canonicalName.Length;
        canonicalName.CopyTo(body[6..]);
    }

    public void Bye(uint ssrc) => BinaryPrimitives.WriteUInt32BigEndian(Begin(RtcpPacketType.Bye, 1, 4), ssrc);

    private Span<byte> Begin(RtcpPacketType type, int count, int bodyBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 31);
        Span<byte> packet = _buffer.Slice(Length, 4 + bodyBytes);
        packet[0] = (byte)(0x80 | count);
        packet[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(bodyBytes / 4));
        Length += packet.Length;
        return packet[4..];
    }

    private static void FormatBlocks(Span<byte> destination, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i].Format(destination[(i * ReportBlock.Bytes)..]);
        }
    }
}
