// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A chunk in the catalog: where its columns lie, and its whole tail, or the trailer alone when a segment tells of its streams.</summary>
internal readonly record struct CatalogRow(ulong Generation, ColumnPlace[] Columns, byte[] Tail)
{
    private const int ColumnBytes = 8;

    public bool IsInSegment => Tail.Length == ChunkTrailer.SizeBytes;

    /// <summary>Disk and zone of each column, then a CRC-32C of them and the generation: SQLite has no checksums, and a column looked for in the wrong zone leaves its own to be overwritten.</summary>
    public static byte[] ToBytes(ulong generation, ColumnPlace[] columns)
    {
        byte[] bytes = new byte[(columns.Length * ColumnBytes) + 4];
        for (int i = 0; i < columns.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * ColumnBytes), columns[i].Disk);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((i * ColumnBytes) + 4), columns[i].Zone);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(^4..), Checksum(generation, bytes));
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static ColumnPlace[] ParseColumns(ulong generation, byte[] bytes)
    {
        if (bytes.Length % ColumnBytes != 4 || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^4..)) != Checksum(generation, bytes))
        {
            throw new FormatException($"The columns of the chunk of generation {generation} are damaged in the catalog.");
        }

        var columns = new ColumnPlace[bytes.Length / ColumnBytes];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = new ColumnPlace(BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(i * ColumnBytes)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan((i * ColumnBytes) + 4)));
        }

        return columns;
    }

    private static uint Checksum(ulong generation, byte[] bytes)
    {
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, generation);
        return Crc32C.Append(Crc32C.Compute(prefix), bytes.AsSpan(..^4));
    }
}
