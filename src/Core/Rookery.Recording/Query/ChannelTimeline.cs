// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>What a channel has in a range: spans with video, and gaps with their causes, both oldest first and clipped to the range.</summary>
public sealed record ChannelTimeline(WallRange Range, IReadOnlyList<WallRange> Spans, IReadOnlyList<Gap> Gaps)
{
    /// <summary>Reads it from the store. A gap that a span covers (a piece written by an unclean start, an overlap) is shown only where no video is.</summary>
    /// <param name="store">The store.</param>
    /// <param name="channel">The channel.</param>
    /// <param name="range">What is asked for.</param>
    /// <param name="resolution">Spans and gaps closer together than this are merged; zero keeps them all.</param>
    public static ChannelTimeline Read(IVideoStore store, ChannelId channel, WallRange range, TimeSpan resolution)
    {
        StreamId stream = new TrackKey(channel, StreamRole.Main, 0).ToStreamId();
        IReadOnlyList<WallRange> spans = store.Spans(stream, range, resolution);
        return new ChannelTimeline(range, spans, Merge(Uncovered(store.Gaps(stream, range), spans), resolution));
    }

    /// <summary>Takes from each gap what lies in a span.</summary>
    private static IEnumerable<Gap> Uncovered(IReadOnlyList<Gap> gaps, IReadOnlyList<WallRange> spans)
    {
        int first = 0;
        foreach (Gap gap in gaps)
        {
            while (first < spans.Count && spans[first].End <= gap.Range.Start)
            {
                first++;
            }

            WallTime at = gap.Range.Start;
            for (int i = first; i < spans.Count && spans[i].Start < gap.Range.End; i++)
            {
                if (spans[i].Start > at)
                {
                    yield return new Gap(new WallRange(at, spans[i].Start), gap.Cause);
                }

                at = WallTime.Max(at, spans[i].End);
            }

            if (at < gap.Range.End)
            {
                yield return new Gap(new WallRange(at, gap.Range.End), gap.Cause);
            }
        }
    }

    /// <summary>Joins neighbours of one cause that touch, or lie closer together than the resolution.</summary>
    private static List<Gap> Merge(IEnumerable<Gap> gaps, TimeSpan resolution)
    {
        List<Gap> merged = [];
        foreach (Gap gap in gaps)
        {
            if (merged.Count > 0 && merged[^1] is { } last && last.Cause == gap.Cause && gap.Range.Start - last.Range.End <= resolution)
            {
                merged[^1] = last with { Range = new WallRange(last.Range.Start, WallTime.Max(last.Range.End, gap.Range.End)) };
            }
            else
            {
                merged.Add(gap);
            }
        }

        return merged;
    }
}
