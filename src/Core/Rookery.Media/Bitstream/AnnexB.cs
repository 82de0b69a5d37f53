// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Bitstream;

/// <summary>The byte stream form of H.264 and H.265 (Annex B of both): NAL units behind start codes 00 00 01.</summary>
/// <remarks>For tests, the camera farm and child decoders; the way from camera to disk never sees it.</remarks>
public static class AnnexB
{
    /// <summary>Splits a byte stream into its NAL units, without start codes and trailing zeros.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> stream)
    {
        int start = NextStartCode(stream.Span, 0);
        while (start < stream.Length)
        {
            int begin = start + 3;
            int end = NextStartCode(stream.Span, begin);
            ReadOnlyMemory<byte> nal = stream[begin..end].TrimEnd((byte)0);
            if (!nal.IsEmpty)
            {
                yield return nal;
            }

            start = end;
        }
    }

    /// <summary>Puts a start code of four bytes in the place of each length.</summary>
    /// <param name="accessUnit">NAL units behind 4-byte lengths; changed in place.</param>
    public static void FromLengths(Span<byte> accessUnit)
    {
        while (accessUnit.Length >= 4)
        {
            uint length = BinaryPrimitives.ReadUInt32BigEndian(accessUnit);
            BinaryPrimitives.WriteUInt32BigEndian(accessUnit, 1);
            if (length > accessUnit.Length - 4)
            {
                return;
            }

            accessUnit = accessUnit[(4 + (int)length)..];
        }
    }

    /// <summary>Appends a NAL unit behind its 4-byte length.</summary>
    public static void AppendWithLength(List<byte> accessUnit, ReadOnlySpan<byte> nal)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, nal.Length);
        accessUnit.AddRange(length);
        accessUnit.AddRange(nal);
    }

    private static int NextStartCode(ReadOnlySpan<byte> stream, int from)
    {
        int at = stream[from..].IndexOf("\0\0\u0001"u8);
        return at < 0 ? stream.Length : from + at;
    }
}
