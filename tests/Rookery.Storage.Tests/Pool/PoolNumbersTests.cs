// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using FsCheck;
using FsCheck.Fluent;
using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class PoolNumbersTests
{
    private static readonly Arbitrary<ulong> Any = Gen.Choose(int.MinValue, int.MaxValue).Two().Select(two => unchecked(((ulong)(uint)two.Item1 << 32) | (uint)two.Item2)).ToArbitrary();

    [Fact]
    public void Two_openings_that_did_not_see_each_other_give_out_different_numbers_all_the_same()
    {
        var one = new PoolNumbers([Root(epoch: 4)], drawn: 1 << 20);
        var other = new PoolNumbers([Root(epoch: 4)], drawn: 1 << 21);
        one.OpenEpoch.ShouldBe(other.OpenEpoch);
        HashSet<ulong> generations = [], commits = [], runs = [];
        for (int i = 0; i < 1000; i++)
        {
            foreach (PoolNumbers numbers in (PoolNumbers[])[one, other])
            {
                generations.Add(numbers.TakeChunk().Generation).ShouldBeTrue();
                commits.Add(numbers.TakeCommit()).ShouldBeTrue();
                runs.Add(numbers.TakeRun()).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void Numbers_grow_from_one_opening_to_the_next_that_sees_it_and_stay_below_the_highest_signed_one() => Prop.ForAll(
        Any, Any, Any,
        (first, second, epoch) =>
        {
            epoch %= PoolNumbers.EpochEnd - 2;
            var one = new PoolNumbers([Root(epoch)], first);
            var next = new PoolNumbers([Root(epoch / 2), Root(one.OpenEpoch)], second);
            ulong generation = one.TakeChunk().Generation;
            return generation < next.TakeChunk().Generation && one.TakeCommit() < next.TakeCommit() && one.TakeRun() < next.TakeRun() && next.NextGeneration < long.MaxValue
                && one.IsOfThisOpening(generation) && !one.IsOfThisOpening(generation + 1) && !next.IsOfThisOpening(generation);
        }).Check(Config.QuickThrowOnFailure.WithReplay(1, 1));

    [Fact]
    public async Task Halves_of_a_pool_that_recorded_without_each_other_are_both_there_when_it_is_whole_again()
    {
        using var bench = new StoreBench(zones: 8, disks: 2);
        TestRun common = Record(bench, stream: 1, missing: []);
        TestRun first = Record(bench, stream: 2, missing: [1]);
        TestRun second = Record(bench, stream: 2, missing: [0]);
        bench.Missing.Clear();
        bench.Crash();
        await common.ShouldReadBackAsync();
        List<byte[]> both = await first.ReadBackAsync();
        both.ShouldBe([.. first.Sent, .. second.Sent]);
    }

    private static TestRun Record(StoreBench bench, ulong stream, int[] missing)
    {
        bench.Missing.Clear();
        bench.Missing.UnionWith(missing);
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        TestRun run = bench.Begin(stream);
        for (int i = 0; i < 3; i++)
        {
            run.Append(10, 1000).ShouldBeTrue();
            bench.Commit();
        }

        return run;
    }

    private static Superblock Root(ulong epoch) => new()
    {
        Sequence = 1,
        Pool = 1,
        Disk = 2,
        Geometry = StoreGeometry.Choose(64 << 20, 1 << 20),
        Created = new WallTime(0),
        OpenEpoch = epoch,
        NextChunk = 1,
        NextGeneration = 1,
    };
}
