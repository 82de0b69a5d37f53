// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What a frame holds.</summary>
internal enum FrameKind : byte
{
    Data = 1,
    Index = 2,
}

/// <summary>
/// The first 96 bytes of each part of a frame (docs/formats/video-store.md, "Part header"). A part is believed only when disk, zone, offset, chunk,
/// generation and both checksums agree: stale bytes of a reused zone, of an earlier life of the disk, or of a misdirected write never look valid.
/// </summary>
internal readonly record struct PartHeader
{
    public const int SizeBytes = 96;
    private const uint Magic = 0x54504B52; // "RKPT"
    private const ushort Version = 1;

    public required FrameKind Kind { get; init; }
    public byte Column { get; init; }
    public ChunkLayout Layout { get; init; }

    /// <summary>Bytes from the start of the part in column 0 that <see cref="HeaderChecksum"/> covers: this header and the frame's tables.</summary>
    public required int HeaderBytes { get; init; }
    public required ulong Chunk { get; init; }
    public required ulong Generation { get; init; }

    /// <summary>Counts the frames of a chunk from 0, without holes.</summary>
    public required ulong Frame { get; init; }

    /// <summary>Whole part with padding, a multiple of 4096.</summary>
    public required int PartBytes { get; init; }

    /// <summary>The whole frame's linear content in bytes, over all data columns, without part headers and padding.</summary>
    public required int FrameContentBytes { get; init; }
    public required UInt128 Disk { get; init; }

    /// <summary>CRC-32C of all bytes behind this header: also of the padding, from which other parts are computed.</summary>
    public uint ContentChecksum { get; init; }

    /// <summary>CRC-32C of bytes [96, <see cref="HeaderBytes"/>) of column 0, in every column: the tables can be trusted without reading the payload, also when they had to be reconstructed.</summary>
    public uint HeaderChecksum { get; init; }

    /// <summary>Where the part lies in its zone; catches misdirected writes.</summary>
    public required long OffsetBytes { get; init; }
    public required int Zone { get; init; }

    /// <summary>Bytes of linear content that each data column takes.</summary>
    public int ContentPerColumn => PartBytes - SizeBytes;

    /// <summary>The bytes of a part are what was written.</summary>
    /// <param name="part">All of it, this header included.</param>
    public bool IsWhole(ReadOnlySpan<byte> part) => part.Length == PartBytes && Crc32C.Compute(part[SizeBytes..]) == ContentChecksum;

    /// <summary>Both are parts of one write of one frame.</summary>
    /// <remarks>
    /// A chunk that is gone on with after a crash writes its next frame over one that was torn, under the same number; a second crash leaves parts of both, each of them whole. The tables, and so
    /// their checksum, hold the commit number, which is never given twice.
    /// </remarks>
    public bool IsOfSameFrame(in PartHeader other) =>
        Kind == other.Kind && Generation == other.Generation && Frame == other.Frame && OffsetBytes == other.OffsetBytes && PartBytes == other.PartBytes
        && HeaderBytes == other.HeaderBytes && FrameContentBytes == other.FrameContentBytes && HeaderChecksum == other.HeaderChecksum;

    public void Write(Span<byte> destination)
    {
        Span<byte> d = destination[..SizeBytes];
        d.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(d, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(d[4..], Version);
        d[6] = (byte)Kind;
        d[7] = Column;
        d[8] = (byte)Layout.DataColumns;
        d[9] = (byte)Layout.ParityColumns;
        BinaryPrimitives.WriteInt32LittleEndian(d[12..], HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], Chunk);
        BinaryPrimitives.WriteUInt64LittleEndian(d[24..], Generation);
        BinaryPrimitives.WriteUInt64LittleEndian(d[32..], Frame);
        BinaryPrimitives.WriteInt32LittleEndian(d[40..], PartBytes);
        BinaryPrimitives.WriteUInt128LittleEndian(d[48..], Disk);
        BinaryPrimitives.WriteUInt32LittleEndian(d[64..], ContentChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(d[68..], HeaderChecksum);
        BinaryPrimitives.WriteInt64LittleEndian(d[72..], OffsetBytes);
        BinaryPrimitives.WriteInt32LittleEndian(d[80..], Zone);
        BinaryPrimitives.WriteInt32LittleEndian(d[84..], FrameContentBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(d[92..], Crc32C.Compute(d[..92]));
    }

    /// <summary>Parses and checks the header itself; the caller compares identity and place, and verifies the two checksums over the rest.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out PartHeader header)
    {
        header = default;
        if (source.Length < SizeBytes || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt16LittleEndian(source[4..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(source[92..]) != Crc32C.Compute(source[..92]) || !ChunkLayout.IsValid(source[8], source[9]))
        {
            return false;
        }

        header = new PartHeader
        {
            Kind = (FrameKind)source[6],
            Column = source[7],
            Layout = new ChunkLayout(source[8], source[9]),
            HeaderBytes = BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            Chunk = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
            Generation = BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
            Frame = BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
            PartBytes = BinaryPrimitives.ReadInt32LittleEndian(source[40..]),
            Disk = BinaryPrimitives.ReadUInt128LittleEndian(source[48..]),
            ContentChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[64..]),
            HeaderChecksum = BinaryPrimitives.ReadUInt32LittleEndian(source[68..]),
            OffsetBytes = BinaryPrimitives.ReadInt64LittleEndian(source[72..]),
            Zone = BinaryPrimitives.ReadInt32LittleEndian(source[80..]),
            FrameContentBytes = BinaryPrimitives.ReadInt32LittleEndian(source[84..]),
        };
        return header.Kind is FrameKind.Data or FrameKind.Index
            && header.Column < header.Layout.Columns
            && header.HeaderBytes >= SizeBytes && header.HeaderBytes <= header.PartBytes
            && header.FrameContentBytes >= header.HeaderBytes - SizeBytes && header.FrameContentBytes <= (long)header.ContentPerColumn * header.Layout.DataColumns
            && header.PartBytes % AlignedMemory.Alignment == 0
            && header.OffsetBytes >= 0 && header.Zone >= 0;
    }
}
