// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The last 128 bytes of the zone of a sealed chunk. From it a reader finds the footer without reading any frame. Layout in docs/formats/video-store.md, "Trailer".
/// </summary>
internal readonly record struct ChunkTrailer
{
    public const int SizeBytes = 128;
    private const ulong Magic = 0x31_4C_49_41_52_54_4B_52; // "RKTRAIL1"
    private const byte CutFlag = 1;

    public required ulong Chunk { get; init; }
    public required ulong Generation { get; init; }
    public required UInt128 Disk { get; init; }
    public required int Zone { get; init; }
    public required HeadId Head { get; init; }
    public byte Class => Head.Class;

    /// <summary>The chunk was sealed by recovery or after a fault of the device, not because it was full.</summary>
    public bool WasCut { get; init; }

    /// <summary>End of the last frame, from the start of the zone.</summary>
    public required long DataEnd { get; init; }
    public required ulong FrameCount { get; init; }

    /// <summary>See <see cref="FrameHeader.CommitNumber"/>; of the last frame.</summary>
    public required ulong CommitNumber { get; init; }

    /// <summary>Which column of the chunk this zone holds; the only field, with <see cref="Disk"/> and <see cref="Zone"/>, in which the trailers of a chunk differ.</summary>
    public byte Column { get; init; }
    public ChunkLayout Layout { get; init; }

    /// <summary>Start of the index part, from the start of the zone; the tail follows it and ends with the zone.</summary>
    public required long FooterStart { get; init; }
    public required int FormatsBytes { get; init; }
    public required int DirectoryBytes { get; init; }

    /// <summary>Earliest and latest capture time in the chunk.</summary>
    public required WallRange Wall { get; init; }

    /// <summary>The recorder's clock at the first and the last commit.</summary>
    public required WallRange Committed { get; init; }
    public required int StreamCount { get; init; }
    public required int FormatCount { get; init; }

    /// <summary>CRC-32C of formats and directory.</summary>
    public required uint TailChecksum { get; init; }

    /// <summary>Formats, directory and trailer: what a start has to know of a chunk. They end with the zone.</summary>
    public int TailBytes => FormatsBytes + DirectoryBytes + SizeBytes;

    /// <summary>Size of the index part in each column.</summary>
    public int IndexPartBytes(long zoneBytes) => (int)(zoneBytes - FooterStart - AlignedMemory.RoundUp(TailBytes));

    /// <summary>Where a stream's entries lie.</summary>
    public ContentPlace EntriesPlace(StreamDirectory stream, long zoneBytes) => new(FooterStart, IndexPartBytes(zoneBytes), stream.EntriesOffset);

    public void Write(Span<byte> destination)
    {
        Span<byte> d = destination[..SizeBytes];
        d.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(d, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(d[8..], Chunk);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], Generation);
        BinaryPrimitives.WriteUInt128LittleEndian(d[24..], Disk);
        BinaryPrimitives.WriteInt32LittleEndian(d[40..], Zone);
        d[44] = Head.Class;
        d[45] = WasCut ? CutFlag : (byte)0;
        BinaryPrimitives.WriteInt32LittleEndian(d[48..], (int)DataEnd);
        d[52] = Column;
        d[53] = (byte)Layout.DataColumns;
        d[54] = (byte)Layout.ParityColumns;
        d[55] = Head.Number;
        // A zone of 256 MiB has at most 65,536 blocks, one of them for the footer.
        BinaryPrimitives.WriteUInt16LittleEndian(d[46..], (ushort)FrameCount);
        BinaryPrimitives.WriteUInt64LittleEndian(d[56..], CommitNumber);
        BinaryPrimitives.WriteInt32LittleEndian(d[64..], (int)FooterStart);
        BinaryPrimitives.WriteInt32LittleEndian(d[72..], FormatsBytes);
        BinaryPrimitives.WriteInt32LittleEndian(d[76..], DirectoryBytes);
        BinaryPrimitives.WriteInt64LittleEndian(d[80..], Wall.Start.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[88..], Wall.End.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[96..], Committed.Start.Microseconds);
        BinaryPrimitives.WriteInt64LittleEndian(d[104..], Committed.End.Microseconds);
        BinaryPrimitives.WriteInt32LittleEndian(d[112..], StreamCount);
        BinaryPrimitives.WriteInt32LittleEndian(d[116..], FormatCount);
        BinaryPrimitives.WriteUInt32LittleEndian(d[120..], TailChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(d[124..], Crc32C.Compute(d[..124]));
    }

    /// <param name="s">The last 128 bytes of the zone.</param>
    /// <param name="zoneBytes">Size of the zone, for the bounds.</param>
    /// <param name="trailer">The result.</param>
    public static bool TryParse(ReadOnlySpan<byte> s, long zoneBytes, out ChunkTrailer trailer)
    {
        trailer = default;
        if (s.Length != SizeBytes || BinaryPrimitives.ReadUInt64LittleEndian(s) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(s[124..]) != Crc32C.Compute(s[..124]) || !ChunkLayout.IsValid(s[53], s[54]))
        {
            return false;
        }

        trailer = new ChunkTrailer
        {
            Chunk = BinaryPrimitives.ReadUInt64LittleEndian(s[8..]),
            Generation = BinaryPrimitives.ReadUInt64LittleEndian(s[16..]),
            Disk = BinaryPrimitives.ReadUInt128LittleEndian(s[24..]),
            Zone = BinaryPrimitives.ReadInt32LittleEndian(s[40..]),
            Head = new HeadId(s[44], s[55]),
            WasCut = (s[45] & CutFlag) != 0,
            DataEnd = BinaryPrimitives.ReadInt32LittleEndian(s[48..]),
            Column = s[52],
            Layout = new ChunkLayout(s[53], s[54]),
            FrameCount = BinaryPrimitives.ReadUInt16LittleEndian(s[46..]),
            CommitNumber = BinaryPrimitives.ReadUInt64LittleEndian(s[56..]),
            FooterStart = BinaryPrimitives.ReadInt32LittleEndian(s[64..]),
            FormatsBytes = BinaryPrimitives.ReadInt32LittleEndian(s[72..]),
            DirectoryBytes = BinaryPrimitives.ReadInt32LittleEndian(s[76..]),
            Wall = new WallRange(new(BinaryPrimitives.ReadInt64LittleEndian(s[80..])), new(BinaryPrimitives.ReadInt64LittleEndian(s[88..]))),
            Committed = new WallRange(new(BinaryPrimitives.ReadInt64LittleEndian(s[96..])), new(BinaryPrimitives.ReadInt64LittleEndian(s[104..]))),
            StreamCount = BinaryPrimitives.ReadInt32LittleEndian(s[112..]),
            FormatCount = BinaryPrimitives.ReadInt32LittleEndian(s[116..]),
            TailChecksum = BinaryPrimitives.ReadUInt32LittleEndian(s[120..]),
        };
        return trailer.Zone >= 0 && WallBounds.Contains(trailer.Wall) && WallBounds.Contains(trailer.Committed) && trailer.DataEnd >= 0 && trailer.FooterStart >= trailer.DataEnd && trailer.FooterStart < zoneBytes
            && trailer.FormatsBytes >= 0 && trailer.DirectoryBytes >= 0 && trailer.StreamCount >= 0 && trailer.FormatCount >= 0
            && trailer.Column < trailer.Layout.Columns && trailer.FooterStart % AlignedMemory.Alignment == 0
            && trailer.FooterStart + AlignedMemory.Alignment + AlignedMemory.RoundUp((long)trailer.FormatsBytes + trailer.DirectoryBytes + SizeBytes) <= zoneBytes;
    }
}
