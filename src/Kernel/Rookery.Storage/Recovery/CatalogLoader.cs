// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Puts the catalog's chunks into the index, page by page, so that recording need not wait for it and memory stays bounded: <see cref="Read"/> on the catalog's task, <see cref="Apply"/> on the
/// disk's thread, for each page in turn, then <see cref="Finish"/>. What happened on the disks since the catalog was written was entered into it before, by <see cref="IndexLoader"/>.
/// </summary>
/// <remarks>
/// A chunk becomes known with all of its streams or not at all. So after a damaged page the rebuilding can go on from there: it looks at the zones that are still unknown.
/// </remarks>
/// <param name="state">The store.</param>
/// <param name="loader">Adds single chunks.</param>
internal sealed class CatalogLoader(StoreState state, IndexLoader loader)
{
    /// <summary>Chunks that all superblocks list as open are recovery's to tell, also when it has sealed them by now; those of this opening are known.</summary>
    private readonly HashSet<ulong> _open = [.. OpenGroup.Of(state).Where(static group => group.IsComplete).Select(static group => group.Entry.Generation)];
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
        foreach (CatalogRow row in page.Rows.Where(row => !state.Numbers.IsOfThisOpening(row.Generation) && !_open.Contains(row.Generation)))
        {
            ChunkTail? tail = row.IsInSegment ? null : ChunkTail.Parse(row.Tail, state.ZoneBytes);
            ChunkTrailer trailer = tail?.Trailer ?? default;
            if (row.IsInSegment ? !(told.Contains(row.Generation) && ChunkTrailer.TryParse(row.Tail, state.ZoneBytes, out trailer)) : tail is null)
            {
                IsDamaged = true;
                return null;
            }

            rows.Add((row, trailer, tail));
        }

        IsDamaged |= page.Segment is not null && segment is null;
        _after = page.Last;
        return IsDamaged ? null : new Page(rows, segment);
    }

    /// <summary>Makes a page known.</summary>
    /// <returns><c>false</c>: it contradicts the disk, and nothing of it was taken. The catalog is not to be believed.</returns>
    public bool Apply(Page page)
    {
        var used = new HashSet<ColumnPlace>();
        foreach ((CatalogRow row, ChunkTrailer trailer, _) in page.Rows)
        {
            if (trailer.Generation != row.Generation || trailer.Layout.Columns != row.Columns.Length || !Array.TrueForAll(row.Columns, place => place.IsNone || (IsUnknown(place) && used.Add(place))))
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
                loader.AddSealed(tail, row.Columns);
            }
            else
            {
                inSegment.Add(row.Generation, loader.AddChunk(trailer, row.Columns));
            }
        }

        if (page.Segment is { } segment)
        {
            Add(segment, inSegment);
        }

        return true;
    }

    /// <summary>All pages were applied: every zone that is still unknown is free, once it was looked at.</summary>
    public void Finish()
    {
        loader.FreeTheRest();
        state.IsLoading = false;
    }

    /// <summary>A place on a disk that is away may be what it wants.</summary>
    private bool IsUnknown(ColumnPlace place) =>
        state.Disks.Find(place.Disk) is not { } disk || ((uint)place.Zone < (uint)disk.Geometry.ZoneCount && disk.Ledger.StateOf(place.Zone) == ZoneState.Unknown);

    private void Add(CatalogSegment segment, Dictionary<ulong, Chunk> known)
    {
        var chunks = new Chunk[segment.Chunks.Count];
        var zeros = new Dictionary<HeadId, int>();
        for (int i = 0; i < chunks.Length; i++)
        {
            SegmentChunk told = segment.Chunks[i];
            chunks[i] = known.TryGetValue(told.Generation, out Chunk? chunk) ? chunk : Gone(told);
            // They are numbered one after another, because whoever else numbers chunks does it on this thread.
            int number = state.Streams.Orders.Of(told.Head).NumberOf(chunks[i]);
            zeros.TryAdd(told.Head, number);
        }

        ulong[] there = new ulong[SegmentFormat.WordsFor(chunks.Length)];
        for (int i = 0; i < chunks.Length; i++)
        {
            there[i / 64] |= chunks[i].State != ChunkState.Freed ? 1UL << (i % 64) : 0;
        }

        foreach (SegmentFormat format in segment.Formats)
        {
            int referring = format.CountAmong(there);
            if (referring > 0)
            {
                state.Formats.Add(format.Id, format.Bytes, referring);
            }
        }

        Chunk[] gone = Array.FindAll(chunks, static chunk => chunk.State == ChunkState.Freed);
        foreach (SegmentStream stream in segment.Streams)
        {
            StreamIndex index = state.Streams.Get(stream.Stream);
            index.Add(stream, chunks, head => zeros[head]);
            foreach (Chunk chunk in gone)
            {
                index.Remove(chunk);
            }
        }
    }

    /// <summary>It was freed after the segment was made; what the segment tells of it is taken away again.</summary>
    private static Chunk Gone(in SegmentChunk told)
    {
        var chunk = new Chunk(0, told.Generation, told.Head, ChunkLayout.Single, columns: []) { Committed = told.Committed };
        chunk.Free();
        return chunk;
    }
}
