// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using FsCheck;
using FsCheck.Fluent;

namespace Rookery.Storage.Tests;

public sealed class ColumnPlacementTests
{
    private static readonly Config Seeded = Config.QuickThrowOnFailure.WithReplay(0x5EED, 1).WithMaxTest(150);

    /// <summary>Goal: rebuild load spreads over all disks. Method: fill a pool of equal disks and count what each two share.</summary>
    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 3)]
    [InlineData(9, 5)]
    [InlineData(12, 6)]
    [InlineData(12, 10)]
    [InlineData(20, 5)]
    [InlineData(36, 10)]
    public void Equal_disks_fill_alike_and_each_two_share_about_equally_many_chunks(int disks, int columns)
    {
        PoolOfNumbers pool = new(Enumerable.Repeat(400L, disks));
        for (int i = 0; i < 300; i++)
        {
            pool.Place(columns).ShouldNotBeNull();
            (pool.Disks.Max(disk => disk.FreeZones) - pool.Disks.Min(disk => disk.FreeZones)).ShouldBeLessThanOrEqualTo(1);
        }

        int[] shared = pool.SharedByPairs();
        ((double)(shared.Max() - shared.Min())).ShouldBeLessThanOrEqualTo(Spread(shared), Describe(shared));
    }

    /// <summary>The state that a pool spends its life in: full, and a new chunk gets what the sweeper just freed, not always the oldest.</summary>
    [Fact]
    public void Pairs_stay_balanced_while_chunks_come_and_go()
    {
        Random random = new(7);
        PoolOfNumbers pool = new(Enumerable.Repeat(300L, 12));
        for (int i = 0; i < 4000; i++)
        {
            pool.Place(6).ShouldNotBeNull();
            while (pool.Disks.Sum(disk => disk.FreeZones) < 60)
            {
                pool.Free(random.Next(Math.Min(40, pool.Chunks.Count)));
            }
        }

        int[] shared = pool.SharedByPairs();
        ((double)(shared.Max() - shared.Min())).ShouldBeLessThanOrEqualTo(Spread(shared), Describe(shared));
    }

    [Fact]
    public void A_failed_disks_columns_are_read_from_and_rebuilt_onto_all_the_others()
    {
        const int Lost = 3;
        PoolOfNumbers pool = new(Enumerable.Repeat(300L, 12));
        for (int i = 0; i < 400; i++)
        {
            pool.Place(6);
        }

        pool.Lost = Lost;
        int[] reads = new int[12], writes = new int[12];
        foreach (int[] chunk in pool.Chunks.Where(chunk => chunk.Contains(Lost)).ToArray())
        {
            int[] kept = [.. chunk.Where(disk => disk != Lost)];
            int[] replacement = new int[1];
            PlacementDisk[] usable = pool.Usable(kept);
            ColumnPlacement.TryChoose(usable, pool.Pairs, pool.Dues, (ulong)pool.Chunks.IndexOf(chunk), kept, replacement).ShouldBeTrue();
            pool.Dues.Placed(usable, replacement);
            kept.ShouldNotContain(replacement[0]);
            replacement[0].ShouldNotBe(Lost);
            pool.Pairs.Remove(chunk);
            pool.Pairs.Add([.. kept, replacement[0]]);
            pool.Disks[replacement[0]] = pool.Disks[replacement[0]] with { FreeZones = pool.Disks[replacement[0]].FreeZones - 1 };
            chunk[Array.IndexOf(chunk, Lost)] = replacement[0];
            writes[replacement[0]]++;
            foreach (int disk in kept)
            {
                reads[disk]++;
            }
        }

        // 200 chunks, five columns left of each: 91 reads and 18 writes for each of the eleven others.
        reads.Where((_, disk) => disk != Lost).ShouldAllBe(count => count >= 80 && count <= 102);
        writes.Where((_, disk) => disk != Lost).ShouldAllBe(count => count >= 15 && count <= 22);
        _ = pool.SharedByPairs();
    }

    [Fact]
    public void Disks_of_any_sizes_are_filled_until_no_order_of_choices_could_place_one_more() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed =>
            {
                Random random = new(seed);
                int disks = random.Next(1, 16);
                int columns = random.Next(1, disks + 1);
                int largest = random.Next(1, 60);
                long[] sizes = [.. Enumerable.Range(0, disks).Select(_ => (long)random.Next(0, largest + 1))];
                long capacity = PoolCapacity.Of(sizes, columns).Chunks;
                PoolOfNumbers pool = new(sizes);
                while (pool.Place(columns) is not null)
                {
                }

                ((long)pool.Chunks.Count).ShouldBe(capacity, $"{columns} columns on {string.Join(' ', sizes)}");
            }).Check(Seeded);

    [Fact]
    public void Capacity_is_that_of_the_best_of_all_orders_of_choices()
    {
        Random random = new(11);
        for (int i = 0; i < 60; i++)
        {
            long[] sizes = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => (long)random.Next(0, 5))];
            for (int columns = 1; columns <= sizes.Length; columns++)
            {
                PoolCapacity.Of(sizes, columns).Chunks.ShouldBe(MostByTrying(sizes, columns, []), $"{columns} columns on {string.Join(' ', sizes)}");
            }
        }
    }

    [Fact]
    public void Capacity_of_petabytes_does_not_overflow()
    {
        PoolCapacity.Of([long.MaxValue / 4, long.MaxValue / 4, long.MaxValue / 4], 3).ShouldBe(new PoolCapacity(long.MaxValue / 4, 0));
        PoolCapacity.Of([], 3).ShouldBe(new PoolCapacity(0, 0));
        PoolCapacity.Of([9, 9], 3).ShouldBe(new PoolCapacity(0, 0));
    }

    /// <summary>Goal: a disk that joins bears no more than its part of what is recorded, and all are full at the same time. Method: count in windows of 60 chunks.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_empty_disk_that_joins_half_full_ones_gets_twice_as_much_as_each_of_them_until_all_are_full(int columns)
    {
        PoolOfNumbers pool = new([200, 200, 200, 200, 400]);
        double expected = columns * 400.0 / 1200;
        while (pool.Place(columns) is not null)
        {
            if (pool.Chunks.Count % 60 == 0 && pool.Chunks.Count < 540)
            {
                ((double)pool.Chunks.TakeLast(60).Count(chunk => chunk.Contains(4))).ShouldBe(60 * expected, 3);
                (pool.Disks.Take(4).Max(disk => disk.FreeZones) - pool.Disks.Take(4).Min(disk => disk.FreeZones)).ShouldBeLessThanOrEqualTo(2);
            }
        }

        pool.Chunks.Count.ShouldBe(1200 / columns);
    }

    [Fact]
    public void A_disk_that_is_needed_for_every_chunk_that_still_fits_is_in_each()
    {
        PoolOfNumbers pool = new([1000, 100, 100, 100, 100]);
        for (int i = 0; i < 400; i++)
        {
            pool.Place(2)!.ShouldContain(0);
        }

        pool.Place(2).ShouldBeNull();
    }

    [Fact]
    public void Chunks_that_are_begun_one_after_another_lie_on_different_disks()
    {
        // Heads that write side by side have chunks that were begun so.
        PoolOfNumbers pool = new(Enumerable.Repeat(400L, 12));
        for (int i = 0; i < 100; i++)
        {
            pool.Place(4);
            pool.Place(4);
            pool.Place(4);
            pool.Chunks.TakeLast(3).SelectMany(chunk => chunk).Distinct().Count().ShouldBe(12);
        }
    }

    [Fact]
    public void Fewer_usable_disks_than_columns_is_a_refusal()
    {
        int[] chosen = [-1, -1, -1];
        ColumnPlacement.TryChoose([new(0, 5), new(1, 5)], new(), new(), 1, [6], chosen).ShouldBeFalse();
        chosen.ShouldAllBe(number => number == -1);
        ColumnPlacement.TryChoose([new(0, 5), new(1, 5), new(6, 5)], new(), new(), 1, [], chosen).ShouldBeTrue();
        chosen.Order().ShouldBe([0, 1, 6]);
    }

    [Fact]
    public void The_same_state_gives_the_same_disks_in_whatever_order_they_are_listed() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<int>(),
            seed =>
            {
                Random random = new(seed);
                PoolOfNumbers pool = new(Enumerable.Range(0, random.Next(4, 20)).Select(_ => (long)random.Next(30, 34)));
                for (int i = 0; i < 10; i++)
                {
                    pool.Place(4);
                }

                PlacementDisk[] shuffled = [.. pool.Disks];
                random.Shuffle(shuffled);
                int[] chosen = new int[4], again = new int[4];
                ColumnPlacement.TryChoose([.. pool.Disks], pool.Pairs, pool.Dues, (ulong)seed, [], chosen).ShouldBeTrue();
                ColumnPlacement.TryChoose(shuffled, pool.Pairs, pool.Dues, (ulong)seed, [], again).ShouldBeTrue();
                again.ShouldBe(chosen);
            }).Check(Seeded);

    [Fact]
    public void Every_disk_gets_every_column_about_equally_often()
    {
        const int Disks = 8, Columns = 6, Chunks = 1600;
        PoolOfNumbers pool = new(Enumerable.Repeat((long)Chunks, Disks));
        int[,] often = new int[Disks, Columns];
        for (int i = 0; i < Chunks; i++)
        {
            int[] chunk = pool.Place(Columns)!;
            for (int column = 0; column < Columns; column++)
            {
                often[chunk[column], column]++;
            }
        }

        // 200 expected of each, drawn: five standard deviations are 65.
        often.Cast<int>().ShouldAllBe(count => count > 135 && count < 265);
    }

    [Fact]
    public void A_pool_of_the_largest_size_places_its_widest_chunk()
    {
        PoolOfNumbers pool = new(Enumerable.Repeat(40L, PairCounts.MaximumDisks));
        for (int i = 0; i < 20; i++)
        {
            pool.Place(34).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Numbers_that_no_pool_comes_to_are_not_counted()
    {
        PairCounts pairs = new();
        pairs[0, 1023].ShouldBe(0);
        pairs.Add([2, -1, 1, 70_000]);
        (pairs[1, 2], pairs[2, 70_000], pairs[1, -1]).ShouldBe((1, 0, 0));
        pairs.Remove([2, -1, 1, 70_000]);
        pairs[1, 2].ShouldBe(0);
    }

    /// <summary>The bound that is promised: three, and a tenth of what each pair shares on average.</summary>
    private static double Spread(int[] shared) => 3 + (shared.Average() / 10);

    private static string Describe(int[] shared) => $"{shared.Min()} to {shared.Max()}, {shared.Average():0.0} on average";

    /// <summary>Tries all choices of disks for the next chunk.</summary>
    private static long MostByTrying(long[] free, int columns, Dictionary<string, long> known)
    {
        string key = string.Join(' ', free.Order());
        if (!known.TryGetValue(key, out long most))
        {
            for (int set = 0; set < 1 << free.Length; set++)
            {
                if (int.PopCount(set) == columns && Enumerable.Range(0, free.Length).All(i => ((set >> i) & 1) == 0 || free[i] > 0))
                {
                    most = Math.Max(most, 1 + MostByTrying([.. free.Select((zones, i) => zones - ((set >> i) & 1))], columns, known));
                }
            }

            known[key] = most;
        }

        return most;
    }
}
