// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: a spare is left alone until a disk is lost for good; then it takes its place, and all footage is protected again.</summary>
public sealed class SpareDiskTests
{
    [Fact]
    public async Task A_spare_takes_no_chunk_until_a_disk_has_failed_and_then_everything_is_rebuilt_onto_it()
    {
        using StoreBench bench = await WithSpareAsync();
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 30);
        bench.Store.Status.Disks[3].WrittenBytes.ShouldBe(0);
        bench.Disks[1].Faults = new DiskFaults { WriteError = 1, FlushError = 1 };
        for (int i = 0; i < 40; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(6));
            LayoutTests.Record(bench, [run], commits: 1);
        }

        bench.Store.Status.Disks[1].State.ShouldBe(DiskState.Failed);
        bench.Store.Status.Disks[3].IsSpare.ShouldBeTrue();
        (await bench.Store.RebuildNowAsync()).ShouldBeGreaterThan(0);
        bench.Store.Status.Disks[3].IsSpare.ShouldBeFalse();
        LayoutTests.Record(bench, [run], commits: 10);
        bench.Commit();
        bench.Store.Status.ColumnsToRebuild.ShouldBe(0);
        bench.Store.Status.DegradedChunks.ShouldBe(0);

        // Remembered: also that this loss is made up for.
        bench.Missing.Add(1);
        bench.Crash();
        bench.Store.Status.Disks[3].IsSpare.ShouldBeFalse();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_disk_that_is_missing_for_long_is_replaced_by_one_spare_and_not_by_two()
    {
        using StoreBench bench = await WithSpareAsync(spares: 2);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 12);
        bench.Missing.Add(0);
        bench.Crash();
        TestRun later = bench.Begin(2);
        LayoutTests.Record(bench, [later], commits: 12);
        await bench.Store.RebuildNowAsync();
        bench.Store.Status.Disks.Count(d => d.IsSpare).ShouldBe(2);
        await bench.Store.RebuildNowAsync(missingCount: true);
        await bench.Store.RebuildNowAsync(missingCount: true);
        bench.Store.Status.Disks.Count(d => d.IsSpare).ShouldBe(1);
        bench.Store.Status.DegradedChunks.ShouldBe(0);
        await LayoutTests.ShouldReadBackAsync([run, later]);
    }

    [Fact]
    public async Task Recording_goes_to_a_spare_at_once_when_nothing_else_works()
    {
        using StoreBench bench = await WithSpareAsync();
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 6);
        foreach (SimulatedDisk disk in bench.Disks[..3])
        {
            disk.Faults = new DiskFaults { WriteError = 1, FlushError = 1 };
        }

        LayoutTests.Record(bench, [run], commits: 6);
        run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
    }

    [Fact]
    public async Task Only_an_empty_disk_becomes_a_spare_and_not_the_last_one()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(1, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 60);
        (await Should.ThrowAsync<StoreException>(() => bench.Store.SetSpareAsync(0, isSpare: true))).Message.ShouldContain("Drain");
        await bench.Store.DrainAsync(0);
        bench.Commit();
        await bench.Store.RebuildNowAsync();
        bench.Commit();
        await bench.Store.SetSpareAsync(0, isSpare: true);
        bench.Store.Status.Disks[0].State.ShouldBe(DiskState.Online);
        bench.Store.Status.Disks[0].IsSpare.ShouldBeTrue();
        long written = bench.Store.Status.Disks[0].WrittenBytes;
        LayoutTests.Record(bench, [run], commits: 20);
        bench.Store.Status.Disks[0].WrittenBytes.ShouldBe(written);
        await bench.Store.SetSpareAsync(0, isSpare: false);
        LayoutTests.Record(bench, [run], commits: 60);
        bench.Store.Status.Disks[0].WrittenBytes.ShouldBeGreaterThan(written);
        await run.ShouldReadBackAsync();

        using var single = new StoreBench();
        await Should.ThrowAsync<StoreException>(() => single.Store.SetSpareAsync(0, isSpare: true));
    }

    private static async Task<StoreBench> WithSpareAsync(int spares = 1)
    {
        var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3 + spares);
        for (int i = 0; i < spares; i++)
        {
            await bench.Store.SetSpareAsync(3 + i, isSpare: true);
        }

        return bench;
    }
}
