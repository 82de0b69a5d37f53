// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The D+P parts of a frame or an index, one behind another in a buffer: their headers, and the parity.</summary>
internal static class PartSet
{
    private static readonly ColumnCode?[] Codes = new ColumnCode?[ChunkLayout.MaximumDataColumns * (ChunkLayout.MaximumParityColumns + 1)];

    /// <summary>The code of a layout; made once.</summary>
    public static ColumnCode CodeOf(ChunkLayout layout) =>
        Codes[((layout.DataColumns - 1) * 3) + layout.ParityColumns] ??= new ColumnCode(layout.DataColumns, layout.ParityColumns);

    /// <summary>Writes the header of one part.</summary>
    /// <param name="buffer">All parts.</param>
    /// <param name="common">What the headers of all parts have in common.</param>
    /// <param name="chunk">Whose disks and zones they are written to.</param>
    /// <param name="column">Which part.</param>
    /// <param name="checksum">See <see cref="PartHeader.ContentChecksum"/>.</param>
    public static void WriteHeader(Span<byte> buffer, in PartHeader common, OpenChunk chunk, int column, uint checksum) =>
        (common with
        {
            Column = (byte)column,
            ContentChecksum = checksum,
            Disk = chunk.Disk(column),
            Zone = chunk.Chunk.Columns[column].Zone,
        }).Write(buffer[(column * common.PartBytes)..]);

    /// <summary>Checksum of a part with its padding.</summary>
    /// <param name="buffer">All parts.</param>
    /// <param name="partBytes">Size of each.</param>
    /// <param name="column">Which part.</param>
    /// <param name="end">Where its padding begins, from its start.</param>
    /// <param name="checksum">Checksum of what comes before.</param>
    public static uint WithPadding(ReadOnlySpan<byte> buffer, int partBytes, int column, int end, uint checksum) =>
        Crc32C.Append(checksum, buffer.Slice((column * partBytes) + end, partBytes - end));

    /// <summary>Computes the parity parts and writes their headers; the data parts are complete.</summary>
    public static void AddParity(Span<byte> buffer, in PartHeader common, OpenChunk chunk)
    {
        ChunkLayout layout = common.Layout;
        if (layout.ParityColumns == 0)
        {
            return;
        }

        Span<nint> columns = stackalloc nint[layout.Columns];
        for (int column = 0; column < layout.Columns; column++)
        {
            columns[column] = AddressOf(buffer, (column * common.PartBytes) + PartHeader.SizeBytes);
        }

        CodeOf(layout).Encode(columns, (nuint)common.ContentPerColumn);
        for (int column = layout.DataColumns; column < layout.Columns; column++)
        {
            Span<byte> content = buffer.Slice((column * common.PartBytes) + PartHeader.SizeBytes, common.ContentPerColumn);
            WriteHeader(buffer, common, chunk, column, Crc32C.Compute(content));
        }
    }

    /// <summary>Address of a byte in native memory, which does not move.</summary>
    public static unsafe nint AddressOf(Span<byte> native, int at) => (nint)Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetReference(native), at));
}
