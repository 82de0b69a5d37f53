// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Formats, directory and trailer of a sealed chunk, parsed. The catalog keeps the same bytes, so a start from the catalog and a rebuild from the disk read
/// with the same code.
/// </summary>
internal sealed record ChunkTail
{
    public required ChunkTrailer Trailer { get; init; }

    /// <summary>Sorted by stream.</summary>
    public required IReadOnlyList<StreamDirectory> Streams { get; init; }
    public required IReadOnlyList<(FormatId Id, byte[] Bytes)> Formats { get; init; }

    /// <summary>About what it costs to keep in memory.</summary>
    public long EstimatedBytes { get; private init; }

    /// <summary>The entry of a stream, or <c>null</c>.</summary>
    public StreamDirectory? Find(StreamId stream)
    {
        int low = 0;
        int high = Streams.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = Streams[middle].Stream.CompareTo(stream);
            if (order == 0)
            {
                return Streams[middle];
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    /// <param name="tail">Exactly the tail: formats, directory, trailer.</param>
    /// <param name="zoneBytes">Size of the zone, for the bounds.</param>
    /// <returns><c>null</c> when a checksum or a bound is violated.</returns>
    public static ChunkTail? Parse(ReadOnlySpan<byte> tail, long zoneBytes)
    {
        if (tail.Length < ChunkTrailer.SizeBytes || !ChunkTrailer.TryParse(tail[^ChunkTrailer.SizeBytes..], zoneBytes, out ChunkTrailer trailer)
            || trailer.TailBytes != tail.Length || Crc32C.Compute(tail[..^ChunkTrailer.SizeBytes]) != trailer.TailChecksum)
        {
            return null;
        }

        var formats = new List<(FormatId, byte[])>();
        int at = 0;
        for (int i = 0; i < trailer.FormatCount; i++)
        {
            if (!FormatEntry.TryRead(tail[..trailer.FormatsBytes], ref at, out FormatId id, out ReadOnlySpan<byte> format))
            {
                return null;
            }

            formats.Add((id, format.ToArray()));
        }

        var streams = new List<StreamDirectory>();
        long indexBytes = (trailer.IndexPartBytes(zoneBytes) - PartHeader.SizeBytes) * (long)trailer.Layout.DataColumns;
        ReadOnlySpan<byte> directory = tail.Slice(trailer.FormatsBytes, trailer.DirectoryBytes);
        at = 0;
        for (int i = 0; i < trailer.StreamCount; i++)
        {
            StreamDirectory? entry = StreamDirectory.TryRead(directory, ref at, indexBytes);
            if (entry is null || (i > 0 && entry.Stream.CompareTo(streams[i - 1].Stream) <= 0))
            {
                return null;
            }

            streams.Add(entry);
        }

        return new ChunkTail { Trailer = trailer, Streams = streams, Formats = formats, EstimatedBytes = 256 + (tail.Length * 2L) };
    }
}
