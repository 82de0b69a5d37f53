// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Media.Rtp;

/// <summary>The clock of a sender (RFC 3550 §6.4.1): the same instant in wall time and in media time.</summary>
/// <param name="NtpTimestamp">Seconds since 1900 in 32.32 bits; 0 when the sender has no wall clock.</param>
/// <param name="RtpTimestamp">The same instant in units of the clock rate.</param>
/// <param name="PacketCount">Packets sent so far, modulo 2^32.</param>
/// <param name="OctetCount">Payload octets sent so far, modulo 2^32.</param>
public readonly record struct SenderInfo(ulong NtpTimestamp, uint RtpTimestamp, uint PacketCount, uint OctetCount)
{
    public const int Bytes = 20;

    /// <summary>1900-01-01 to 1970-01-01: 70 years with 17 leap days.</summary>
    private const long NtpToUnixSeconds = ((70L * 365) + 17) * 86400;

    /// <summary>The middle 32 bits, as a receiver report sends them back.</summary>
    public uint CompactNtp => (uint)(NtpTimestamp >> 16);

    /// <summary>The sender's wall clock. NTP seconds below 2^31 count from the era of 2036 (RFC 4330 §3).</summary>
    public WallTime Wall
    {
        get
        {
            long seconds = (long)(NtpTimestamp >> 32);
            if (seconds < 1L << 31)
            {
                seconds += 1L << 32;
            }

            long micros = (long)(((NtpTimestamp & uint.MaxValue) * 1_000_000) + (1UL << 31) >> 32);
            return new WallTime(((seconds - NtpToUnixSeconds) * 1_000_000) + micros);
        }
    }

    /// <summary>The NTP form of a wall time, modulo the era.</summary>
    public static ulong ToNtp(WallTime time)
    {
        long seconds = Math.DivRem(time.Microseconds, 1_000_000, out long micros);
        if (micros < 0)
        {
            seconds--;
            micros += 1_000_000;
        }

        return ((ulong)(seconds + NtpToUnixSeconds) << 32) | (((ulong)micros << 32) / 1_000_000);
    }

    public static SenderInfo Parse(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadUInt64BigEndian(source),
        BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
        BinaryPrimitives.ReadUInt32BigEndian(source[16..]));

    public void Format(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, NtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], RtpTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], OctetCount);
    }
}
