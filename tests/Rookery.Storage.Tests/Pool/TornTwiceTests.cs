// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Goal: where a frame was torn by one crash, and the frame that was written over it by another, parts of the two are never taken for one frame. Method: of the first frame only the disks left behind
/// have their part, fewer than D, so it does not count; of the second only the others, at the same place, under the same number and of the same size.
/// </summary>
public sealed class TornTwiceTests
{
    private const int Before = 40;

    [Theory]
    [InlineData("2+1", 0)]
    [InlineData("2+1", 1)]
    [InlineData("2+1", 2)]
    [InlineData("4+2", 0, 1)]
    [InlineData("4+2", 2, 5)]
    [InlineData("4+2", 3, 4)]
    public async Task The_second_frame_counts_when_D_disks_have_it_and_is_made_whole_on_those_left_behind(string layout, params int[] leftBehind)
    {
        using StoreBench bench = BenchOf(layout);
        (TestRun run, TestRun second) = TearTwice(bench, leftBehind);
        await run.ShouldReadBackAsync(Before);
        await second.ShouldReadBackAsync();
        (await bench.Store.RebuildNowAsync()).ShouldBeGreaterThan(0);
        bench.Commit();
        await EveryLossShouldBeBorneAsync(bench, run, second);
    }

    /// <summary>Which columns are to be rebuilt is known from recovery; after another start only the scrub finds them again, and must not take the many for the damaged ones.</summary>
    [Theory]
    [InlineData("2+1", 0)]
    [InlineData("2+1", 1)]
    [InlineData("2+1", 2)]
    [InlineData("4+2", 0, 5)]
    [InlineData("4+2", 1, 2)]
    [InlineData("4+2", 3, 4)]
    public async Task A_scrub_finds_the_columns_left_behind(string layout, params int[] leftBehind)
    {
        using StoreBench bench = BenchOf(layout);
        (TestRun run, TestRun second) = TearTwice(bench, leftBehind);
        await bench.RestartAsync();
        await bench.Store.ScrubNowAsync();
        bench.Store.Status.DamagedColumnsFound.ShouldBe(leftBehind.Length);
        (await bench.Store.RebuildNowAsync()).ShouldBe(leftBehind.Length);
        bench.Commit();
        await EveryLossShouldBeBorneAsync(bench, run, second);
    }

    [Theory]
    [InlineData("4+2", 0, 1, 2)]
    [InlineData("4+2", 1, 3, 5)]
    [InlineData("4+2", 3, 4, 5)]
    [InlineData("3+0", 0)]
    [InlineData("3+0", 1, 2)]
    public async Task Neither_counts_when_fewer_than_D_disks_have_it(string layout, params int[] leftBehind)
    {
        using StoreBench bench = BenchOf(layout);
        (TestRun run, TestRun second) = TearTwice(bench, leftBehind);
        await run.ShouldReadBackAsync(Before);
        await second.ShouldReadBackAsync(0);
        using TestRun third = bench.Begin(3);
        third.Append(10, 2500).ShouldBeTrue();
        bench.Commit();
        bench.Crash();
        await run.ShouldReadBackAsync(Before);
        await third.ShouldReadBackAsync();
    }

    private static StoreBench BenchOf(string layout)
    {
        var parsed = ChunkLayout.Parse(layout);
        return new StoreBench(zones: 12, new StoreOptions { Layout = parsed }, parsed.Columns);
    }

    /// <returns>A run whose samples were acknowledged but for those of the first torn frame, and one that has those of the second.</returns>
    private static (TestRun Run, TestRun Second) TearTwice(StoreBench bench, int[] leftBehind)
    {
        TestRun run = bench.Begin(1);
        for (int sent = 0; sent < Before; sent += 10)
        {
            run.Append(10, 2500).ShouldBeTrue();
            bench.Commit();
        }

        Tear(bench, run, leftBehind.Contains);
        TestRun second = bench.Begin(2);
        Tear(bench, second, disk => !leftBehind.Contains(disk));
        return (run, second);
    }

    /// <summary>Writes a frame, and cuts the power when only some disks have it.</summary>
    private static void Tear(StoreBench bench, TestRun run, Func<int, bool> hasIt)
    {
        DiskImage[] before = [.. bench.Disks.Select(d => d.Current)];
        run.Append(10, 2500).ShouldBeTrue();
        bench.Commit();
        bench.MoveTo([.. bench.Disks.Select((d, i) => hasIt(i) ? d.Current : before[i])]);
    }

    private static async Task EveryLossShouldBeBorneAsync(StoreBench bench, TestRun run, TestRun second)
    {
        int parity = bench.Options.Layout!.Value.ParityColumns;
        for (int first = 0; first < bench.Disks.Length; first++)
        {
            bench.Missing.Clear();
            bench.Missing.UnionWith([first, (first + parity - 1) % bench.Disks.Length]);
            bench.Crash();
            await run.ShouldReadBackAsync(Before);
            await second.ShouldReadBackAsync();
            bench.Missing.Clear();
            bench.Crash();
        }
    }
}
