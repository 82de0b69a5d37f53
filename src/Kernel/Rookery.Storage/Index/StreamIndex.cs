// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A chunk that holds something of a stream, and from when to when: 24 bytes.</summary>
internal readonly record struct ChunkReference(Chunk Chunk, WallRange Wall);

/// <summary>All that memory keeps of one stream: its spans, its gaps, and which chunks to ask for records.</summary>
/// <remarks>Changed by the disk's thread, read by any.</remarks>
internal sealed class StreamIndex
{
    private readonly Lock _gate = new();
    private readonly SpanList _spans = new();
    private readonly GapList _gaps = new();
    private readonly List<ChunkReference> _chunks = [];

    /// <summary>What chunks of copies hold: it lies in time where other chunks lie, and stays when they go. <c>null</c> for nearly all streams.</summary>
    private HeldParts? _held;

    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                return _chunks.Count == 0;
            }
        }
    }

    /// <summary>A record or gap became durable.</summary>
    public void Add(Chunk chunk, in RecordEntry entry)
    {
        lock (_gate)
        {
            Refer(chunk, entry.Wall);
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
            Refer(chunk, directory.Wall);
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

    /// <summary>A chunk was freed: its part of the stream is gone.</summary>
    public void Remove(Chunk chunk, StreamDirectory directory)
    {
        lock (_gate)
        {
            _chunks.RemoveAll(c => ReferenceEquals(c.Chunk, chunk));
            bool isCopy = IsCopy(chunk);
            foreach (ChunkSpan span in directory.Spans)
            {
                if (isCopy)
                {
                    // After a crash what it was copied from may still be there.
                    RemoveOutsideOtherChunks(span.Wall);
                }
                else
                {
                    _spans.Remove(BetweenWhatIsLeft(span.Wall));
                }
            }

            foreach (Gap gap in directory.Gaps)
            {
                if (!isCopy || !_chunks.Exists(c => c.Wall.Overlaps(gap.Range)))
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
            List<ChunkReference> gone = _chunks.FindAll(c => ReferenceEquals(c.Chunk, chunk));
            _chunks.RemoveAll(c => ReferenceEquals(c.Chunk, chunk));
            foreach (ChunkReference reference in gone)
            {
                RemoveOutsideOtherChunks(reference.Wall);
                BringBackCopies(chunk, reference.Wall);
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

    /// <summary>The chunks that overlap <paramref name="range"/>, earliest first.</summary>
    public List<ChunkReference> Chunks(WallRange range)
    {
        // A chunk that is listed twice is given once, with all of its time: a search must know how late its last record may be.
        var found = new Dictionary<Chunk, WallRange>(ReferenceEqualityComparer.Instance);
        lock (_gate)
        {
            foreach (ChunkReference reference in _chunks)
            {
                WallRange wall = reference.Wall;
                if (wall.Start < range.End && range.Start < wall.End)
                {
                    found[reference.Chunk] = found.TryGetValue(reference.Chunk, out WallRange known)
                        ? new WallRange(WallTime.Min(known.Start, wall.Start), WallTime.Max(known.End, wall.End))
                        : wall;
                }
            }
        }

        List<ChunkReference> result = [.. found.Select(entry => new ChunkReference(entry.Key, entry.Value))];
        result.Sort(static (a, b) => a.Wall.Start != b.Wall.Start
            ? a.Wall.Start.CompareTo(b.Wall.Start)
            : a.Chunk.Generation.CompareTo(b.Chunk.Generation));
        return result;
    }

    private static bool IsCopy(Chunk chunk) => chunk.Class == RetentionClassId.Held.Value;

    private void Add(Chunk chunk, in ChunkSpan span)
    {
        _spans.Add(span);
        if (IsCopy(chunk))
        {
            (_held ??= new HeldParts()).Add(chunk, span);
        }
    }

    private void Add(Chunk chunk, in Gap gap)
    {
        _gaps.Add(gap);
        if (IsCopy(chunk))
        {
            (_held ??= new HeldParts()).Gaps.Add((chunk, gap));
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

    private void Refer(Chunk chunk, WallRange wall)
    {
        if (IsCopy(chunk))
        {
            // Copies are written between what is recorded now: they must not stand between two frames of its chunk.
            int known = _chunks.FindIndex(c => ReferenceEquals(c.Chunk, chunk));
            if (known < 0)
            {
                _chunks.Insert(0, new ChunkReference(chunk, wall));
                return;
            }

            WallRange before = _chunks[known].Wall;
            _chunks[known] = new ChunkReference(chunk, new WallRange(WallTime.Min(before.Start, wall.Start), WallTime.Max(before.End, wall.End)));
            return;
        }

        // Only the last is looked at: a chunk that comes back after another one is listed twice, and queries take it once.
        if (_chunks.Count > 0 && ReferenceEquals(_chunks[^1].Chunk, chunk))
        {
            WallRange known = _chunks[^1].Wall;
            _chunks[^1] = new ChunkReference(chunk, new WallRange(WallTime.Min(known.Start, wall.Start), WallTime.Max(known.End, wall.End)));
            return;
        }

        _chunks.Add(new ChunkReference(chunk, wall));
    }

    /// <summary>A chunk that was resumed after a stop encloses others: a timeline that shows too much for a while is better than footage nobody finds.</summary>
    private void RemoveOutsideOtherChunks(WallRange removed)
    {
        WallTime from = removed.Start;
        foreach (ChunkReference other in _chunks.Where(c => c.Wall.Overlaps(removed)).OrderBy(c => c.Wall.Start))
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
    private WallRange BetweenWhatIsLeft(WallRange removed)
    {
        WallTime start = removed.Start - Continuity.WithinRun;
        WallTime end = removed.End + Continuity.WithinRun;
        foreach (ChunkReference reference in _chunks)
        {
            if (reference.Wall.Start < removed.Start)
            {
                start = WallTime.Max(start, WallTime.Min(reference.Wall.End, removed.Start));
            }

            if (reference.Wall.End > removed.End)
            {
                end = WallTime.Min(end, WallTime.Max(reference.Wall.Start, removed.End));
            }
        }

        return new WallRange(start, end);
    }
}
