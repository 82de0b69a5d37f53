// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: a disk that answers late, but without an error, is done without as long as the layout can. Method: a store without threads, a disk whose calls take virtual time.</summary>
public sealed class SlowDiskTests
{
    private static readonly DiskFaults Slow = new() { Stall = 1, StallTime = TimeSpan.FromMilliseconds(150) };

    [Fact]
    public async Task A_slow_disk_gets_nothing_new_while_enough_others_remain_and_is_tried_again_later()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 4);
        TestRun run = bench.Begin(1);
        bench.Disks[1].Faults = Slow;
        RecordUntil(bench, run, () => bench.Store.Status.Disks[1].IsSlow);
        bench.Store.Status.Disks.Count(d => d.IsSlow).ShouldBe(1);
        bench.Store.Status.Warnings.ShouldHaveSingleItem().ShouldContain("times as long");
        bench.Commit();
        long written = bench.Store.Status.Disks[1].WrittenBytes;
        LayoutTests.Record(bench, [run], commits: 40);
        bench.Store.Status.Disks[1].WrittenBytes.ShouldBe(written);
        bench.Store.Status.Fault.ShouldBeNull();

        bench.Disks[1].Faults = DiskFaults.None;
        bench.Clock.Advance(SlowDiskRule.FirstBackOff);
        RecordUntil(bench, run, () => bench.Store.Status.Disks[1].WrittenBytes > written);
        bench.Store.Status.Disks[1].IsSlow.ShouldBeFalse();
        await run.ShouldReadBackAsync();
        bench.Crash();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_slow_disk_that_the_layout_needs_is_used_on()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        bench.Disks[1].Faults = Slow;
        RecordUntil(bench, run, () => bench.Store.Status.Disks[1].IsSlow);
        long written = bench.Store.Status.Disks[1].WrittenBytes;
        LayoutTests.Record(bench, [run], commits: 20);
        bench.Store.Status.Disks[1].WrittenBytes.ShouldBeGreaterThan(written);
        bench.Store.Status.Fault.ShouldBeNull();
        await run.ShouldReadBackAsync();
    }

    private static void RecordUntil(StoreBench bench, TestRun run, Func<bool> fact)
    {
        for (int commit = 0; commit < 300 && !fact(); commit++)
        {
            LayoutTests.Record(bench, [run], commits: 1);
        }

        fact().ShouldBeTrue();
    }
}
