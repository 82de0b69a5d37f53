// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class ChunkTableTests
{
    [Fact]
    public void The_oldest_footage_follows_every_chunk_that_comes_grows_and_goes()
    {
        var random = new Random(1);
        var table = new ChunkTable();
        var chunks = new List<Chunk>();
        for (ulong step = 1; step < 2000; step++)
        {
            int day = random.Next(1, 1000);
            switch (random.Next(chunks.Count == 0 ? 1 : 4))
            {
                case 0:
                    var chunk = new Chunk(step, step, head: default, ChunkLayout.Single, [new ColumnPlace(0, 0)]);
                    // The store adds a chunk first and says then what it holds.
                    table.Add(chunk);
                    chunk.Wall = Day(day);
                    table.Extended(chunk);
                    chunks.Add(chunk);
                    break;
                case 1:
                    Chunk grown = chunks[random.Next(chunks.Count)];
                    grown.Wall = new WallRange(WallTime.Min(grown.Wall.Start, Day(day).Start), WallTime.Max(grown.Wall.End, Day(day).End));
                    table.Extended(grown);
                    break;
                default:
                    int at = random.Next(chunks.Count);
                    table.Remove(chunks[at]);
                    chunks.RemoveAt(at);
                    break;
            }

            table.Oldest.ShouldBe(chunks.Count == 0 ? null : chunks.Min(c => c.Wall.Start));
        }
    }

    [Fact]
    public void A_chunk_without_footage_yet_is_not_the_oldest()
    {
        var table = new ChunkTable();
        table.Add(new Chunk(1, 1, head: default, ChunkLayout.Single, [new ColumnPlace(0, 0)]));
        table.Oldest.ShouldBeNull();
    }

    [Fact]
    public void Asking_again_goes_through_no_chunks()
    {
        var table = new ChunkTable();
        for (ulong id = 1; id <= 1000; id++)
        {
            table.Add(new Chunk(id, id, head: default, ChunkLayout.Single, [new ColumnPlace(0, 0)]) { Wall = Day((int)id) });
        }

        table.Oldest.ShouldBe(Day(1).Start);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = table.Oldest;
        }

        // Going through them takes an enumerator each time.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static WallRange Day(int day) => new(StoreBench.Start + TimeSpan.FromDays(day), StoreBench.Start + TimeSpan.FromDays(day + 1));
}
