// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class ReferenceListTests
{
    [Fact]
    public void A_stream_that_goes_on_through_thousands_of_chunks_costs_one_run()
    {
        var list = new ReferenceList(new ChunkOrders());
        for (int i = 0; i < 5000; i++)
        {
            // The rhythm of commits moves where a stream's time begins and ends in a chunk.
            list.Add(ChunkAt(i, i * 10, (i * 10) + 10), At((i * 10) - 0.5 + (i % 7 * 0.01), (i * 10) + 9.5 + (i % 5 * 0.01)));
        }

        list.RunCount.ShouldBe(1);
        list.Overlapping(At(30_005, 30_006)).Select(r => r.Chunk.Id).ShouldBe([3000ul]);
        list.Overlapping(At(-5, 100_000)).Count.ShouldBe(5000);
    }

    [Fact]
    public void A_stream_in_every_second_chunk_costs_one_run_when_the_others_are_another_heads()
    {
        var orders = new ChunkOrders();
        var list = new ReferenceList(orders);
        var other = new ReferenceList(orders);
        for (int i = 0; i < 2000; i++)
        {
            // Heads change their chunks at different times.
            Chunk chunk = ChunkAt(i, i / 2 * 10, (i / 2 * 10) + 10, new HeadId(0, (byte)(i % 2)));
            (i % 2 == 0 ? list : other).Add(chunk, chunk.Committed);
        }

        list.RunCount.ShouldBe(1);
        other.RunCount.ShouldBe(1);
        list.LatestHead.ShouldBe(new HeadId(0, 0));
        other.LatestHead.ShouldBe(new HeadId(0, 1));
    }

    [Fact]
    public void A_camera_whose_clock_is_put_forward_begins_a_new_run_and_is_found_by_its_own_time()
    {
        var list = new ReferenceList(new ChunkOrders());
        for (int i = 0; i < 100; i++)
        {
            double shift = i < 50 ? 0 : 3600;
            list.Add(ChunkAt(i, i * 10, (i * 10) + 10), At((i * 10) + shift, (i * 10) + 10 + shift));
        }

        list.RunCount.ShouldBe(2);
        list.Overlapping(At(4105, 4106)).Select(r => r.Chunk.Id).ShouldBe([50ul]);
        list.Overlapping(At(505, 506)).ShouldBeEmpty();
    }

    [Fact]
    public void A_chunk_that_is_freed_amid_a_run_is_left_out()
    {
        var list = new ReferenceList(new ChunkOrders());
        Chunk[] chunks = [.. Enumerable.Range(0, 20).Select(i => ChunkAt(i, i * 10, (i * 10) + 10))];
        foreach (Chunk chunk in chunks)
        {
            list.Add(chunk, chunk.Committed);
        }

        list.Remove(chunks[7], null, out _).ShouldBe([At(70, 80)]);
        list.Remove(chunks[7], null, out _).ShouldBeEmpty();
        list.Overlapping(At(60, 90)).Select(r => r.Chunk.Id).Order().ShouldBe([6ul, 8ul]);
        list.Overlapping(At(60, 90)).Single(r => r.Chunk.Id == 8).Wall.ShouldBe(At(80, 90));
        list.Overlapping(At(72, 78)).ShouldBeEmpty();
    }

    /// <summary>
    /// Random streams in random chunks of two classes, with pauses, jumps of the camera's clock, chunks that come back after a stop, and chunks that are freed; against a plain list of exact times.
    /// Every chunk that holds something is found, with a time that encloses it; none that was freed.
    /// </summary>
    [Fact]
    public void Everything_that_a_plain_list_finds_is_found()
    {
        for (int seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var list = new ReferenceList(new ChunkOrders());
            var plain = new List<(Chunk Chunk, WallRange Wall)>();
            var chunks = new List<Chunk>();
            double shift = 0;
            for (int step = 0; step < 200; step++)
            {
                double from = step * 10;
                Chunk chunk = ChunkAt(step, from, from + 10, new HeadId((byte)random.Next(2), (byte)random.Next(2)));
                chunks.Add(chunk);
                shift = random.Next(20) == 0 ? random.Next(-5000, 5000) : shift;
                if (random.Next(10) > 0)
                {
                    // Sometimes one goes on where the one before ended, sometimes not.
                    bool goesOn = random.Next(4) > 0;
                    Add(chunk, goesOn ? At(from + shift, from + shift + 10.05) : At(from + shift + (random.NextDouble() * 3), from + shift + 5 + (random.NextDouble() * 6)));
                }

                Chunk old = chunks[random.Next(chunks.Count)];
                switch (random.Next(12))
                {
                    case 0:
                        old.Free();
                        list.Remove(old, random.Next(2) == 0 && plain.Count(r => r.Chunk == old) == 1 ? plain.Find(r => r.Chunk == old).Wall : null, out _);
                        plain.RemoveAll(r => r.Chunk == old);
                        break;
                    case 1 when old.State != ChunkState.Freed:
                        old.Committed = old.Committed with { End = WallTime.Max(old.Committed.End, chunk.Committed.End) };
                        Add(old, At(from + 9, from + 10));
                        break;
                    default:
                        break;
                }
            }

            for (int question = 0; question < 50; question++)
            {
                double from = random.Next(-6000, 8000);
                WallRange range = At(from, from + random.Next(1, 300));
                List<ChunkReference> found = list.Overlapping(range);
                found.Exists(r => r.Chunk.State == ChunkState.Freed).ShouldBeFalse($"seed {seed}");
                foreach ((Chunk chunk, WallRange wall) in plain.Where(r => r.Wall.Overlaps(range)))
                {
                    found.Exists(r => r.Chunk == chunk && r.Wall.Start <= wall.Start && r.Wall.End >= wall.End).ShouldBeTrue($"seed {seed}: chunk {chunk.Id}");
                }
            }

            void Add(Chunk chunk, WallRange wall)
            {
                list.Add(chunk, wall);
                plain.Add((chunk, wall));
            }
        }
    }

    [Fact]
    public void Freed_chunks_are_let_go_of()
    {
        var order = new ChunkOrder();
        var held = new List<WeakReference>();
        Fill(order, held);
        GC.Collect();
        held.Count(r => r.IsAlive).ShouldBeLessThan(200);
        GC.KeepAlive(order);

        static void Fill(ChunkOrder order, List<WeakReference> held)
        {
            for (int i = 0; i < 2000; i++)
            {
                Chunk chunk = ChunkAt(i, i, i + 1);
                order.NumberOf(chunk).ShouldBe(i);
                if (i > 0)
                {
                    // The first one is held for ever, as evidence may be.
                    chunk.Free();
                    held.Add(new WeakReference(chunk));
                }
            }
        }
    }

    private static WallRange At(double from, double to) => new(StoreBench.Start + TimeSpan.FromSeconds(from), StoreBench.Start + TimeSpan.FromSeconds(to));

    private static Chunk ChunkAt(int id, double from, double to, HeadId head = default) => new((ulong)id, (ulong)id, head, ChunkLayout.Single, [new ColumnPlace(0, id)]) { Committed = At(from, to) };
}
