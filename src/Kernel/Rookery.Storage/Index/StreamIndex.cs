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
                _gaps.Add(new Gap(entry.Wall, entry.GapCause));
                return;
            }

            _spans.Add(new ChunkSpan(entry.Wall, entry.Run, entry.Sequence, entry.Run, entry.Sequence));
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
                _spans.Add(span);
            }

            foreach (Gap gap in directory.Gaps)
            {
                _gaps.Add(gap);
            }
        }
    }

    /// <summary>A chunk was freed: its part of the stream is gone.</summary>
    public void Remove(Chunk chunk, StreamDirectory directory)
    {
        lock (_gate)
        {
            _chunks.RemoveAll(c => ReferenceEquals(c.Chunk, chunk));
            foreach (ChunkSpan span in directory.Spans)
            {
                _spans.Remove(BetweenWhatIsLeft(span.Wall));
            }

            foreach (Gap gap in directory.Gaps)
            {
                _gaps.Remove(gap);
            }
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

    private void Refer(Chunk chunk, WallRange wall)
    {
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
