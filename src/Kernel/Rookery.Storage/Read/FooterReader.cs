// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Reads tails and record entries of sealed chunks, through the cache.</summary>
internal sealed class FooterReader(DiskSet disks, ChunkReader reader, long zoneBytes, FooterCache cache, bool isForPool)
{
    /// <summary>Read from the end of a zone in one piece: trailer and, nearly always, the whole tail (some 600 streams).</summary>
    private const int FirstReadBytes = 64 << 10;

    /// <summary>The tail of whatever sealed column lies in a zone, straight from the disk; <c>null</c> when there is none.</summary>
    /// <returns>The tail, and its bytes for the catalog.</returns>
    /// <exception cref="DeviceException">The device could not read it.</exception>
    public (ChunkTail Tail, byte[] Bytes)? ReadTail(PoolDisk disk, int zone)
    {
        AlignedReader from = isForPool ? disk.PoolReader : disk.Reader;
        int first = (int)Math.Min(FirstReadBytes, zoneBytes);
        byte[] bytes = new byte[first];
        long end = disk.Geometry.ZoneOffset(zone) + zoneBytes;
        from.Read(end - first, bytes);
        if (!ChunkTrailer.TryParse(bytes.AsSpan(first - ChunkTrailer.SizeBytes), zoneBytes, out ChunkTrailer trailer) || trailer.Disk != disk.Identity || trailer.Zone != zone)
        {
            return null;
        }

        byte[] tailBytes = new byte[trailer.TailBytes];
        if (trailer.TailBytes <= first)
        {
            bytes.AsSpan(first - trailer.TailBytes).CopyTo(tailBytes);
        }
        else
        {
            from.Read(end - trailer.TailBytes, tailBytes);
        }

        ChunkTail? tail = ChunkTail.Parse(tailBytes, zoneBytes);
        return tail is null ? null : (tail, tailBytes);
    }

    /// <summary>Only the trailer of a zone; <c>null</c> when no column was sealed there.</summary>
    /// <exception cref="DeviceException">The device could not read it.</exception>
    public ChunkTrailer? ReadTrailer(PoolDisk disk, int zone)
    {
        Span<byte> bytes = stackalloc byte[ChunkTrailer.SizeBytes];
        (isForPool ? disk.PoolReader : disk.Reader).Read(disk.Geometry.ZoneOffset(zone) + zoneBytes - ChunkTrailer.SizeBytes, bytes);
        return ChunkTrailer.TryParse(bytes, zoneBytes, out ChunkTrailer trailer) && trailer.Disk == disk.Identity && trailer.Zone == zone ? trailer : null;
    }

    /// <summary>The tail of a sealed chunk that the caller has pinned.</summary>
    /// <exception cref="RecordLostException">The footer is damaged or cannot be read on every disk.</exception>
    public ChunkTail Tail(Chunk chunk)
    {
        if (cache.FindTail(chunk.Generation) is { } known)
        {
            return known;
        }

        ChunkTail tail = AnyTail(chunk.Columns, chunk.Generation)?.Tail ?? throw new RecordLostException($"The footer of chunk {chunk.Id} is damaged or cannot be read.");
        cache.AddTail(chunk.Generation, tail);
        return tail;
    }

    /// <summary>The tail from the first column that has it whole.</summary>
    public (ChunkTail Tail, byte[] Bytes)? AnyTail(ColumnPlace[] columns, ulong generation)
    {
        foreach (ColumnPlace place in columns)
        {
            try
            {
                if (!place.IsNone && disks.Find(place.Disk) is { } disk && ReadTail(disk, place.Zone) is { } read && read.Tail.Trailer.Generation == generation)
                {
                    return read;
                }
            }
            catch (DeviceException)
            {
                // The other columns say the same.
            }
        }

        return null;
    }

    /// <summary>The entries can be had without a read.</summary>
    public bool IsCached(Chunk chunk, StreamId stream) => cache.FindEntries(chunk.Generation, stream) is not null;

    /// <summary>The record entries of a stream in a sealed chunk that the caller has pinned; empty when it has none.</summary>
    /// <exception cref="RecordLostException">Neither footer nor frames can be read.</exception>
    public byte[] Entries(Chunk chunk, StreamId stream)
    {
        if (cache.FindEntries(chunk.Generation, stream) is { } known)
        {
            return known;
        }

        byte[] entries = FromFooter(chunk, stream) ?? FromFrames(chunk, stream);
        cache.AddEntries(chunk.Generation, stream, entries);
        return entries;
    }

    /// <returns><c>null</c> when the footer is damaged or cannot be read.</returns>
    private byte[]? FromFooter(Chunk chunk, StreamId stream)
    {
        try
        {
            ChunkTail tail = Tail(chunk);
            if (tail.Find(stream) is not { } directory)
            {
                return [];
            }

            byte[] entries = new byte[directory.EntriesBytes];
            return reader.TryReadVerified(ColumnSet.Of(chunk), tail.Trailer.EntriesPlace(directory, zoneBytes), entries, directory.EntriesChecksum, out _) ? entries : null;
        }
        catch (RecordLostException)
        {
            return null;
        }
    }

    /// <summary>The frames say again what the footer said: a bad spot there costs time, not footage.</summary>
    /// <remarks>
    /// No more of them than the footer had: a chunk that was cut at a frame that could not be read may have more, and they are in no span and behind the end of its data.
    /// </remarks>
    /// <exception cref="RecordLostException">The frames cannot be had either.</exception>
    private byte[] FromFrames(Chunk chunk, StreamId stream)
    {
        var recovery = new ChunkRecovery(disks, reader, zoneBytes);
        Chunk recovered = recovery.Recover(ColumnSet.Of(chunk), chunk.Head, (ushort)chunk.FrameCount, isAhead: false, CancellationToken.None).Chunk;
        return recovered.FrameCount > 0
            ? recovered.Sections!.CopyEntries(stream)
            : throw new RecordLostException($"Neither the footer nor the frames of chunk {chunk.Id} can be read.");
    }
}
