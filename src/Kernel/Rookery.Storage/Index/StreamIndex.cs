// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>All that memory keeps of one stream: its spans, its gaps, and which chunks to ask for records.</summary>
/// <remarks>Changed by the disk's thread, read by any.</remarks>
internal sealed class StreamIndex(ChunkOrders orders)
{
    private readonly Lock _gate = new();
    private readonly SpanList _spans = new();
    private readonly GapList _gaps = new();
    private readonly ReferenceList _chunks = new(orders);

    /// <summary>What chunks of copies hold: it lies in time where other chunks lie, and stays when they go. <c>null</c> for nearly all streams.</summary>
    private HeldParts? _held;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _chunks.IsEmpty && _held is not { Chunks.IsEmpty: false };
            }
        }
    }

    /// <summary>A record or gap became durable.</summary>
    public void Add(Chunk chunk, in RecordEntry entry)
    {
        lock (_gate)
        {
            ListOf(chunk).Add(chunk, entry.Wall);
            if (entry.Kind == RecordKind.Gap)
            {
                Add(chunk, new Gap(entry.Wall, entry.GapCause));
                return;
            }

            Add(chunk, new ChunkSpan(entry.Wall, entry.Run, entry.Sequence, entry.Run, entry.Sequence));
        }
    }

    /// <summary>A whole chunk became known, at a start or when recovery sealed it.</summary>
    public void Add(Chunk chunk, StreamDirectory directory)
    {
        lock (_gate)
        {
            ListOf(chunk).Add(chunk, directory.Wall);
            foreach (ChunkSpan span in directory.Spans)
            {
                Add(chunk, span);
            }

            foreach (Gap gap in directory.Gaps)
            {
                Add(chunk, gap);
            }
        }
    }

    /// <summary>Many chunks became known at once, from the catalog.</summary>
    /// <param name="part">What they hold of the stream.</param>
    /// <param name="chunks">The chunks; one that was freed meanwhile says so.</param>
    /// <param name="zeroOf">The number of the first of them of each head.</param>
    public void Add(SegmentStream part, Chunk[] chunks, Func<HeadId, int> zeroOf)
    {
        lock (_gate)
        {
            foreach (ReferenceRun run in part.Runs)
            {
                _chunks.Add(run.Renumbered(zeroOf(run.Head)));
            }

            foreach (ChunkSpan span in part.Spans)
            {
                _spans.Add(span);
            }

            foreach ((int chunk, Gap gap) in part.Gaps)
            {
                if (chunks[chunk].State != ChunkState.Freed)
                {
                    _gaps.Add(gap);
                }
            }
        }
    }

    /// <summary>What of it is the same whatever else the store holds, for the catalog. Nothing is added afterwards.</summary>
    public (IReadOnlyList<ReferenceRun> Runs, IReadOnlyList<ChunkSpan> Spans) ForCatalog()
    {
        lock (_gate)
        {
            return (_chunks.ToRuns(), _spans.All);
        }
    }

    /// <summary>A chunk was freed: its part of the stream is gone.</summary>
    public void Remove(Chunk chunk, StreamDirectory directory)
    {
        lock (_gate)
        {
            bool isCopy = IsCopy(chunk);
            ListOf(chunk).Remove(chunk, directory.Wall, out ReferenceRun? neighbours);
            foreach (ChunkSpan span in directory.Spans)
            {
                if (isCopy)
                {
                    // After a crash what it was copied from may still be there.
                    RemoveOutsideOtherChunks(span.Wall);
                }
                else
                {
                    _spans.Remove(BetweenWhatIsLeft(span.Wall, chunk, neighbours));
                }
            }

            foreach (Gap gap in directory.Gaps)
            {
                if (!isCopy || Overlapping(gap.Range).Count == 0)
                {
                    _gaps.Remove(gap);
                }
            }

            BringBackCopies(chunk, directory.Wall);
        }
    }

    /// <summary>A chunk was freed whose directory is lost: the whole interval it stood for is taken away, except where another chunk may hold something.</summary>
    public void Remove(Chunk chunk)
    {
        lock (_gate)
        {
            foreach (WallRange wall in ListOf(chunk).Remove(chunk, wall: null, out _))
            {
                RemoveOutsideOtherChunks(wall);
                BringBackCopies(chunk, wall);
            }
        }
    }

    /// <summary>The head that the stream was written by last; <c>null</c> when nothing is known.</summary>
    public HeadId? LatestHead
    {
        get
        {
            lock (_gate)
            {
                return _chunks.LatestHead;
            }
        }
    }

    public IReadOnlyList<WallRange> Spans(WallRange range, TimeSpan resolution)
    {
        lock (_gate)
        {
            return _spans.Query(range, resolution);
        }
    }

    public IReadOnlyList<Gap> Gaps(WallRange range)
    {
        lock (_gate)
        {
            return _gaps.Query(range);
        }
    }

    /// <summary>The chunks that may hold something in <paramref name="range"/>, earliest first.</summary>
    public List<ChunkReference> Chunks(WallRange range)
    {
        List<ChunkReference> references;
        lock (_gate)
        {
            references = Overlapping(range);
        }

        // A chunk that is listed twice is given once, with all of its time: a search must know how late its last record may be.
        var found = new Dictionary<Chunk, WallRange>(references.Count, ReferenceEqualityComparer.Instance);
        foreach (ChunkReference reference in references)
        {
            WallRange wall = reference.Wall;
            found[reference.Chunk] = found.TryGetValue(reference.Chunk, out WallRange known)
                ? new WallRange(WallTime.Min(known.Start, wall.Start), WallTime.Max(known.End, wall.End))
                : wall;
        }

        List<ChunkReference> result = [.. found.Select(entry => new ChunkReference(entry.Key, entry.Value))];
        result.Sort(static (a, b) => a.Wall.Start != b.Wall.Start
            ? a.Wall.Start.CompareTo(b.Wall.Start)
            : a.Chunk.Generation.CompareTo(b.Chunk.Generation));
        return result;
    }

    private static bool IsCopy(Chunk chunk) => chunk.Class == RetentionClassId.Held.Value;

    /// <summary>Copies are written between what is recorded now: they must not stand between two frames of its chunk.</summary>
    private ReferenceList ListOf(Chunk chunk) => IsCopy(chunk) ? (_held ??= new HeldParts(orders)).Chunks : _chunks;

    private List<ChunkReference> Overlapping(WallRange range)
    {
        List<ChunkReference> found = _chunks.Overlapping(range);
        if (_held is { } held)
        {
            found.AddRange(held.Chunks.Overlapping(range));
        }

        return found;
    }

    private void Add(Chunk chunk, in ChunkSpan span)
    {
        _spans.Add(span);
        if (IsCopy(chunk))
        {
            (_held ??= new HeldParts(orders)).Add(chunk, span);
        }
    }

    private void Add(Chunk chunk, in Gap gap)
    {
        _gaps.Add(gap);
        if (IsCopy(chunk))
        {
            (_held ??= new HeldParts(orders)).Gaps.Add((chunk, gap));
        }
    }

    /// <summary>With a chunk that went, the spans and gaps of copies were taken away where they lay in its time: they are still there.</summary>
    private void BringBackCopies(Chunk gone, WallRange wall)
    {
        if (_held is not { } held)
        {
            return;
        }

        held.Remove(gone);
        var around = new WallRange(wall.Start - Continuity.WithinRun, wall.End + Continuity.WithinRun);
        foreach ((_, ChunkSpan span) in held.Spans)
        {
            if (span.Wall.Overlaps(around))
            {
                _spans.Add(span);
            }
        }

        foreach ((_, Gap gap) in held.Gaps)
        {
            if (gap.Range.Overlaps(around))
            {
                _gaps.Add(gap);
            }
        }
    }

    /// <summary>A chunk that was resumed after a stop encloses others: a timeline that shows too much for a while is better than footage nobody finds.</summary>
    private void RemoveOutsideOtherChunks(WallRange removed)
    {
        WallTime from = removed.Start;
        foreach (ChunkReference other in Overlapping(removed).OrderBy(c => c.Wall.Start))
        {
            if (from < other.Wall.Start)
            {
                _spans.Remove(new WallRange(from, other.Wall.Start));
            }

            from = WallTime.Max(from, other.Wall.End);
        }

        if (from < removed.End)
        {
            _spans.Remove(new WallRange(from, removed.End));
        }
    }

    /// <summary>A span was joined with its neighbours across pauses of some seconds; when it goes, the pauses on both sides go with it, up to the chunks that stay.</summary>
    /// <param name="removed">The span, of a chunk that is not in the list any more.</param>
    /// <param name="chunk">The chunk.</param>
    /// <param name="neighbours">The run in which it was: there those with a higher number come after it, also where their times are not known as exactly.</param>
    private WallRange BetweenWhatIsLeft(WallRange removed, Chunk chunk, ReferenceRun? neighbours)
    {
        WallTime start = removed.Start - Continuity.WithinRun;
        WallTime end = removed.End + Continuity.WithinRun;
        foreach (ChunkReference reference in Overlapping(new WallRange(start, end)))
        {
            bool isNeighbour = neighbours is { } run && run.Has(reference.Chunk);
            if (reference.Wall.Start < removed.Start && !(isNeighbour && reference.Chunk.Order > chunk.Order))
            {
                start = WallTime.Max(start, WallTime.Min(reference.Wall.End, removed.Start));
            }

            if (reference.Wall.End > removed.End && !(isNeighbour && reference.Chunk.Order < chunk.Order))
            {
                end = WallTime.Min(end, WallTime.Max(reference.Wall.Start, removed.End));
            }
        }

        return new WallRange(start, end);
    }
}
