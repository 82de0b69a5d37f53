// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: a zone counts as free only by proof. Method: sectors that cannot be read during one start, recording over the whole disk, and a start on the healed disk.</summary>
public sealed class UnreadableZoneTests : IDisposable
{
    private const int Zones = 24;
    private const long TrailerOfFirstZone = StoreGeometry.FirstZoneBytes + StoreBench.ZoneBytes - 4096;
    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-unreadable-").FullName;

    private string Catalog => Path.Combine(_folder, "catalog.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(TrailerOfFirstZone)]
    [InlineData(StoreGeometry.FirstZoneBytes)]
    public async Task A_sealed_chunk_that_a_rebuild_cannot_read_is_not_written_over_by_this_start_or_the_next(long badSector)
    {
        using var bench = new StoreBench(Zones, new StoreOptions { CatalogPath = Catalog });
        TestRun run = bench.Begin(1);
        Record(bench, run, commits: 20);
        await bench.Store.DisposeAsync();
        File.Delete(Catalog);
        bench.Disk.Faults = new DiskFaults { Unreadable = [(badSector, badSector + 4096)] };
        bench.Crash();
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("could not be read");
        RecordOverAllThatIsFree(bench, stream: 2);
        bench.Crash();
        bench.Disk.Faults = DiskFaults.None;
        bench.Crash();
        bench.Store.Status.Fault.ShouldBeNull();
        await FirstZoneShouldReadBackAsync(bench, run);
    }

    [Fact]
    public async Task An_open_chunk_whose_beginning_cannot_be_read_keeps_its_zone()
    {
        using var bench = new StoreBench(Zones);
        TestRun run = bench.Begin(1);
        Record(bench, run, commits: 3);
        bench.Disk.Faults = new DiskFaults { Unreadable = [(StoreGeometry.FirstZoneBytes, StoreGeometry.FirstZoneBytes + 4096)] };
        bench.Crash();
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("could not be read");
        RecordOverAllThatIsFree(bench, stream: 2);
        bench.Disk.Faults = DiskFaults.None;
        bench.Crash();
        await FirstZoneShouldReadBackAsync(bench, run);
    }

    [Fact]
    public async Task An_open_chunk_that_cannot_be_read_to_its_end_is_shown_as_far_as_it_can_and_read_on_by_the_next_start()
    {
        using var bench = new StoreBench(Zones);
        TestRun run = bench.Begin(1);
        Record(bench, run, commits: 6);
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        long third = StoreGeometry.FirstZoneBytes + (records[2].Location.FrameOffset);
        bench.Disk.Faults = new DiskFaults { Unreadable = [(third, third + 4096)] };
        bench.Crash();
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("could not be read");
        List<byte[]> shown = await run.ReadBackAsync();
        shown.Count.ShouldBeInRange(10, 20);
        shown.ShouldBe(run.Sent[..shown.Count]);
        RecordOverAllThatIsFree(bench, stream: 2);
        await bench.RestartAsync();
        bench.Disk.Faults = DiskFaults.None;
        bench.Crash();
        bench.Store.Status.Fault.ShouldBeNull();
        List<byte[]> stored = await run.ReadBackAsync();
        stored.ShouldBe(run.Sent);
    }

    [Fact]
    public async Task A_half_read_chunk_goes_when_its_days_are_over()
    {
        using var bench = new StoreBench(Zones);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
        TestRun run = bench.Begin(1, retentionClass: 7);
        Record(bench, run, commits: 6);
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        long third = StoreGeometry.FirstZoneBytes + (records[2].Location.FrameOffset);
        bench.Disk.Faults = new DiskFaults { Unreadable = [(third, third + 4096)] };
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromDays(6));
        bench.Store.SweepNow();
        (await run.ReadBackAsync()).Count.ShouldBeGreaterThan(0);
        bench.Clock.Advance(TimeSpan.FromDays(2));
        bench.Store.SweepNow();
        (await run.ReadBackAsync()).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_clock_that_jumps_does_not_end_the_hope_of_the_rest_of_a_half_read_chunk()
    {
        using var bench = new StoreBench(Zones);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
        TestRun run = bench.Begin(1, retentionClass: 7);
        Record(bench, run, commits: 6);
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        long third = StoreGeometry.FirstZoneBytes + (records[2].Location.FrameOffset);
        bench.Disk.Faults = new DiskFaults { Unreadable = [(third, third + 4096)] };
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromDays(3650));
        bench.Commit();
        bench.Disk.Faults = DiskFaults.None;
        bench.Crash();
        (await run.ReadBackAsync()).ShouldBe(run.Sent);
    }

    [Fact]
    public void A_chunk_opened_ahead_that_cannot_be_read_is_no_free_zone()
    {
        using var bench = new StoreBench(Zones);
        TestRun run = bench.Begin(1);
        OpenColumn next = default;
        while (next == default)
        {
            Record(bench, run, commits: 1);
            next = SuperblockSet.Read(bench.Disk).Newest!.Open.FirstOrDefault(static entry => entry.IsAhead);
        }

        long free = bench.Store.Status.FreeBytes;
        long zone = StoreGeometry.FirstZoneBytes + (next.Zone * (long)StoreBench.ZoneBytes);
        bench.Disk.Faults = new DiskFaults { Unreadable = [(zone, zone + 4096)] };
        bench.Crash();
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("could not be read");
        bench.Store.Status.FreeBytes.ShouldBe(free - StoreBench.ZoneBytes);
    }

    [Fact]
    public async Task A_read_that_fails_once_costs_nothing()
    {
        for (int failing = 1; failing <= 12; failing++)
        {
            using var bench = new StoreBench(Zones);
            TestRun run = bench.Begin(1);
            Record(bench, run, commits: 6);
            bench.Crash(recover: false);
            int reads = 0;
            bench.Hooks.BeforeRead = () =>
            {
                if (++reads == failing)
                {
                    throw new DeviceException("a controller was reset");
                }
            };
            bench.Store.RecoverNow();
            bench.Hooks.BeforeRead = () => { };
            (await run.ReadBackAsync()).ShouldBe(run.Sent, $"read {failing}");
        }
    }

    [Fact]
    public async Task An_open_chunk_whose_first_frame_rotted_keeps_its_zone()
    {
        using var bench = new StoreBench(Zones);
        TestRun run = bench.Begin(1);
        Record(bench, run, commits: 3);
        bench.Disk.Rot(StoreGeometry.FirstZoneBytes + 20, 3);
        bench.Crash();
        RecordOverAllThatIsFree(bench, stream: 2);
        bench.Disk.Rot(StoreGeometry.FirstZoneBytes + 20, 3);
        bench.Crash();
        await FirstZoneShouldReadBackAsync(bench, run);
    }

    private static void Record(StoreBench bench, TestRun run, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }
    }

    /// <summary>Twice as much as the disk holds.</summary>
    private static void RecordOverAllThatIsFree(StoreBench bench, ulong stream) => Record(bench, bench.Begin(stream), commits: 2 * Zones * 8);

    private static async Task FirstZoneShouldReadBackAsync(StoreBench bench, TestRun run)
    {
        List<byte[]> stored = await run.ReadBackAsync();
        stored.Count.ShouldBeGreaterThanOrEqualTo(30);
        stored[0].ShouldBe(run.Sent[0]);
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start.ShouldBe(run.WallOf(0));
    }
}
