// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>What chunks of copies hold of one stream.</summary>
internal sealed class HeldParts(ChunkOrders orders)
{
    /// <summary>The chunks of copies themselves.</summary>
    public ReferenceList Chunks { get; } = new(orders);
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

    /// <summary>Spans and gaps of a chunk that went; the caller takes it from <see cref="Chunks"/>.</summary>
    public void Remove(Chunk chunk)
    {
        Spans.RemoveAll(s => ReferenceEquals(s.Chunk, chunk));
        Gaps.RemoveAll(g => ReferenceEquals(g.Chunk, chunk));
    }
}
