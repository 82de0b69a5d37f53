// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Security.Cryptography;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A format as it stands in frames and footers: 16 bytes id, 4 bytes length, 4 bytes zero, the bytes, zeros to a multiple of 8.</summary>
internal static class FormatEntry
{
    public const int HeaderBytes = 24;

    /// <summary>Largest format, in bytes: parameter sets of a few hundred bytes are usual, 64 KiB is what a length field of 16 bits can name.</summary>
    public const int MaximumBytes = 64 << 10;

    public static FormatId IdOf(ReadOnlySpan<byte> format)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(format, hash);
        return new FormatId(BinaryPrimitives.ReadUInt128LittleEndian(hash));
    }

    public static int SizeOf(int formatBytes) => HeaderBytes + ((formatBytes + 7) & ~7);

    public static int Write(Span<byte> destination, FormatId id, ReadOnlySpan<byte> format)
    {
        int size = SizeOf(format.Length);
        Span<byte> d = destination[..size];
        BinaryPrimitives.WriteUInt128LittleEndian(d, id.Value);
        BinaryPrimitives.WriteInt32LittleEndian(d[16..], format.Length);
        BinaryPrimitives.WriteInt32LittleEndian(d[20..], 0);
        format.CopyTo(d[HeaderBytes..]);
        d[(HeaderBytes + format.Length)..].Clear();
        return size;
    }

    /// <summary>Reads the format at <paramref name="at"/> and moves behind it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, out FormatId id, out ReadOnlySpan<byte> format)
    {
        id = default;
        format = default;
        if (at < 0 || source.Length - at < HeaderBytes)
        {
            return false;
        }

        ReadOnlySpan<byte> s = source[at..];
        int length = BinaryPrimitives.ReadInt32LittleEndian(s[16..]);
        if (length < 0 || length > MaximumBytes || SizeOf(length) > s.Length)
        {
            return false;
        }

        id = new FormatId(BinaryPrimitives.ReadUInt128LittleEndian(s));
        format = s.Slice(HeaderBytes, length);
        at += SizeOf(length);
        return true;
    }
}
