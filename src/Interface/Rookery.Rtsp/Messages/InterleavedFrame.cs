// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Rtsp;

/// <summary>Binary data between RTSP messages: <c>$</c>, channel, 16-bit big-endian length, data (RFC 2326 §10.12).</summary>
public static class InterleavedFrame
{
    public const byte Magic = (byte)'$';
    public const int HeaderBytes = 4;

    /// <summary>Header and the longest data that its length field can say.</summary>
    public const int MaxFrameBytes = HeaderBytes + ushort.MaxValue;

    /// <param name="destination">At least <see cref="HeaderBytes"/> long.</param>
    public static void WriteHeader(Span<byte> destination, byte channel, int dataBytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataBytes, ushort.MaxValue);
        destination[0] = Magic;
        destination[1] = channel;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)dataBytes);
    }
}
