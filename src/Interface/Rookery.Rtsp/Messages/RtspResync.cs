// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Rtsp;

/// <summary>Finds the next plausible element in a stream that has lost its framing.</summary>
/// <remarks>
/// A single <c>$</c> proves nothing: one byte in 256 of coded video is one. A frame is believed when its channel is in use, its length is that of an RTP or RTCP
/// packet, and the packet begins with version 2; that leaves one false hit in about 2^20 bytes, which the next frame then corrects.
/// </remarks>
public static class RtspResync
{
    /// <summary>With so many bytes <see cref="Find"/> has the last word on an offset; with fewer it may change its mind.</summary>
    public const int DecidingBytes = 9;

    /// <param name="channelsInUse">Channels below this number are believed.</param>
    /// <returns>Offset of the next plausible element; or of the first byte that, with more bytes behind it, could become one.</returns>
    public static int Find(ReadOnlySpan<byte> bytes, int channelsInUse)
    {
        ReadOnlySpan<byte> response = "RTSP/1.0 "u8;
        int at = 0;
        while (at < bytes.Length)
        {
            int candidate = bytes[at..].IndexOfAny((byte)'$', (byte)'R');
            if (candidate < 0)
            {
                return bytes.Length;
            }

            at += candidate;
            ReadOnlySpan<byte> rest = bytes[at..];
            if (rest[0] == InterleavedFrame.Magic ? IsPlausibleFrame(rest, channelsInUse) : IsPrefix(rest, response))
            {
                return at;
            }

            at++;
        }

        return at;
    }

    private static bool IsPlausibleFrame(ReadOnlySpan<byte> bytes, int channelsInUse)
    {
        if (bytes.Length > 1 && bytes[1] >= channelsInUse)
        {
            return false;
        }

        // RTCP's shortest packet has 8 bytes, RTP's 12.
        if (bytes.Length >= InterleavedFrame.HeaderBytes && BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) < 8)
        {
            return false;
        }

        return bytes.Length <= InterleavedFrame.HeaderBytes || bytes[InterleavedFrame.HeaderBytes] >> 6 == 2;
    }

    private static bool IsPrefix(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> text)
    {
        int length = Math.Min(bytes.Length, text.Length);
        return bytes[..length].SequenceEqual(text[..length]);
    }
}
