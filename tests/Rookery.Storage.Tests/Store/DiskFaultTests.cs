// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

public sealed class DiskFaultTests
{
    [Fact]
    public async Task While_the_disk_takes_no_writes_recording_goes_on_in_memory_and_is_written_later()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        bench.Disk.Faults = new DiskFaults { WriteError = 1 };
        for (int commit = 0; commit < 20; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }

        run.Appender.Durable.Samples.ShouldBe(10);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("simulated");
        bench.Store.Status.FreeBytes.ShouldBeGreaterThan(10 * (long)StoreBench.ZoneBytes, "a failing disk does not eat zones");
        bench.Disk.Faults = DiskFaults.None;
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(210);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("have the disk checked");
        await run.ShouldReadBackAsync();
        bench.Clock.Advance(TimeSpan.FromMinutes(10));
        bench.Store.Status.Fault.ShouldBeNull();
        bench.Crash();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task What_a_failed_flush_may_have_lost_is_written_again_elsewhere()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        bench.Disk.Faults = new DiskFaults { FlushError = 1 };
        run.Append(10, 3000);
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(10);
        bench.Disk.Faults = DiskFaults.None;
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(20);
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        records.Select(r => r.Sequence).ShouldBe([0u, 1u], "a hole would say that footage is missing");
        await run.ShouldReadBackAsync();
        bench.Crash();
        await run.ShouldReadBackAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task With_errors_now_and_then_nothing_acknowledged_is_ever_lost(int seed)
    {
        // Each failure costs a chunk, and with it the rest of its zone.
        using var bench = new StoreBench(zones: 150);
        TestRun one = bench.Begin(1);
        TestRun two = bench.Begin(2);
        var random = new Random(seed);
        for (int commit = 0; commit < 60; commit++)
        {
            bench.Disk.Faults = random.Next(4) == 0 ? new DiskFaults { WriteError = 0.3, FlushError = 0.3 } : DiskFaults.None;
            one.Append(5, 3000).ShouldBeTrue();
            two.Append(5, 2000).ShouldBeTrue();
            bench.Clock.Advance(TimeSpan.FromSeconds(1));
            bench.Commit();
        }

        bench.Disk.Faults = DiskFaults.None;
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        bench.Commit();
        one.Appender.Durable.Samples.ShouldBe(300);
        await one.ShouldReadBackAsync();
        await two.ShouldReadBackAsync();
        bench.Crash();
        await one.ShouldReadBackAsync();
        await two.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_disk_that_is_not_blank_is_never_formatted()
    {
        var image = new DiskImage(8 << 20);
        image.Overwrite(0, "somebody's file system"u8);
        var disk = new SimulatedDisk(image);
        StoreException refused = await Should.ThrowAsync<StoreException>(() => VideoStore.OpenAsync(disk, new StoreOptions { IsManual = true, ZoneBytes = 64 << 10 }, TimeProvider.System));
        refused.Message.ShouldContain("neither blank");
        disk.BytesWritten.ShouldBe(0);
    }

    [Fact]
    public async Task A_disk_too_small_for_four_zones_is_refused_with_the_size_it_needs()
    {
        var disk = new SimulatedDisk(new DiskImage(2 << 20));
        StoreException refused = await Should.ThrowAsync<StoreException>(() => VideoStore.OpenAsync(disk, new StoreOptions { IsManual = true }, TimeProvider.System));
        refused.Message.ShouldContain("at least");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Any_one_superblock_copy_is_enough(int copy)
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        DiskImage image = bench.Disk.Current;
        for (int other = 0; other < StoreGeometry.SuperblockCopies; other++)
        {
            if (other != copy)
            {
                image.Flip(StoreGeometry.CopyOffset(other, image.CapacityBytes) + 100, 1);
            }
        }

        bench.MoveTo(image);
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_frame_that_was_given_up_but_stands_on_the_disk_hides_nothing_of_what_was_written_instead()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        // The second frame gets there whole, its flush says no, and the end of the zone takes no footer: the chunk stays open.
        run.Append(10, 3000);
        bench.Hooks.AfterFlush = () => throw new DeviceException("one flush failed");
        bench.Hooks.BeforeWrite = offset =>
        {
            if (offset > StoreGeometry.FirstZoneBytes + (StoreBench.ZoneBytes / 2) && offset < StoreGeometry.FirstZoneBytes + StoreBench.ZoneBytes)
            {
                throw new DeviceException("a bad spot");
            }
        };
        bench.Commit();
        bench.Hooks.AfterFlush = () => { };
        run.Appender.Durable.Samples.ShouldBe(10);
        run.Append(10, 3000);
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(30);
        await run.ShouldReadBackAsync();

        bench.Crash();
        await run.ShouldReadBackAsync();
        await bench.RestartAsync();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public void A_chunk_whose_footer_cannot_be_written_is_tried_ever_more_rarely_and_holds_up_no_commit()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        int tries = 0;
        bench.Hooks.BeforeWrite = offset =>
        {
            if (offset > StoreGeometry.FirstZoneBytes + (StoreBench.ZoneBytes / 2) && offset < StoreGeometry.FirstZoneBytes + StoreBench.ZoneBytes)
            {
                tries++;
                throw new DeviceException("a bad spot");
            }
        };
        for (int commit = 0; commit < 200; commit++)
        {
            run.Append(1, 3000);
            bench.Commit();
            run.Appender.Durable.Samples.ShouldBeGreaterThan(run.Sent.Count - 3);
        }

        tries.ShouldBeInRange(2, 12);
    }

    [Fact]
    public async Task An_error_of_the_program_while_a_frame_is_formed_acknowledges_nothing_that_was_not_written()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Hooks.BeforeWrite = _ => throw new InvalidOperationException("a programming error");
        Should.Throw<InvalidOperationException>(bench.Commit);
        bench.Hooks.BeforeWrite = _ => { };
        run.Append(10, 3000);
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(20);
        await run.ShouldReadBackAsync();
        bench.BytesHeld.ShouldBe(0);
    }

    [Fact]
    public void Gaps_that_wait_for_a_dead_disk_are_bounded()
    {
        using var bench = new StoreBench(zones: 150);
        bench.Disk.Faults = new DiskFaults { WriteError = 1 };
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < Committer.MaximumPendingGaps / 2; i++)
            {
                WallTime at = StoreBench.Start + TimeSpan.FromSeconds((round * 100_000) + (2 * i));
                bench.Store.AppendGap(new StreamId(1), 0, default, new Gap(new WallRange(at, at + TimeSpan.FromSeconds(1)), GapCause.StorageFailed));
            }

            bench.Commit();
        }

        bench.Store.Status.DroppedSamples.ShouldBe(Committer.MaximumPendingGaps / 2);
        bench.Disk.Faults = DiskFaults.None;
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        bench.Commit();
        bench.Store.Gaps(new StreamId(1), StoreBench.Ever).Count.ShouldBe(Committer.MaximumPendingGaps);
    }
}
