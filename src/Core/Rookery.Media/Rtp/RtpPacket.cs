// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Rtp;

/// <summary>Why bytes are not an RTP packet.</summary>
public enum RtpError : byte
{
    None = 0,
    TooShort,
    WrongVersion,

    /// <summary>The list of contributing sources or the header extension runs past the end.</summary>
    TruncatedHeader,

    /// <summary>The padding length is zero or longer than the payload.</summary>
    WrongPadding,
}

/// <summary>One RTP packet (RFC 3550 §5.1), a view over the caller's bytes and valid as long as they are.</summary>
public readonly ref struct RtpPacket
{
    /// <summary>Bytes of the header without contributing sources and extension.</summary>
    public const int HeaderBytes = 12;

    public bool Marker { get; private init; }

    /// <summary>0 to 127.</summary>
    public byte PayloadType { get; private init; }

    public ushort SequenceNumber { get; private init; }

    /// <summary>Media time modulo 2^32, in units of the clock rate.</summary>
    public uint Timestamp { get; private init; }

    public uint Ssrc { get; private init; }

    /// <summary>The profile's identifier of the header extension (§5.3.1); 0 with an empty <see cref="Extension"/> when there is none.</summary>
    public ushort ExtensionProfile { get; private init; }

    /// <summary>Content of the header extension, a multiple of 4 bytes; ONVIF replay puts its wall clock here (profile 0xABAC).</summary>
    public ReadOnlySpan<byte> Extension { get; private init; }

    /// <summary>The payload without padding; may be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> bytes, out RtpPacket packet, out RtpError error)
    {
        packet = default;
        if (bytes.Length < HeaderBytes)
        {
            error = RtpError.TooShort;
            return false;
        }

        byte first = bytes[0];
        if (first >> 6 != 2)
        {
            error = RtpError.WrongVersion;
            return false;
        }

        int payloadStart = HeaderBytes + ((first & 0x0F) * 4);
        int payloadEnd = bytes.Length;
        ushort profile = 0;
        ReadOnlySpan<byte> extension = default;
        if ((first & 0x10) != 0)
        {
            if (payloadStart + 4 > payloadEnd)
            {
                error = RtpError.TruncatedHeader;
                return false;
            }

            profile = BinaryPrimitives.ReadUInt16BigEndian(bytes[payloadStart..]);
            int extensionBytes = BinaryPrimitives.ReadUInt16BigEndian(bytes[(payloadStart + 2)..]) * 4;
            if (payloadStart + 4 + extensionBytes > payloadEnd)
            {
                error = RtpError.TruncatedHeader;
                return false;
            }

            extension = bytes.Slice(payloadStart + 4, extensionBytes);
            payloadStart += 4 + extensionBytes;
        }

        if (payloadStart > payloadEnd)
        {
            error = RtpError.TruncatedHeader;
            return false;
        }

        if ((first & 0x20) != 0)
        {
            int padding = bytes[^1];
            if (padding == 0 || padding > payloadEnd - payloadStart)
            {
                error = RtpError.WrongPadding;
                return false;
            }

            payloadEnd -= padding;
        }

        packet = new RtpPacket
        {
            Marker = (bytes[1] & 0x80) != 0,
            PayloadType = (byte)(bytes[1] & 0x7F),
            SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            ExtensionProfile = profile,
            Extension = extension,
            Payload = bytes[payloadStart..payloadEnd],
        };
        error = RtpError.None;
        return true;
    }

    /// <summary>Writes a header of <see cref="HeaderBytes"/> without contributing sources, extension or padding.</summary>
    public static void WriteHeader(Span<byte> destination, byte payloadType, bool marker, ushort sequenceNumber, uint timestamp, uint ssrc)
    {
        destination[0] = 0x80;
        destination[1] = (byte)((payloadType & 0x7F) | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], ssrc);
    }

    /// <summary>Whether a datagram or interleaved frame holds RTCP rather than RTP where both share a channel (RFC 5761 §4).</summary>
    public static bool LooksLikeRtcp(ReadOnlySpan<byte> bytes) => bytes.Length >= 2 && bytes[1] is >= 192 and <= 223;
}
