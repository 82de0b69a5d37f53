// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: after a rebuild footage bears as many losses as before. Method: disks are lost one after another, with a rebuild between, until every disk of the beginning is gone.</summary>
public sealed class RebuildTests
{
    [Theory]
    [InlineData("1+1", 4)]
    [InlineData("1+2", 5)]
    [InlineData("2+1", 5)]
    [InlineData("3+2", 7)]
    public async Task After_each_lost_disk_a_rebuild_makes_footage_as_safe_as_before(string layout, int disks)
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = ChunkLayout.Parse(layout) }, disks);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 60);
        ChunkLayout wanted = ChunkLayout.Parse(layout);
        for (int gone = 0; disks - bench.Missing.Count > wanted.Columns; gone++)
        {
            bench.Missing.Add(gone);
            bench.Crash();
            bench.Commit();
            (await bench.Store.RebuildNowAsync(missingCount: true)).ShouldBeGreaterThan(0);
            bench.Commit();
            await run.ShouldReadBackAsync();
            (await bench.Store.RebuildNowAsync(missingCount: true)).ShouldBe(0);
        }

        bench.Crash();
        await run.ShouldReadBackAsync();
        bench.Store.Status.DegradedChunks.ShouldBe(0);
        // And as many more at once as there is parity.
        bench.Missing.UnionWith(Enumerable.Range(disks - wanted.ParityColumns, wanted.ParityColumns));
        bench.Crash();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task Rot_that_a_read_finds_is_rebuilt_and_counted()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 30);
        await bench.RestartAsync();
        bench.Disks[1].Rot(StoreGeometry.FirstZoneBytes + 3000, 2);
        await bench.Store.ScrubNowAsync();
        bench.Store.Status.DamagedColumnsFound.ShouldBe(1);
        (await bench.Store.RebuildNowAsync()).ShouldBe(1);
        await bench.Store.ScrubNowAsync();
        bench.Store.Status.DamagedColumnsFound.ShouldBe(1);
        bench.Commit();
        foreach (int gone in new[] { 0, 2 })
        {
            bench.Missing.Add(gone);
            bench.Crash();
            await run.ShouldReadBackAsync();
            bench.Missing.Clear();
            bench.Crash();
            await bench.Store.RebuildNowAsync();
            bench.Commit();
        }
    }

    /// <summary>Padding holds no footage, but other parts are computed from it: a wrong bit there must be found while all columns are here, not when one is gone.</summary>
    [Fact]
    public async Task Rot_in_the_padding_of_a_part_is_found_by_the_scrub_before_another_disk_is_lost()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        // So little that all of it lies in column 0, and column 1 is padding.
        run.Append(1, 2000).ShouldBeTrue();
        bench.Commit();
        LayoutTests.Record(bench, [run], commits: 30);
        await bench.RestartAsync();
        const long Zone = StoreGeometry.FirstZoneBytes;
        int padded = Enumerable.Range(0, 3).Single(disk => PartAt(bench.Disks[disk], Zone).Column == 1);
        bench.Disks[padded].Rot(Zone + 3000, 2);
        await bench.Store.ScrubNowAsync();
        bench.Store.Status.DamagedColumnsFound.ShouldBe(1);
        (await bench.Store.RebuildNowAsync()).ShouldBe(1);
        bench.Commit();
        bench.Missing.Add(Enumerable.Range(0, 3).Single(disk => PartAt(bench.Disks[disk], Zone).Column == 0));
        bench.Crash();
        await run.ShouldReadBackAsync();
    }

    private static PartHeader PartAt(SimulatedDisk disk, long offset)
    {
        byte[] page = new byte[DiskImage.PageBytes];
        disk.Read(offset, page);
        PartHeader.TryParse(page, out PartHeader part).ShouldBeTrue();
        return part;
    }

    [Fact]
    public async Task A_chunk_is_verified_when_it_is_a_day_old_and_then_once_a_week()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 30);
        bench.Disks[1].Rot(StoreGeometry.FirstZoneBytes + 3000, 2);
        await FoundAsync(0);
        bench.Clock.Advance(TimeSpan.FromHours(25));
        await FoundAsync(1);
        bench.Disks[2].Rot(StoreGeometry.FirstZoneBytes + 3000, 2);
        bench.Clock.Advance(TimeSpan.FromDays(6));
        await FoundAsync(1);
        bench.Clock.Advance(TimeSpan.FromDays(2));
        await FoundAsync(2);

        async Task FoundAsync(long damaged)
        {
            await bench.Store.ScrubDueNowAsync(long.MaxValue / 2);
            bench.Store.Status.DamagedColumnsFound.ShouldBe(damaged);
            await bench.Store.RebuildNowAsync();
        }
    }

    [Fact]
    public async Task A_scrub_reads_no_more_than_its_budget_over_time()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        LayoutTests.Record(bench, [bench.Begin(1)], commits: 300);
        bench.Clock.Advance(TimeSpan.FromDays(2));
        long before = bench.Disks.Sum(d => d.BytesRead);
        const int Rounds = 50;
        const long Budget = 16 << 10;
        for (int round = 0; round < Rounds; round++)
        {
            await bench.Store.ScrubDueNowAsync(Budget);
        }

        // Whole chunks, so the last may go beyond it; footers and headers are read besides.
        long read = bench.Disks.Sum(d => d.BytesRead) - before;
        read.ShouldBeInRange(Rounds * Budget / 2, ((Rounds * Budget) + (3 * StoreBench.ZoneBytes)) * 3 / 2, $"of {bench.Store.Status.CapacityBytes - bench.Store.Status.FreeBytes} bytes in use");
    }

    [Fact]
    public async Task A_column_that_moved_to_a_zone_which_a_newer_chunk_had_left_is_found_without_a_catalog()
    {
        using var bench = new StoreBench(zones: 9, new StoreOptions { Layout = new ChunkLayout(1, 0), FreeZonesAhead = 1 }, disks: 2);
        TestRun kept = bench.Begin(1);
        TestRun brief = bench.Begin(2, retentionClass: 1);
        await bench.Store.ChangeClassAsync(new RetentionClass(new RetentionClassId(0), MaximumAge: null, MaximumBytes: null) { Priority = 100 });
        LayoutTests.Record(bench, [kept], commits: 60);
        LayoutTests.Record(bench, [brief], commits: 240);
        await bench.Store.ChangeClassAsync(new RetentionClass(new RetentionClassId(1), MaximumAge: null, MaximumBytes: StoreBench.ZoneBytes));
        bench.Clock.Advance(TimeSpan.FromSeconds(20));
        bench.Commit();
        int[] freed = [.. bench.Store.Status.Disks.Select(d => (int)(d.FreeBytes / StoreBench.ZoneBytes))];
        await bench.Store.DrainAsync(0);
        bench.Commit();
        await bench.Store.RebuildNowAsync();
        bench.Commit();
        await kept.ShouldReadBackAsync();
        freed[1].ShouldBeGreaterThan(2);
        bench.Crash();
        await kept.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_scrub_of_a_sound_pool_finds_nothing()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(3, 2) }, disks: 6);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 40);
        await bench.Store.ScrubNowAsync();
        bench.Store.Status.DamagedColumnsFound.ShouldBe(0);
    }

    [Fact]
    public async Task A_disk_is_not_removed_before_a_start_knows_what_it_holds()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = ChunkLayout.Single }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 40);
        await bench.Store.DrainAsync(1);
        bench.Crash(recover: false);
        // Nothing is known of any chunk yet: that is not the same as an empty disk.
        (await Should.ThrowAsync<StoreException>(() => bench.Store.RemoveAsync(1))).Message.ShouldContain("not known yet");
        bench.Store.RecoverNow();
        await run.ShouldReadBackAsync();
        await bench.Store.RebuildNowAsync();
        await bench.Store.RemoveAsync(1);
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_disk_that_is_drained_gets_empty_and_can_be_removed_while_recording_goes_on()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 4);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 40);
        await bench.Store.DrainAsync(1);
        LayoutTests.Record(bench, [run], commits: 10);
        await Should.ThrowAsync<StoreException>(() => bench.Store.RemoveAsync(1));
        await bench.Store.RebuildNowAsync();
        LayoutTests.Record(bench, [run], commits: 10);
        await bench.Store.RemoveAsync(1);
        bench.Missing.Add(1);
        await run.ShouldReadBackAsync();
        bench.Crash();
        bench.Store.Status.Fault.ShouldBeNull();
        bench.Store.Status.Disks.Select(d => d.Number).ShouldBe([0, 2, 3]);
        await run.ShouldReadBackAsync();
        bench.Missing.Clear();
        bench.Crash();
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("was removed");
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_disk_that_is_gone_is_replaced_by_a_new_one()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 40);
        bench.Missing.Add(0);
        bench.Crash();
        var fresh = new SimulatedDisk(StoreBench.BlankDisk(40), seed: 9, bench.Clock);
        (await bench.Store.ReplaceAsync(0, fresh)).ShouldBe(3);
        (await bench.Store.RebuildNowAsync()).ShouldBeGreaterThan(0);
        bench.Commit();
        bench.Store.Status.DegradedChunks.ShouldBe(0);
        await run.ShouldReadBackAsync();
        DiskImage[] images = [fresh.Current, bench.Disks[1].Current, bench.Disks[2].Current];
        bench.Missing.Clear();
        for (int gone = 0; gone < 3; gone++)
        {
            bench.MoveTo(images);
            bench.Missing.Add(gone);
            bench.Crash();
            await run.ShouldReadBackAsync();
            bench.Missing.Clear();
        }
    }

    [Fact]
    public async Task A_crash_in_the_middle_of_a_rebuild_leaves_nothing_half_believed()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 4);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 40);
        bench.Missing.Add(0);
        bench.Crash();
        int writes = 0;
        foreach (HookedDisk hooks in bench.AllHooks)
        {
            hooks.BeforeWrite = _ =>
            {
                if (++writes == 20)
                {
                    throw new InvalidOperationException("the process ends here");
                }
            };
        }

        await Should.ThrowAsync<InvalidOperationException>(() => bench.Store.RebuildNowAsync(missingCount: true));
        foreach (HookedDisk hooks in bench.AllHooks)
        {
            hooks.BeforeWrite = static _ => { };
        }

        bench.Missing.Clear();
        bench.Crash();
        await run.ShouldReadBackAsync();
        await bench.Store.ScrubNowAsync();
        await bench.Store.RebuildNowAsync();
        bench.Commit();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task The_catalog_knows_where_rebuilt_columns_lie()
    {
        string folder = Directory.CreateTempSubdirectory("rookery-pool-").FullName;
        try
        {
            using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1), CatalogPath = Path.Combine(folder, "catalog.db") }, disks: 5);
            TestRun run = bench.Begin(1);
            LayoutTests.Record(bench, [run], commits: 60);
            bench.Missing.Add(2);
            bench.Crash();
            await bench.Store.RebuildNowAsync(missingCount: true);
            bench.Commit();
            await bench.RestartAsync();
            long before = bench.Disks.Sum(d => d.BytesRead);
            await bench.RestartAsync();
            (bench.Disks.Sum(d => d.BytesRead) - before).ShouldBeLessThan(10 * StoreBench.ZoneBytes, "the catalog is used");
            bench.Missing.Add(3);
            bench.Crash();
            await run.ShouldReadBackAsync();
            bench.Missing.Clear();
            bench.Crash();
            await run.ShouldReadBackAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
