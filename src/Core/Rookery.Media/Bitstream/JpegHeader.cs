// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Bitstream;

/// <summary>The header of a baseline JPEG picture as RFC 2435 §4.1 rebuilds it: all segments from SOI to SOS.</summary>
internal static class JpegHeader
{
    /// <summary>The largest header: tables of 16 bits and a restart interval.</summary>
    public const int MaximumBytes = 2 + 18 + (2 * (5 + 128)) + 6 + 19 + 420 + 14;

    /// <param name="destination">At least <see cref="MaximumBytes"/>.</param>
    /// <param name="type">Sampling: 0 for 4:2:2 (luminance 2×1), 1 for 4:2:0 (2×2).</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="tables">Both quantisation tables, luminance first.</param>
    /// <param name="precision">Bit n is set when table n has 16 bits a coefficient.</param>
    /// <param name="restartInterval">In minimum coded units; 0 for none.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, int type, int width, int height, ReadOnlySpan<byte> tables, int precision, int restartInterval)
    {
        Cursor cursor = new(destination);
        cursor.Put([0xFF, 0xD8]);
        cursor.Put([0xFF, 0xE0, 0, 16, (byte)'J', (byte)'F', (byte)'I', (byte)'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        for (int table = 0; table < 2; table++)
        {
            bool isWide = (precision & (1 << table)) != 0;
            int size = isWide ? 128 : 64;
            cursor.Put([0xFF, 0xDB, 0, (byte)(size + 3), (byte)((isWide ? 0x10 : 0) | table)]);
            cursor.Put(tables[..size]);
            tables = tables[size..];
        }

        if (restartInterval > 0)
        {
            cursor.Put([0xFF, 0xDD, 0, 4, (byte)(restartInterval >> 8), (byte)restartInterval]);
        }

        cursor.Put([0xFF, 0xC0, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 3]);
        cursor.Put([1, type == 0 ? (byte)0x21 : (byte)0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        cursor.Put(JpegTables.HuffmanSegment);
        cursor.Put([0xFF, 0xDA, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
        return cursor.Length;
    }

    private ref struct Cursor(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;

        public int Length { get; private set; }

        public void Put(scoped ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_destination[Length..]);
            Length += bytes.Length;
        }
    }
}
