// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Reads tails and record entries of sealed chunks, through the cache.</summary>
internal sealed class FooterReader(AlignedReader reader, StoreGeometry geometry, UInt128 disk, FooterCache cache)
{
    /// <summary>Read from the end of a zone in one piece: trailer and, nearly always, the whole tail (some 600 streams).</summary>
    private const int FirstReadBytes = 64 << 10;

    /// <summary>The tail of whatever sealed chunk lies in <paramref name="zone"/>, straight from the disk; <c>null</c> when there is none.</summary>
    /// <returns>The tail, and its bytes for the catalog.</returns>
    /// <exception cref="DeviceException">The device could not read it.</exception>
    public (ChunkTail Tail, byte[] Bytes)? ReadTail(int zone)
    {
        int first = (int)Math.Min(FirstReadBytes, geometry.ZoneBytes);
        byte[] bytes = new byte[first];
        long end = geometry.ZoneOffset(zone) + geometry.ZoneBytes;
        reader.Read(end - first, bytes);
        if (!ChunkTrailer.TryParse(bytes.AsSpan(first - ChunkTrailer.SizeBytes), geometry.ZoneBytes, out ChunkTrailer trailer)
            || trailer.Disk != disk || trailer.Zone != zone)
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
            reader.Read(end - trailer.TailBytes, tailBytes);
        }

        ChunkTail? tail = ChunkTail.Parse(tailBytes, geometry.ZoneBytes);
        return tail is null ? null : (tail, tailBytes);
    }

    /// <summary>Only the trailer of a zone; <c>null</c> when no chunk of this disk was sealed there.</summary>
    /// <exception cref="DeviceException">The device could not read it.</exception>
    public ChunkTrailer? ReadTrailer(int zone)
    {
        Span<byte> bytes = stackalloc byte[ChunkTrailer.SizeBytes];
        reader.Read(geometry.ZoneOffset(zone) + geometry.ZoneBytes - ChunkTrailer.SizeBytes, bytes);
        return ChunkTrailer.TryParse(bytes, geometry.ZoneBytes, out ChunkTrailer trailer) && trailer.Disk == disk && trailer.Zone == zone ? trailer : null;
    }

    /// <summary>The tail of a sealed chunk that the caller has pinned.</summary>
    /// <exception cref="RecordLostException">The footer is damaged or cannot be read.</exception>
    public ChunkTail Tail(Chunk chunk)
    {
        if (cache.FindTail(chunk.Generation) is { } known)
        {
            return known;
        }

        (ChunkTail Tail, byte[] Bytes)? found;
        try
        {
            found = ReadTail(chunk.Zone);
        }
        catch (DeviceException failure)
        {
            throw new RecordLostException($"The footer of chunk {chunk.Id} cannot be read.", failure);
        }

        if (found is not { } read || read.Tail.Trailer.Generation != chunk.Generation)
        {
            throw new RecordLostException($"The footer of chunk {chunk.Id} is damaged.");
        }

        cache.AddTail(chunk.Generation, read.Tail);
        return read.Tail;
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
            if (Tail(chunk).Find(stream) is not { } directory)
            {
                return [];
            }

            byte[] entries = new byte[directory.EntriesBytes];
            reader.Read(geometry.ZoneOffset(chunk.Zone) + chunk.FooterStart + directory.EntriesOffset, entries);
            return Crc32C.Compute(entries) == directory.EntriesChecksum ? entries : null;
        }
        catch (Exception e) when (e is RecordLostException or DeviceException)
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
        var entry = new OpenChunkEntry(chunk.Zone, chunk.Class, chunk.Id, chunk.Generation, (ushort)chunk.FrameCount);
        Chunk recovered = ChunkRecovery.Recover(reader, geometry, disk, entry, CancellationToken.None).Chunk;
        return recovered.FrameCount > 0
            ? recovered.Sections!.CopyEntries(stream)
            : throw new RecordLostException($"Neither the footer nor the frames of chunk {chunk.Id} can be read.");
    }
}
