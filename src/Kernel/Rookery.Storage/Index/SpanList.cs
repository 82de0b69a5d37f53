// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Disjoint intervals of wall time, sorted, each with its first and last record: by these <see cref="Continuity"/> decides what joins, in whatever order the parts become known.
/// Adding at the end and asking cost next to nothing; in the middle, one move of what follows.
/// </summary>
/// <remarks>Not safe for several threads; <see cref="StreamIndex"/> guards it.</remarks>
internal sealed class SpanList
{
    private readonly List<ChunkSpan> _spans = [];

    public int Count => _spans.Count;

    public IReadOnlyList<ChunkSpan> All => _spans;

    /// <summary>Adds an interval and joins it with what it overlaps or continues.</summary>
    public void Add(in ChunkSpan span)
    {
        int first = FirstStartingAfter(span.Wall.Start);
        int after = first;
        ChunkSpan joined = span;
        if (first > 0 && Continuity.Joins(_spans[first - 1], joined))
        {
            first--;
            joined = Join(_spans[first], joined);
        }

        while (after < _spans.Count && Continuity.Joins(joined, _spans[after]))
        {
            joined = Join(joined, _spans[after]);
            after++;
        }

        if (first == after)
        {
            _spans.Insert(first, joined);
            return;
        }

        _spans[first] = joined;
        _spans.RemoveRange(first + 1, after - first - 1);
    }

    /// <summary>Takes an interval away.</summary>
    public void Remove(WallRange range)
    {
        if (range.IsEmpty)
        {
            return;
        }

        int at = FirstEndingAfter(range.Start);
        while (at < _spans.Count && _spans[at].Wall.Start < range.End)
        {
            ChunkSpan span = _spans[at];
            bool keepsHead = span.Wall.Start < range.Start;
            bool keepsTail = span.Wall.End > range.End;
            // Where it was cut nothing continues it: no run has the number 0.
            ChunkSpan head = span with { Wall = new WallRange(span.Wall.Start, range.Start), LastRun = 0, LastSequence = 0 };
            ChunkSpan tail = span with { Wall = new WallRange(range.End, span.Wall.End), FirstRun = 0, FirstSequence = 0 };
            if (keepsHead && keepsTail)
            {
                _spans[at] = head;
                _spans.Insert(at + 1, tail);
                return;
            }

            if (keepsHead)
            {
                _spans[at++] = head;
            }
            else if (keepsTail)
            {
                _spans[at++] = tail;
            }
            else
            {
                _spans.RemoveAt(at);
            }
        }
    }

    /// <summary>The parts inside <paramref name="range"/>, joined where they are closer than <paramref name="resolution"/>.</summary>
    public List<WallRange> Query(WallRange range, TimeSpan resolution)
    {
        var result = new List<WallRange>();
        for (int at = FirstEndingAfter(range.Start); at < _spans.Count && _spans[at].Wall.Start < range.End; at++)
        {
            WallRange clipped = _spans[at].Wall.Intersect(range);
            if (clipped.IsEmpty)
            {
                continue;
            }

            if (result.Count > 0 && clipped.Start - result[^1].End < resolution)
            {
                result[^1] = new WallRange(result[^1].Start, clipped.End);
            }
            else
            {
                result.Add(clipped);
            }
        }

        return result;
    }

    /// <summary>Index of the first interval whose end lies after <paramref name="time"/>.</summary>
    private int FirstEndingAfter(WallTime time)
    {
        int low = 0;
        int high = _spans.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_spans[middle].Wall.End > time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>Index of the first interval that begins after <paramref name="time"/>. Nearly always it is the end: records come in the order of time.</summary>
    private int FirstStartingAfter(WallTime time)
    {
        int low = 0;
        int high = _spans.Count;
        if (high == 0 || _spans[^1].Wall.Start <= time)
        {
            return high;
        }

        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_spans[middle].Wall.Start > time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <param name="first">The one that begins first.</param>
    /// <param name="second">The other.</param>
    private static ChunkSpan Join(in ChunkSpan first, in ChunkSpan second)
    {
        ChunkSpan last = second.Wall.End >= first.Wall.End ? second : first;
        return new ChunkSpan(new WallRange(first.Wall.Start, last.Wall.End), first.FirstRun, first.FirstSequence, last.LastRun, last.LastSequence);
    }
}
