// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The recorded gaps of a stream, sorted by start. A gap that goes on, told again with the same cause, is one gap.</summary>
/// <remarks>Not safe for several threads; <see cref="StreamIndex"/> guards it.</remarks>
internal sealed class GapList
{
    private readonly List<Gap> _gaps = [];

    public int Count => _gaps.Count;

    public void Add(in Gap gap)
    {
        int at = _gaps.Count;
        while (at > 0 && _gaps[at - 1].Range.Start > gap.Range.Start)
        {
            at--;
        }

        if (at > 0 && _gaps[at - 1].Cause == gap.Cause && _gaps[at - 1].Range.End >= gap.Range.Start)
        {
            WallRange before = _gaps[at - 1].Range;
            _gaps[at - 1] = new Gap(new WallRange(before.Start, WallTime.Max(before.End, gap.Range.End)), gap.Cause);
            return;
        }

        _gaps.Insert(at, gap);
    }

    /// <summary>Takes away what a freed chunk had said.</summary>
    public void Remove(in Gap gap)
    {
        for (int at = 0; at < _gaps.Count; at++)
        {
            Gap known = _gaps[at];
            if (known.Cause != gap.Cause || !known.Range.Overlaps(gap.Range))
            {
                continue;
            }

            // A later chunk may have told the same gap on: its part stays.
            if (known.Range.End > gap.Range.End)
            {
                _gaps[at] = new Gap(new WallRange(gap.Range.End, known.Range.End), known.Cause);
            }
            else
            {
                _gaps.RemoveAt(at);
            }

            return;
        }
    }

    public List<Gap> Query(WallRange range)
    {
        var result = new List<Gap>();
        foreach (Gap gap in _gaps)
        {
            if (gap.Range.Start >= range.End)
            {
                break;
            }

            if (gap.Range.Overlaps(range))
            {
                result.Add(new Gap(gap.Range.Intersect(range), gap.Cause));
            }
        }

        return result;
    }
}
