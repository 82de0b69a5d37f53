// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Bitstream;

/// <summary>What RTP has to know of a JPEG picture, found in its segments.</summary>
internal ref struct JpegPicture
{
    /// <summary>As in RFC 2435 §4.1: 0 or 1, with 64 added when there is a restart interval.</summary>
    public int Type { get; private set; }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public int RestartInterval { get; private set; }

    /// <summary>Quantisation table of the luminance, 64 bytes.</summary>
    public ReadOnlySpan<byte> Luminance { get; private set; }

    /// <summary>Of the chrominance.</summary>
    public ReadOnlySpan<byte> Chrominance { get; private set; }

    /// <summary>Entropy-coded data from behind SOS to EOI, which is left out.</summary>
    public ReadOnlySpan<byte> Scan { get; private set; }

    /// <returns><c>false</c> when it is no JPEG, or none that RFC 2435 can carry: baseline, 4:2:0 or 4:2:2, typical Huffman tables.</returns>
    public static bool TryParse(ReadOnlySpan<byte> jpeg, out JpegPicture picture)
    {
        picture = default;
        if (jpeg.Length < 4 || jpeg[0] != 0xFF || jpeg[1] != 0xD8)
        {
            return false;
        }

        Span<Range> tables = stackalloc Range[4];
        tables.Clear();
        ReadOnlySpan<byte> components = default;
        for (int at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length)
            {
                return false;
            }

            int body = at + 4;
            ReadOnlySpan<byte> segment = jpeg[body..(at + 2 + length)];
            switch (jpeg[at + 1])
            {
                case 0xDB when !TryReadTables(segment, body, tables):
                case 0xC4 when !IsTypicalHuffman(jpeg.Slice(at, 2 + length)):
                case 0xC1 or 0xC2 or 0xC3 or (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCB) or (>= 0xCD and <= 0xCF):
                    return false;
                case 0xC0 when segment.Length == 15 && segment[0] == 8 && segment[5] == 3:
                    picture.Height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]);
                    picture.Width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                    components = segment[6..];
                    break;
                case 0xDD when segment.Length == 2:
                    picture.RestartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xDA:
                    picture.Scan = WithoutEnd(jpeg[(at + 2 + length)..]);
                    return picture.TryFinish(jpeg, components, tables);
            }

            at += 2 + length;
        }

        return false;
    }

    private bool TryFinish(ReadOnlySpan<byte> jpeg, ReadOnlySpan<byte> components, scoped ReadOnlySpan<Range> tables)
    {
        if (components.IsEmpty || components[4] != 0x11 || components[7] != 0x11 || components[1] is not (0x21 or 0x22) || Scan.IsEmpty
            || components[2] > 3 || components[5] > 3 || components[8] != components[5])
        {
            return false;
        }

        Type = (components[1] == 0x22 ? 1 : 0) + (RestartInterval > 0 ? 64 : 0);
        Luminance = jpeg[tables[components[2]]];
        Chrominance = jpeg[tables[components[5]]];
        return Luminance.Length == JpegTables.QuantisationBytes && Chrominance.Length == JpegTables.QuantisationBytes;
    }

    private static bool TryReadTables(ReadOnlySpan<byte> segment, int offset, Span<Range> tables)
    {
        for (int at = 0; at < segment.Length; at += 1 + JpegTables.QuantisationBytes)
        {
            // Tables of 16 bits are for extended JPEG only.
            if (segment[at] > 3 || at + 1 + JpegTables.QuantisationBytes > segment.Length)
            {
                return false;
            }

            int start = offset + at + 1;
            tables[segment[at]] = start..(start + JpegTables.QuantisationBytes);
        }

        return true;
    }

    /// <summary>One or several tables in a segment; each must be the typical one of its class and id.</summary>
    private static bool IsTypicalHuffman(ReadOnlySpan<byte> segment)
    {
        ReadOnlySpan<byte> rest = segment[4..];
        while (rest.Length > 17)
        {
            int values = 0;
            foreach (byte count in rest.Slice(1, 16))
            {
                values += count;
            }

            if (17 + values > rest.Length || JpegTables.HuffmanSegment.IndexOf(rest[..(17 + values)]) < 0)
            {
                return false;
            }

            rest = rest[(17 + values)..];
        }

        return rest.IsEmpty;
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> scan)
    {
        int end = scan.LastIndexOf([(byte)0xFF, (byte)0xD9]);
        return end < 0 ? scan : scan[..end];
    }
}
