// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Forms the footer of a chunk from its durable record entries. The same entries always make the same bytes but for the time of sealing.</summary>
internal static class FooterBuilder
{
    /// <param name="chunk">A chunk with all of its frames published, and no footer.</param>
    /// <param name="disk">Identity of the disk.</param>
    /// <param name="zoneBytes">Size of a zone.</param>
    /// <param name="wasCut">See <see cref="ChunkTrailer.WasCut"/>.</param>
    /// <returns>The footer frame, to be written at <see cref="ChunkTrailer.FooterStart"/>; the caller disposes it.</returns>
    public static AlignedMemory Build(Chunk chunk, UInt128 disk, long zoneBytes, bool wasCut)
    {
        (IReadOnlyCollection<StreamSection> streams, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> formats) = chunk.Sections!.ForFooter();
        var directories = new List<StreamDirectory>(streams.Count);
        int entriesAt = PartHeader.SizeBytes;
        foreach (StreamSection section in streams)
        {
            directories.Add(section.ToDirectory(entriesAt, Crc32C.Compute(section.Entries)));
            entriesAt += section.Entries.Length;
        }

        int formatsBytes = formats.Sum(f => FormatEntry.SizeOf(f.Bytes.Length));
        int directoryBytes = directories.Sum(d => d.SizeBytes);
        int total = (int)AlignedMemory.RoundUp((long)entriesAt + formatsBytes + directoryBytes + ChunkTrailer.SizeBytes);
        var memory = new AlignedMemory(total);
        Span<byte> buffer = memory.GetSpan();
        buffer.Clear();
        int at = PartHeader.SizeBytes;
        foreach (StreamSection section in streams)
        {
            section.Entries.CopyTo(buffer[at..]);
            at += section.Entries.Length;
        }

        int tailAt = total - ChunkTrailer.SizeBytes - directoryBytes - formatsBytes;
        at = tailAt;
        foreach ((FormatId id, ReadOnlyMemory<byte> bytes) in formats)
        {
            at += FormatEntry.Write(buffer[at..], id, bytes.Span);
        }

        foreach (StreamDirectory directory in directories)
        {
            at += directory.Write(buffer[at..]);
        }

        new ChunkTrailer
        {
            Chunk = chunk.Id,
            Generation = chunk.Generation,
            Disk = disk,
            Zone = chunk.Zone,
            Class = chunk.Class,
            WasCut = wasCut,
            DataEnd = chunk.DataEnd,
            FrameCount = chunk.FrameCount,
            CommitNumber = chunk.CommitNumber,
            FooterStart = zoneBytes - total,
            FormatsBytes = formatsBytes,
            DirectoryBytes = directoryBytes,
            Wall = chunk.Wall,
            Committed = chunk.Committed,
            StreamCount = directories.Count,
            FormatCount = formats.Count,
            TailChecksum = Crc32C.Compute(buffer[tailAt..at]),
        }.Write(buffer[at..]);
        new PartHeader
        {
            Kind = FrameKind.Footer,
            HeaderBytes = PartHeader.SizeBytes,
            Chunk = chunk.Id,
            Generation = chunk.Generation,
            Frame = chunk.FrameCount,
            PartBytes = total,
            ContentBytes = total,
            Disk = disk,
            ContentChecksum = Crc32C.Compute(buffer[PartHeader.SizeBytes..]),
            HeaderChecksum = 0,
            OffsetBytes = zoneBytes - total,
            Zone = chunk.Zone,
        }.Write(buffer);
        return memory;
    }

    /// <summary>The tail within a finished footer.</summary>
    public static ReadOnlySpan<byte> TailOf(ReadOnlySpan<byte> footer, in ChunkTrailer trailer) => footer[^trailer.TailBytes..];
}
