// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The footer of a chunk: for each column its index part, and behind it the tail, which is the same for all but the place that the trailer names.
/// </summary>
/// <param name="Memory">The columns' footers one behind another; the owner disposes it.</param>
/// <param name="Trailer">The trailer of column 0.</param>
/// <param name="ColumnBytes">Size of each column's footer; it ends with its zone.</param>
internal readonly record struct ChunkFooter(AlignedMemory Memory, ChunkTrailer Trailer, int ColumnBytes) : IDisposable
{
    public ReadOnlySpan<byte> Column(int column) => Memory.GetSpan().Slice(column * ColumnBytes, ColumnBytes);

    /// <summary>The tail as it stands in column 0.</summary>
    public ReadOnlySpan<byte> Tail => Column(0)[^Trailer.TailBytes..];

    public void Dispose() => ((IDisposable)Memory).Dispose();
}

/// <summary>Forms the footer of a chunk from its durable record entries. The same entries always make the same bytes.</summary>
internal static class FooterBuilder
{
    /// <summary>Size of each column's index part for so many bytes of entries.</summary>
    public static int IndexPartBytes(ChunkLayout layout, long entriesBytes) => FrameBuilder.PartBytes(layout, PartHeader.SizeBytes, entriesBytes);

    /// <param name="open">A chunk with all of its frames published, and no footer.</param>
    /// <param name="zoneBytes">Size of a zone.</param>
    /// <param name="wasCut">See <see cref="ChunkTrailer.WasCut"/>.</param>
    public static ChunkFooter Build(OpenChunk open, long zoneBytes, bool wasCut)
    {
        Chunk chunk = open.Chunk;
        (IReadOnlyCollection<StreamSection> streams, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> formats) = chunk.Sections!.ForFooter();
        var directories = new List<StreamDirectory>(streams.Count);
        int entriesBytes = 0;
        foreach (StreamSection section in streams)
        {
            directories.Add(section.ToDirectory(entriesBytes, Crc32C.Compute(section.Entries)));
            entriesBytes += section.Entries.Length;
        }

        int formatsBytes = formats.Sum(f => FormatEntry.SizeOf(f.Bytes.Length));
        int directoryBytes = directories.Sum(d => d.SizeBytes);
        int tailBytes = formatsBytes + directoryBytes + ChunkTrailer.SizeBytes;
        int partBytes = IndexPartBytes(chunk.Layout, entriesBytes);
        int columnBytes = partBytes + (int)AlignedMemory.RoundUp(tailBytes);
        byte[] tail = new byte[tailBytes];
        int at = 0;
        foreach ((FormatId id, ReadOnlyMemory<byte> bytes) in formats)
        {
            at += FormatEntry.Write(tail.AsSpan(at), id, bytes.Span);
        }

        foreach (StreamDirectory directory in directories)
        {
            at += directory.Write(tail.AsSpan(at));
        }

        var trailer = new ChunkTrailer
        {
            Chunk = chunk.Id,
            Generation = chunk.Generation,
            Disk = open.Disk(0),
            Zone = chunk.Columns[0].Zone,
            Head = chunk.Head,
            WasCut = wasCut,
            DataEnd = chunk.DataEnd,
            FrameCount = chunk.FrameCount,
            CommitNumber = chunk.CommitNumber,
            Layout = chunk.Layout,
            FooterStart = zoneBytes - columnBytes,
            FormatsBytes = formatsBytes,
            DirectoryBytes = directoryBytes,
            Wall = chunk.Wall,
            Committed = chunk.Committed,
            StreamCount = directories.Count,
            FormatCount = formats.Count,
            TailChecksum = Crc32C.Compute(tail.AsSpan(0, at)),
        };
        var memory = new AlignedMemory(columnBytes * chunk.Layout.Columns);
        using AlignedMemory index = BuildIndex(open, streams, entriesBytes, partBytes, trailer.FooterStart);
        for (int column = 0; column < chunk.Layout.Columns; column++)
        {
            Span<byte> footer = memory.GetSpan().Slice(column * columnBytes, columnBytes);
            footer.Clear();
            index.GetSpan().Slice(column * partBytes, partBytes).CopyTo(footer);
            (trailer with { Column = (byte)column, Disk = open.Disk(column), Zone = chunk.Columns[column].Zone }).Write(tail.AsSpan(at));
            tail.CopyTo(footer[^tailBytes..]);
        }

        return new ChunkFooter(memory, trailer, columnBytes);
    }

    private static AlignedMemory BuildIndex(OpenChunk open, IReadOnlyCollection<StreamSection> streams, int entriesBytes, int partBytes, long footerStart)
    {
        ChunkLayout layout = open.Layout;
        var memory = new AlignedMemory(partBytes * layout.Columns);
        Span<byte> buffer = memory.GetSpan();
        var writer = new PayloadWriter(buffer, partBytes, PartHeader.SizeBytes, stackalloc uint[layout.DataColumns], stackalloc int[layout.DataColumns]);
        foreach (StreamSection section in streams)
        {
            writer.Copy(section.Entries);
            writer.EndRecord();
        }

        writer.Pad(layout.DataColumns);
        var part = new PartHeader
        {
            Kind = FrameKind.Index,
            Layout = layout,
            HeaderBytes = PartHeader.SizeBytes,
            Chunk = open.Chunk.Id,
            Generation = open.Chunk.Generation,
            Frame = open.Chunk.FrameCount,
            PartBytes = partBytes,
            FrameContentBytes = entriesBytes,
            Disk = 0,
            OffsetBytes = footerStart,
            Zone = 0,
        };
        for (int column = 0; column < layout.DataColumns; column++)
        {
            (uint checksum, int bytes) = writer.InPart(column);
            PartSet.WriteHeader(buffer, part, open, column, PartSet.WithPadding(buffer, partBytes, column, PartHeader.SizeBytes + bytes, checksum));
        }

        PartSet.AddParity(buffer, part, open);
        return memory;
    }
}
