// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Rtp;

/// <summary>Types of RTCP packets (RFC 3550 §12.1).</summary>
public enum RtcpPacketType : byte
{
    SenderReport = 200,
    ReceiverReport = 201,
    SourceDescription = 202,
    Bye = 203,
    Application = 204,
}

/// <summary>
/// Walks the packets of one compound RTCP packet (RFC 3550 §6.1), a view over the caller's bytes. Stops at the first packet that runs past
/// the end: what came before it stands. Unknown types are shown, so that the caller may pass over them.
/// </summary>
public ref struct RtcpReader
{
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _body;

    public RtcpReader(ReadOnlySpan<byte> compound) => _rest = compound;

    public RtcpPacketType Type { get; private set; }

    /// <summary>Report blocks, chunks or sources in this packet, 0 to 31.</summary>
    public int Count { get; private set; }

    /// <summary>Who sent the report, or the first source that says goodbye; 0 when the packet names none.</summary>
    public readonly uint Ssrc => _body.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(_body) : 0;

    /// <summary>Whether <see cref="SenderInfo"/> may be read.</summary>
    public readonly bool HasSenderInfo => Type == RtcpPacketType.SenderReport && _body.Length >= 4 + SenderInfo.Bytes;

    public readonly SenderInfo SenderInfo => HasSenderInfo
        ? SenderInfo.Parse(_body[4..])
        : throw new InvalidOperationException("Not a sender report.");

    /// <summary>Report blocks that are really there; less than <see cref="Count"/> when the packet is cut short.</summary>
    public readonly int ReportBlockCount => Type switch
    {
        RtcpPacketType.SenderReport => Math.Clamp((_body.Length - 4 - SenderInfo.Bytes) / ReportBlock.Bytes, 0, Count),
        RtcpPacketType.ReceiverReport => Math.Clamp((_body.Length - 4) / ReportBlock.Bytes, 0, Count),
        _ => 0,
    };

    /// <summary>Moves to the next packet.</summary>
    /// <returns><c>false</c> at the end, or where the bytes stop making sense.</returns>
    public bool TryRead()
    {
        if (_rest.Length < 4 || _rest[0] >> 6 != 2)
        {
            return false;
        }

        int length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
        if (length > _rest.Length)
        {
            return false;
        }

        int end = length;
        if ((_rest[0] & 0x20) != 0)
        {
            int padding = _rest[length - 1];
            if (padding == 0 || padding > length - 4)
            {
                return false;
            }

            end -= padding;
        }

        Type = (RtcpPacketType)_rest[1];
        Count = _rest[0] & 0x1F;
        _body = _rest[4..end];
        _rest = _rest[length..];
        return true;
    }

    /// <param name="index">0 ≤ index &lt; <see cref="ReportBlockCount"/>.</param>
    public readonly ReportBlock GetReportBlock(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, ReportBlockCount);
        int start = Type == RtcpPacketType.SenderReport ? 4 + SenderInfo.Bytes : 4;
        return ReportBlock.Parse(_body[(start + (index * ReportBlock.Bytes))..]);
    }

    /// <summary>The canonical name of the first chunk of a source description, UTF-8 (§6.5.1); empty when there is none.</summary>
    public readonly ReadOnlySpan<byte> CanonicalName()
    {
        if (Type != RtcpPacketType.SourceDescription || _body.Length < 4)
        {
            return default;
        }

        ReadOnlySpan<byte> items = _body[4..];
        while (items.Length >= 2 && items[0] != 0)
        {
            int length = items[1];
            if (2 + length > items.Length)
            {
                return default;
            }

            if (items[0] == 1)
            {
                return items.Slice(2, length);
            }

            items = items[(2 + length)..];
        }

        return default;
    }
}
