// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Disjoint intervals of wall time, sorted. Adding at the end and asking cost next to nothing; in the middle, one move of what follows.</summary>
/// <remarks>Not safe for several threads; <see cref="StreamIndex"/> guards it.</remarks>
internal sealed class SpanList
{
    /// <summary>Intervals this close are one: a camera's clock is corrected, and a picture is late, by less than a second.</summary>
    public static readonly TimeSpan JoinWithin = TimeSpan.FromSeconds(1);

    private readonly List<WallRange> _spans = [];

    public int Count => _spans.Count;

    public WallRange this[int index] => _spans[index];

    /// <summary>Adds an interval and joins it with what it touches, or nearly touches.</summary>
    /// <param name="range">What was recorded.</param>
    /// <param name="within">How far apart intervals are still joined.</param>
    public void Add(WallRange range, TimeSpan within)
    {
        if (_spans.Count == 0 || range.Start - _spans[^1].End > within)
        {
            _spans.Add(range);
            return;
        }

        if (range.Start >= _spans[^1].Start)
        {
            WallRange last = _spans[^1];
            _spans[^1] = new WallRange(last.Start, WallTime.Max(last.End, range.End));
            return;
        }

        // One that ends just where this one begins is touched, too.
        int first = FirstEndingAfter(range.Start - within - TimeSpan.FromMicroseconds(1));
        int after = first;
        WallRange joined = range;
        while (after < _spans.Count && _spans[after].Start - joined.End <= within)
        {
            joined = new WallRange(WallTime.Min(joined.Start, _spans[after].Start), WallTime.Max(joined.End, _spans[after].End));
            after++;
        }

        _spans.RemoveRange(first, after - first);
        _spans.Insert(first, joined);
    }

    /// <summary>Takes an interval away.</summary>
    public void Remove(WallRange range)
    {
        if (range.IsEmpty)
        {
            return;
        }

        int at = FirstEndingAfter(range.Start);
        while (at < _spans.Count && _spans[at].Start < range.End)
        {
            WallRange span = _spans[at];
            bool keepsHead = span.Start < range.Start;
            bool keepsTail = span.End > range.End;
            if (keepsHead && keepsTail)
            {
                _spans[at] = new WallRange(span.Start, range.Start);
                _spans.Insert(at + 1, new WallRange(range.End, span.End));
                return;
            }

            if (keepsHead)
            {
                _spans[at++] = new WallRange(span.Start, range.Start);
            }
            else if (keepsTail)
            {
                _spans[at++] = new WallRange(range.End, span.End);
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
        for (int at = FirstEndingAfter(range.Start); at < _spans.Count && _spans[at].Start < range.End; at++)
        {
            WallRange clipped = _spans[at].Intersect(range);
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
            if (_spans[middle].End > time)
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
}
