// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The chunk a head writes to: where the next frame goes, and how much room the footer will need at most. Belongs to the committer.
/// </summary>
/// <param name="chunk">The chunk.</param>
/// <param name="disks">Identity of each column's disk.</param>
/// <param name="zoneBytes">Size of a zone.</param>
internal sealed class OpenChunk(Chunk chunk, UInt128[] disks, long zoneBytes)
{
    private readonly HashSet<ulong> _streams = [];
    private readonly HashSet<FormatId> _formats = [];
    private ulong _announced;
    private ulong _announcedAhead;
    private long _entriesBytes;
    private long _tailBytes = ChunkTrailer.SizeBytes + 16;

    /// <summary>Goes on with a chunk that recovery verified: behind its last whole frame, with what its footer needs already counted.</summary>
    public static OpenChunk Resume(Chunk chunk, UInt128[] disks, long zoneBytes)
    {
        var open = new OpenChunk(chunk, disks, zoneBytes) { Position = chunk.DataEnd, NextFrame = chunk.FrameCount };
        (IReadOnlyCollection<StreamSection> streams, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> formats) = chunk.Sections!.ForFooter();
        foreach (StreamSection section in streams)
        {
            open._entriesBytes += section.Entries.Length;
            open._tailBytes += section.ToDirectory(0, 0).SizeBytes;
            open._streams.Add(section.Stream.Value);
        }

        foreach ((FormatId id, ReadOnlyMemory<byte> bytes) in formats)
        {
            open._tailBytes += FormatEntry.SizeOf(bytes.Length);
            open._formats.Add(id);
        }

        return open;
    }

    private ulong AllColumns => (1UL << chunk.Layout.Columns) - 1;

    public Chunk Chunk => chunk;
    public ChunkLayout Layout => chunk.Layout;

    /// <summary>Identity of a column's disk.</summary>
    public UInt128 Disk(int column) => disks[column];

    /// <summary>Where the next frame goes, from the start of the zones.</summary>
    public long Position { get; private set; }
    public ulong NextFrame { get; private set; }

    /// <summary>The superblocks on all of its disks list this chunk as open, so its zones may be written.</summary>
    public bool IsAnnounced => _announced == AllColumns;

    /// <summary>They list it at least as opened ahead of need, so its first frame may be written, and no other.</summary>
    public bool IsAnnouncedAhead => (_announced | _announcedAhead) == AllColumns;

    public bool MayWrite(ulong frame) => IsAnnounced || (IsAnnouncedAhead && frame == 0);

    /// <summary>The superblock of a column's disk lists it.</summary>
    public void SetAnnounced(int column, bool isAhead)
    {
        _announced |= isAhead ? 0 : 1UL << column;
        _announcedAhead |= 1UL << column;
    }

    /// <summary>A write to it failed: nothing more goes here.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Bytes left for frames in each zone.</summary>
    public long RoomBytes => RoomAfter(0, 0);

    /// <summary>Bytes that would be left in each zone if the footer grew.</summary>
    public long RoomAfter(int entriesBytes, int tailBytes) =>
        zoneBytes - FooterBuilder.IndexPartBytes(chunk.Layout, _entriesBytes + entriesBytes) - AlignedMemory.RoundUp(_tailBytes + tailBytes) - Position;

    public bool Knows(FormatId format) => _formats.Contains(format);

    /// <summary>What a record will cost in the tail, at most: a span of its own, the stream's place in the directory, and its format.</summary>
    public int TailCost(StreamId stream, int formatBytes) =>
        ChunkSpan.SizeBytes + (_streams.Contains(stream.Value) ? 0 : StreamDirectory.FixedBytes) + formatBytes;

    public void AddToFooter(StreamId stream, int entryBytes, FormatId? format, int formatBytes)
    {
        _entriesBytes += entryBytes;
        _tailBytes += TailCost(stream, formatBytes);
        _streams.Add(stream.Value);
        if (format is { } id)
        {
            _formats.Add(id);
        }
    }

    public void Advance(int partBytes)
    {
        Position += partBytes;
        NextFrame++;
    }
}
