// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Puts the catalog's chunks into the index, page by page, so that recording need not wait for it and memory stays bounded: <see cref="Read"/> on the catalog's task, <see cref="Apply"/> on the
/// disk's thread, for each page in turn, then <see cref="Finish"/>. What happened on the disk since the catalog was written was found out before, by <see cref="IndexLoader"/>.
/// </summary>
/// <remarks>
/// A chunk becomes known with all of its streams or not at all. So after a damaged page the rebuilding can go on from there: it looks at the zones that are still unknown.
/// </remarks>
/// <param name="state">The store.</param>
/// <param name="loader">Adds single chunks.</param>
/// <param name="root">The superblock at the start: chunks that it lists as open, or does not know, are not the catalog's to tell.</param>
/// <param name="freed">Generations that were freed since the catalog was written.</param>
/// <param name="sealedSince">Tails of chunks that were sealed since.</param>
internal sealed class CatalogLoader(StoreState state, IndexLoader loader, Superblock root, IReadOnlySet<ulong> freed, IReadOnlyDictionary<ulong, ChunkTail> sealedSince)
{
    private readonly HashSet<ulong> _open = [.. root.Open.Select(static entry => entry.Generation)];
    private ulong _after;

    /// <summary>A page, parsed.</summary>
    public sealed record Page(IReadOnlyList<(CatalogRow Row, ChunkTrailer Trailer, ChunkTail? Tail)> Rows, CatalogSegment? Segment);

    /// <summary>The catalog turned out to be damaged.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>The next page; <c>null</c> at the end, and when the catalog is damaged.</summary>
    public Page? Read(Catalog catalog)
    {
        if (catalog.Read(_after) is not { } page)
        {
            IsDamaged = true;
            return null;
        }

        CatalogSegment? segment = page.Segment is { } bytes ? CatalogSegment.Parse(bytes) : null;
        if (page.Rows.Count == 0 && page.Segment is null)
        {
            return null;
        }

        HashSet<ulong> told = segment is null ? [] : [.. segment.Chunks.Select(static c => c.Generation)];
        var rows = new List<(CatalogRow, ChunkTrailer, ChunkTail?)>(page.Rows.Count);
        foreach (CatalogRow row in page.Rows)
        {
            if (row.Generation >= root.NextGeneration || _open.Contains(row.Generation) || freed.Contains(row.Generation) || sealedSince.ContainsKey(row.Generation))
            {
                continue;
            }

            ChunkTail? tail = row.IsInSegment ? null : ChunkTail.Parse(row.Tail, state.Geometry.ZoneBytes);
            ChunkTrailer trailer = tail?.Trailer ?? default;
            if (row.IsInSegment ? !(told.Contains(row.Generation) && ChunkTrailer.TryParse(row.Tail, state.Geometry.ZoneBytes, out trailer)) : tail is null)
            {
                IsDamaged = true;
                return null;
            }

            rows.Add((row, trailer, tail));
        }

        IsDamaged |= page.Segment is not null && segment is null;
        _after = Math.Max(segment?.Chunks[^1].Generation ?? 0, page.Rows.Count > 0 ? page.Rows[^1].Generation : 0);
        return IsDamaged ? null : new Page(rows, segment);
    }

    /// <summary>Makes a page known.</summary>
    /// <returns><c>false</c>: it contradicts the disk, and nothing of it was taken. The catalog is not to be believed.</returns>
    public bool Apply(Page page)
    {
        var zones = new HashSet<int>();
        foreach ((CatalogRow row, ChunkTrailer trailer, _) in page.Rows)
        {
            if (trailer.Zone != row.Zone || trailer.Generation != row.Generation || trailer.Disk != root.Disk || row.Zone >= state.Geometry.ZoneCount
                || state.Ledger.StateOf(row.Zone) != ZoneState.Unknown || !zones.Add(row.Zone))
            {
                IsDamaged = true;
                return false;
            }
        }

        var inSegment = new Dictionary<ulong, Chunk>();
        foreach ((CatalogRow row, ChunkTrailer trailer, ChunkTail? tail) in page.Rows)
        {
            if (tail is not null)
            {
                loader.AddSealed(tail);
            }
            else
            {
                inSegment.Add(row.Generation, loader.AddChunk(trailer));
            }
        }

        if (page.Segment is { } segment)
        {
            Add(segment, inSegment);
        }

        return true;
    }

    /// <summary>All pages were applied: what was sealed since becomes known, and every zone that is still unknown is free.</summary>
    public void Finish()
    {
        foreach (ChunkTail tail in sealedSince.Values)
        {
            if (state.Ledger.StateOf(tail.Trailer.Zone) == ZoneState.Unknown)
            {
                loader.AddSealed(tail);
            }
        }

        loader.FreeTheRest();
        state.IsLoading = false;
    }

    private void Add(CatalogSegment segment, Dictionary<ulong, Chunk> known)
    {
        var chunks = new Chunk[segment.Chunks.Count];
        var zeros = new Dictionary<byte, int>();
        for (int i = 0; i < chunks.Length; i++)
        {
            SegmentChunk told = segment.Chunks[i];
            chunks[i] = known.TryGetValue(told.Generation, out Chunk? chunk) ? chunk : Gone(told);
            // They are numbered one after another, because whoever else numbers chunks does it on this thread.
            int number = state.Streams.Orders.Of(told.Class).NumberOf(chunks[i]);
            zeros.TryAdd(told.Class, number);
        }

        foreach (SegmentFormat format in segment.Formats)
        {
            int referring = format.Chunks.Where((refers, i) => refers && chunks[i].State != ChunkState.Freed).Count();
            if (referring > 0)
            {
                state.Formats.Add(format.Id, format.Bytes, referring);
            }
        }

        Chunk[] gone = Array.FindAll(chunks, static chunk => chunk.State == ChunkState.Freed);
        foreach (SegmentStream stream in segment.Streams)
        {
            StreamIndex index = state.Streams.Get(stream.Stream);
            index.Add(stream, chunks, retentionClass => zeros[retentionClass]);
            foreach (Chunk chunk in gone)
            {
                index.Remove(chunk);
            }
        }
    }

    /// <summary>It was freed after the segment was made; what the segment tells of it is taken away again.</summary>
    private static Chunk Gone(in SegmentChunk told)
    {
        var chunk = new Chunk(0, told.Generation, zone: -1, told.Class) { Committed = told.Committed };
        chunk.Free();
        return chunk;
    }
}
