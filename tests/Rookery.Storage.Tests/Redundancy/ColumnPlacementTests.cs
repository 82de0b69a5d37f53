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

        pool.Disks[Lost] = pool.Disks[Lost] with { TakesChunks = false };
        int[] reads = new int[12], writes = new int[12];
        foreach (int[] chunk in pool.Chunks.Where(chunk => chunk.Contains(Lost)).ToArray())
        {
            int[] kept = [.. chunk.Where(disk => disk != Lost)];
            int[] replacement = new int[1];
            PlacementRequest request = new() { Columns = 1, ZoneBytes = PoolOfNumbers.ZoneBytes, Sequence = (ulong)pool.Chunks.IndexOf(chunk) };
            ColumnPlacement.TryChoose([.. pool.Disks], pool.Pairs, request, kept, replacement, out _).ShouldBeTrue();
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

    [Fact]
    public void The_emptiest_disks_go_first_when_sizes_differ()
    {
        PoolOfNumbers pool = new([1000, 1000, 400, 400, 400, 400]);
        for (int i = 0; i < 200; i++)
        {
            int[] chunk = pool.Place(3)!;
            chunk.ShouldContain(0);
            chunk.ShouldContain(1);
        }

        pool.Disks.Skip(2).ShouldAllBe(disk => disk.FreeZones == 350);
    }

    [Fact]
    public void Fewer_usable_disks_than_columns_is_a_refusal_that_says_how_many_there_are()
    {
        PlacementDisk usable = new(0, 5, PoolOfNumbers.ZoneBytes);
        PlacementDisk[] disks =
        [
            usable,
            usable with { Number = 1 },
            usable with { Number = 2, FreeZones = 0 },
            usable with { Number = 3, TakesChunks = false },
            usable with { Number = 4, ZoneBytes = 64 << 20 },
            usable with { Number = 5, Group = 9 },
            usable with { Number = 6 },
        ];
        int[] chosen = [-1, -1, -1];
        PlacementRequest request = new() { Columns = 3, ZoneBytes = PoolOfNumbers.ZoneBytes, Group = 0, Sequence = 1 };
        ColumnPlacement.TryChoose(disks, new(), request, [6], chosen, out int usableDisks).ShouldBeFalse();
        usableDisks.ShouldBe(2);
        chosen.ShouldAllBe(number => number == -1);
        ColumnPlacement.TryChoose(disks, new(), request, [], chosen, out usableDisks).ShouldBeTrue();
        chosen.Order().ShouldBe([0, 1, 6]);
        ColumnPlacement.TryChoose(disks, new(), request with { Group = null }, [], chosen, out usableDisks).ShouldBeTrue();
        usableDisks.ShouldBe(4);
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

                PlacementRequest request = new() { Columns = 4, ZoneBytes = PoolOfNumbers.ZoneBytes, Sequence = (ulong)seed };
                PlacementDisk[] shuffled = [.. pool.Disks];
                random.Shuffle(shuffled);
                int[] chosen = new int[4], again = new int[4];
                ColumnPlacement.TryChoose([.. pool.Disks], pool.Pairs, request, [], chosen, out _).ShouldBeTrue();
                ColumnPlacement.TryChoose(shuffled, pool.Pairs, request, [], again, out _).ShouldBeTrue();
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
    public void Pair_counts_refuse_numbers_out_of_range()
    {
        PairCounts pairs = new();
        pairs[0, 1023].ShouldBe(0);
        Should.Throw<ArgumentOutOfRangeException>(() => pairs[0, 1024]);
        Should.Throw<ArgumentOutOfRangeException>(() => pairs[-1, 3]);
        Should.Throw<ArgumentOutOfRangeException>(() => pairs[3, 3]);
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
