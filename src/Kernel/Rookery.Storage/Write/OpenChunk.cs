// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The chunk a head writes to: where the next frame goes, and how much room the footer will need at most. Belongs to the committer.
/// </summary>
internal sealed class OpenChunk(Chunk chunk, long zoneBytes)
{
    private readonly HashSet<ulong> _streams = [];
    private readonly HashSet<FormatId> _formats = [];
    private long _footerBytes = PartHeader.SizeBytes + ChunkTrailer.SizeBytes + 16;

    /// <summary>Goes on with a chunk that recovery verified: behind its last whole frame, with what its footer needs already counted.</summary>
    public static OpenChunk Resume(Chunk chunk, long zoneBytes)
    {
        var open = new OpenChunk(chunk, zoneBytes) { Position = chunk.DataEnd, NextFrame = chunk.FrameCount };
        (IReadOnlyCollection<StreamSection> streams, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> formats) = chunk.Sections!.ForFooter();
        foreach (StreamSection section in streams)
        {
            open._footerBytes += section.Entries.Length + section.ToDirectory(0, 0).SizeBytes;
            open._streams.Add(section.Stream.Value);
        }

        foreach ((FormatId id, ReadOnlyMemory<byte> bytes) in formats)
        {
            open._footerBytes += FormatEntry.SizeOf(bytes.Length);
            open._formats.Add(id);
        }

        return open;
    }

    public Chunk Chunk => chunk;

    /// <summary>Where the next frame goes, from the start of the zone.</summary>
    public long Position { get; private set; }
    public ulong NextFrame { get; private set; }

    /// <summary>The superblock on the disk lists this chunk as open, so its zone may be written.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>The superblock on the disk lists it as opened ahead of need, so its first frame may be written, and no other.</summary>
    public bool IsAnnouncedAhead { get; set; }

    public bool MayWrite(ulong frame) => IsAnnounced || (IsAnnouncedAhead && frame == 0);

    /// <summary>A write to it failed: nothing more goes here.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Bytes left for frames.</summary>
    public long RoomBytes => zoneBytes - AlignedMemory.RoundUp(_footerBytes) - Position;

    public bool Knows(FormatId format) => _formats.Contains(format);

    /// <summary>What a record will cost in the footer, at most: its entry, a span of its own, and the stream's place in the directory.</summary>
    public long FooterCost(StreamId stream, int entryBytes, int formatBytes) =>
        entryBytes + ChunkSpan.SizeBytes + (_streams.Contains(stream.Value) ? 0 : StreamDirectory.FixedBytes) + formatBytes;

    public void AddToFooter(StreamId stream, int entryBytes, FormatId? format, int formatBytes)
    {
        _footerBytes += FooterCost(stream, entryBytes, formatBytes);
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
