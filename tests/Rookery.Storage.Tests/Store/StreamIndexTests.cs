// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class StreamIndexTests
{
    [Fact]
    public void A_freed_chunk_without_a_directory_leaves_the_spans_of_a_chunk_that_lies_within_its_time()
    {
        StreamIndex index = new(new ChunkOrders());
        Chunk resumed = new(id: 1, generation: 1, head: default, ChunkLayout.Single, [new ColumnPlace(0, 0)]);
        Chunk between = new(id: 2, generation: 2, head: default, ChunkLayout.Single, [new ColumnPlace(0, 1)]);
        index.Add(resumed, Record(run: 1, from: 0, to: 10));
        index.Add(between, Record(run: 2, from: 100, to: 110));
        index.Add(resumed, Record(run: 3, from: 200, to: 210));
        index.Remove(resumed);
        index.Spans(StoreBench.Ever, TimeSpan.Zero).ShouldBe([At(100, 110)]);
        index.Remove(between);
        index.Spans(StoreBench.Ever, TimeSpan.Zero).ShouldBeEmpty();
    }

    [Fact]
    public void A_freed_chunk_without_a_directory_takes_its_own_time_and_no_other()
    {
        StreamIndex index = new(new ChunkOrders());
        Chunk enclosing = new(id: 1, generation: 1, head: default, ChunkLayout.Single, [new ColumnPlace(0, 0)]);
        Chunk between = new(id: 2, generation: 2, head: default, ChunkLayout.Single, [new ColumnPlace(0, 1)]);
        index.Add(enclosing, Directory(At(0, 10), At(200, 210)));
        index.Add(between, Directory(At(100, 110)));
        index.Remove(enclosing);
        index.Spans(StoreBench.Ever, TimeSpan.Zero).ShouldBe([At(100, 110)]);
    }

    private static WallRange At(int from, int to) => new(StoreBench.Start + TimeSpan.FromSeconds(from), StoreBench.Start + TimeSpan.FromSeconds(to));

    private static RecordEntry Record(ulong run, int from, int to) => new()
    {
        EntryBytes = RecordEntry.FixedBytes,
        Kind = RecordKind.Samples,
        Epoch = 0,
        Stream = new StreamId(1),
        Run = run,
        Wall = At(from, to),
    };

    private static StreamDirectory Directory(params WallRange[] spans) => new()
    {
        Stream = new StreamId(1),
        EntriesOffset = 0,
        EntriesBytes = 0,
        RecordCount = spans.Length,
        EntriesChecksum = 0,
        PayloadBytes = 0,
        Wall = new WallRange(spans[0].Start, spans[^1].End),
        Spans = [.. spans.Select((span, i) => new ChunkSpan(span, (ulong)i + 1, 0, (ulong)i + 1, 0))],
        Gaps = [],
    };
}
