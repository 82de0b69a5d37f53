// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Spans and gaps of one stream in chunks of copies.</summary>
internal sealed class HeldParts
{
    public List<(Chunk Chunk, ChunkSpan Span)> Spans { get; } = [];
    public List<(Chunk Chunk, Gap Gap)> Gaps { get; } = [];

    /// <summary>Adds a span, or makes the last one longer: copies of one chunk come in the order in which they were recorded.</summary>
    public void Add(Chunk chunk, in ChunkSpan span)
    {
        if (Spans.Count > 0 && ReferenceEquals(Spans[^1].Chunk, chunk) && Spans[^1].Span is var last && last.Wall.Start <= span.Wall.Start && last.Wall.End <= span.Wall.End
            && Continuity.Joins(last, span))
        {
            Spans[^1] = (chunk, last with { Wall = last.Wall with { End = span.Wall.End }, LastRun = span.LastRun, LastSequence = span.LastSequence });
            return;
        }

        Spans.Add((chunk, span));
    }

    public void Remove(Chunk chunk)
    {
        Spans.RemoveAll(s => ReferenceEquals(s.Chunk, chunk));
        Gaps.RemoveAll(g => ReferenceEquals(g.Chunk, chunk));
    }
}
