// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// The rows of a record's samples: size, decode delta and composition offset as variable-length numbers (7 bits a byte, low bits first), then the flags.
/// About 7 bytes a picture and 5 a piece of sound.
/// </summary>
internal static class SampleTable
{
    /// <summary>One byte for each of the four columns.</summary>
    public const int MinimumRowBytes = 4;

    /// <summary>Three numbers of 32 bits at most, 5 bytes each, and the flags.</summary>
    public const int MaximumRowBytes = 16;

    /// <summary>Writes one row and returns its size.</summary>
    public static int WriteRow(Span<byte> destination, in StoredSample sample)
    {
        int at = WriteNumber(destination, (uint)sample.SizeBytes);
        at += WriteNumber(destination[at..], sample.DecodeDelta);
        at += WriteNumber(destination[at..], ZigZag(sample.CompositionOffset));
        destination[at] = (byte)sample.Flags;
        return at + 1;
    }

    /// <summary>Reads all rows; <c>false</c> when a row is cut short or the sizes do not add up to the payload.</summary>
    public static bool TryRead(ReadOnlySpan<byte> table, Span<StoredSample> samples, int payloadBytes)
    {
        int at = 0;
        long total = 0;
        foreach (ref StoredSample sample in samples)
        {
            if (!TryReadNumber(table, ref at, out uint size) || !TryReadNumber(table, ref at, out uint delta)
                || !TryReadNumber(table, ref at, out uint offset) || at >= table.Length || size > int.MaxValue)
            {
                return false;
            }

            sample = new StoredSample(delta, UnZigZag(offset), (int)size, (SampleFlags)table[at++]);
            total += size;
        }

        return total == payloadBytes;
    }

    private static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    private static int UnZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    private static int WriteNumber(Span<byte> destination, uint value)
    {
        int at = 0;
        while (value >= 0x80)
        {
            destination[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[at] = (byte)value;
        return at + 1;
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> source, ref int at, out uint value)
    {
        value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            if (at >= source.Length)
            {
                return false;
            }

            byte b = source[at++];
            value |= (uint)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                // The fifth byte holds the upper four bits only.
                return shift < 28 || b < 0x10;
            }
        }

        return false;
    }
}
