// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: a disk that fails in the middle of recording costs nothing that was taken, and recording goes on elsewhere at once.</summary>
public sealed class PoolFaultTests
{
    [Theory]
    [InlineData(2, "1+0")]
    [InlineData(2, "1+1")]
    [InlineData(4, "2+1")]
    [InlineData(3, "2+1")]
    [InlineData(7, "4+2")]
    public async Task A_disk_that_fails_in_a_commit_costs_nothing_and_the_same_commit_goes_to_the_others(int disks, string layout)
    {
        for (int bad = 0; bad < disks; bad++)
        {
            using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = ChunkLayout.Parse(layout) }, disks);
            TestRun[] runs = [bench.Begin(1), bench.Begin(2)];
            LayoutTests.Record(bench, runs, commits: 6);
            bench.Disks[bad].Faults = new DiskFaults { WriteError = 1, FlushError = 1 };
            LayoutTests.Record(bench, runs, commits: 6);
            foreach (TestRun run in runs)
            {
                run.Appender.Durable.Samples.ShouldBe(run.Sent.Count, $"disk {bad}");
            }

            // Not read while it is bad: with 1+0 the footage of before lies on it alone.
            await LayoutTests.ShouldReadBackAsync(runs);
            bench.Disks[bad].Faults = DiskFaults.None;
            bench.Clock.Advance(TimeSpan.FromSeconds(5));
            LayoutTests.Record(bench, runs, commits: 6);
            bench.Store.Status.Disks[bad].State.ShouldBe(DiskState.Online);
            await LayoutTests.ShouldReadBackAsync(runs);
            bench.Crash();
            await LayoutTests.ShouldReadBackAsync(runs);
        }
    }

    [Fact]
    public async Task A_disk_that_never_works_again_is_called_failed_and_stays_so_over_a_start()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 4);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 6);
        bench.Disks[1].Faults = new DiskFaults { WriteError = 1, FlushError = 1 };
        for (int i = 0; i < 40; i++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(6));
            LayoutTests.Record(bench, [run], commits: 1);
        }

        bench.Store.Status.Disks[1].State.ShouldBe(DiskState.Failed);
        await run.ShouldReadBackAsync();
        bench.Disks[1].Faults = DiskFaults.None;
        bench.Crash();
        bench.Store.Status.Disks[1].State.ShouldBe(DiskState.Failed);
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_frame_that_stands_whole_on_a_disk_that_left_hides_nothing_of_what_was_written_instead()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = ChunkLayout.Single }, disks: 2);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 2);
        // The disk takes a frame whole and says no, then takes nothing more; the samples go to the other with those that came later.
        int bad = bench.Disks[0].BytesWritten > bench.Disks[1].BytesWritten ? 0 : 1;
        bench.AllHooks[bad].AfterFlush = () =>
        {
            bench.AllHooks[bad].BeforeWrite = static _ => throw new DeviceException("and then nothing was taken");
            throw new DeviceException("one flush failed");
        };
        bench.AllHooks[1 - bad].BeforeWrite = static _ => throw new DeviceException("not just now");
        run.Append(10, 3000);
        bench.Commit();
        bench.AllHooks[1 - bad].BeforeWrite = static _ => { };
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        run.Append(10, 3000);
        bench.Commit();
        bench.AllHooks[bad].AfterFlush = static () => { };
        bench.AllHooks[bad].BeforeWrite = static _ => { };
        run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
        bench.Crash();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task Footage_recorded_while_a_disk_was_away_and_before_is_all_there_when_it_comes_back()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 4);
        TestRun before = bench.Begin(1);
        LayoutTests.Record(bench, [before], commits: 25);
        for (int away = 0; away < 4; away++)
        {
            bench.Missing.Add(away);
            bench.Crash();
            bench.Store.Status.Disks[away].State.ShouldBe(DiskState.Missing);
            bench.Clock.Advance(TimeSpan.FromSeconds(30));
            TestRun during = bench.Begin(2);
            LayoutTests.Record(bench, [during], commits: 10);
            await before.ShouldReadBackAsync();
            bench.Missing.Clear();
            bench.Crash();
            bench.Store.Status.Fault.ShouldBeNull();
            await bench.Store.RebuildNowAsync();
            bench.Commit();
            await before.ShouldReadBackAsync();
            (await during.ReadBackAsync())[^during.Sent.Count..].ShouldBe(during.Sent);
        }
    }

    [Fact]
    public async Task Too_few_disks_for_the_layout_still_record_and_it_is_said_so()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        TestRun before = bench.Begin(1);
        LayoutTests.Record(bench, [before], commits: 5);
        bench.Missing.Add(1);
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        TestRun run = bench.Begin(2);
        LayoutTests.Record(bench, [run], commits: 5);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("1+1");
        await run.ShouldReadBackAsync();
        bench.Missing.Clear();
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        TestRun after = bench.Begin(3);
        LayoutTests.Record(bench, [after], commits: 5);
        bench.Store.Status.Fault.ShouldBeNull();
        await LayoutTests.ShouldReadBackAsync([before, run, after]);
    }

    [Fact]
    public async Task Full_disks_of_different_sizes_go_on_recording_and_keep_the_newest()
    {
        using var bench = new StoreBench(zones: 12, new StoreOptions { Layout = new ChunkLayout(1, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 300; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
            run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
        }

        bench.Store.Status.Fault.ShouldBeNull();
        List<byte[]> left = await run.ReadBackAsync();
        left.Count.ShouldBeGreaterThan(700);
        left.ShouldBe(run.Sent[^left.Count..]);
        bench.Crash();
        left = await run.ReadBackAsync();
        left.ShouldBe(run.Sent[^left.Count..]);
    }
}
