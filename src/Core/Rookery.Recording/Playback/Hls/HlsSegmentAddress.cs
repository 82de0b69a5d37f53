// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Rookery.Foundation;

namespace Rookery.Recording.Playback.Hls;

/// <summary>Samples of one run of one track that belong to a segment.</summary>
/// <param name="Role">Which coding of the channel.</param>
/// <param name="Track">Which track of it.</param>
/// <param name="Run">The run.</param>
/// <param name="From">First decode time as recorded.</param>
/// <param name="Length">Up to the first one that does not belong to it any more; positive.</param>
/// <param name="TimeOffset">From recorded decode times to those of the output.</param>
public readonly record struct HlsSegmentPart(StreamRole Role, byte Track, ulong Run, long From, long Length, long TimeOffset);

/// <summary>
/// All that is needed to make a segment again, written into its address: no server keeps a session for a player, and a segment is the same whoever makes it and when.
/// </summary>
/// <param name="Wall">Where to look for the records.</param>
/// <param name="Parts">1 to <see cref="MaximumParts"/>, video first, each track's parts in order of time.</param>
public sealed record HlsSegmentAddress(WallRange Wall, IReadOnlyList<HlsSegmentPart> Parts)
{
    public const int MaximumParts = 16;

    /// <summary>Segments are some seconds; cameras with random access points minutes apart exist. An hour bounds what one request may read.</summary>
    private static readonly TimeSpan LongestSegment = TimeSpan.FromHours(1);

    private const int MaximumCharacters = 1024;

    /// <summary>Base64url (RFC 4648 §5) of numbers in groups of seven bits: about 60 characters.</summary>
    public override string ToString()
    {
        List<byte> bytes = [];
        WriteSigned(bytes, Wall.Start.Microseconds);
        Write(bytes, (ulong)(Wall.End.Microseconds - Wall.Start.Microseconds));
        foreach (HlsSegmentPart part in Parts)
        {
            Write(bytes, ((ulong)part.Role << 8) | part.Track);
            Write(bytes, part.Run);
            WriteSigned(bytes, part.From);
            Write(bytes, (ulong)part.Length);
            WriteSigned(bytes, part.TimeOffset);
        }

        return Base64Url.EncodeToString([.. bytes]);
    }

    /// <summary>Reads an address. Anybody may have written it: it is checked for what it can cost, not for who made it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out HlsSegmentAddress? address)
    {
        address = null;
        Span<byte> buffer = stackalloc byte[MaximumCharacters];
        if (text.Length > MaximumCharacters || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, buffer, out int length))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = buffer[..length];
        if (!TryReadSigned(ref rest, out long start) || !TryRead(ref rest, out ulong span) || span > (ulong)LongestSegment.TotalMicroseconds
            || start < 0 || start > long.MaxValue / 2)
        {
            return false;
        }

        List<HlsSegmentPart> parts = [];
        while (!rest.IsEmpty)
        {
            if (parts.Count == MaximumParts || !TryRead(ref rest, out ulong track) || !TryRead(ref rest, out ulong run) || !TryReadSigned(ref rest, out long from)
                || !TryRead(ref rest, out ulong partLength) || !TryReadSigned(ref rest, out long offset))
            {
                return false;
            }

            // Sums of these stay within 64 bits.
            const long largest = long.MaxValue / 8;
            if (track > 0xFFFF || partLength is 0 or > largest || Math.Abs((decimal)from) > largest || Math.Abs((decimal)offset) > largest)
            {
                return false;
            }

            parts.Add(new((StreamRole)(track >> 8), (byte)track, run, from, (long)partLength, offset));
        }

        address = new(new(new(start), new(start + (long)span)), parts);
        return parts.Count > 0;
    }

    private static void Write(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    private static void WriteSigned(List<byte> bytes, long value) => Write(bytes, (ulong)((value << 1) ^ (value >> 63)));

    private static bool TryRead(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private static bool TryReadSigned(ref ReadOnlySpan<byte> bytes, out long value)
    {
        bool ok = TryRead(ref bytes, out ulong folded);
        value = (long)(folded >> 1) ^ -(long)(folded & 1);
        return ok;
    }
}
