// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

public sealed class SuperblockFaultTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public async Task Recording_goes_on_when_one_superblock_of_a_pair_cannot_be_written(params int[] bad)
    {
        using var bench = new StoreBench(zones: 16);
        bench.Disk.Faults = Refuse(bench, bad);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 40; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
            run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
        }

        bench.Store.Status.SuperblockErrors.ShouldBeGreaterThan(4);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain($"{bad.Length} of the 4 superblocks of simulated cannot be written");
        bench.Crash();
        await run.ShouldReadBackAsync();
        bench.Disk.Faults = DiskFaults.None;
        await bench.RestartAsync();
        bench.Store.Status.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Nothing_new_is_written_when_no_superblock_of_a_pair_can_be_written(int pair)
    {
        using var bench = new StoreBench(zones: 16);
        bench.Disk.Faults = Refuse(bench, pair, pair + 2);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000).ShouldBeTrue();
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(0);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("waits in memory");
        bench.Disk.Faults = DiskFaults.None;
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        bench.Commit();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task The_only_pair_with_the_newest_state_is_never_written_first()
    {
        // Half of a superblock is torn at both places of a pair, twice in a row.
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        DiskImage image = bench.Disk.Current;
        Tear(image, pair: 1);
        var disk = new SimulatedDisk(image);
        var hooks = new HookedDisk(disk);
        var pairs = new List<int>();
        hooks.BeforeWrite = offset => pairs.Add(Enumerable.Range(0, 4).First(copy => StoreGeometry.CopyOffset(copy, disk.CapacityBytes) == offset) % 2);
        await using (await VideoStore.OpenAsync(hooks, bench.Options, bench.Clock))
        {
            pairs[..4].ShouldBe([1, 1, 0, 0]);
        }

        // And after a failure: the second pair failed, so it may be torn.
        using var writer = new SuperblockWriter(hooks, firstPair: 0);
        Superblock next = SuperblockSet.Read(disk).Newest!;
        hooks.BeforeWrite = offset =>
        {
            if (offset == StoreGeometry.CopyOffset(1, disk.CapacityBytes) || offset == StoreGeometry.CopyOffset(3, disk.CapacityBytes))
            {
                throw new DeviceException("a bad spot");
            }
        };
        Should.Throw<DeviceException>(() => writer.Write(next with { Sequence = next.Sequence + 1 }));
        pairs.Clear();
        hooks.BeforeWrite = offset => pairs.Add(Enumerable.Range(0, 4).First(copy => StoreGeometry.CopyOffset(copy, disk.CapacityBytes) == offset) % 2);
        writer.Write(next with { Sequence = next.Sequence + 2 });
        pairs.ShouldBe([1, 1, 0, 0]);
    }

    [Fact]
    public async Task A_superblock_older_than_the_footage_is_not_taken_for_the_truth()
    {
        // Copy 0 takes no writes any more; much later the three others are gone.
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        DiskImage before = bench.Disk.Current;
        for (int commit = 0; commit < 40; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        DiskImage image = bench.Disk.Current;
        image[0] = before[0];
        foreach (int copy in (int[])[1, 2, 3])
        {
            image.Flip(StoreGeometry.CopyOffset(copy, image.CapacityBytes) + 100, 1);
        }

        var disk = new SimulatedDisk(image);
        StoreException refused = await Should.ThrowAsync<StoreException>(() => VideoStore.OpenAsync(disk, bench.Options, bench.Clock));
        refused.Message.ShouldContain("older than the footage");
        disk.BytesWritten.ShouldBe(0);
    }

    [Fact]
    public async Task A_superblock_that_calls_a_chunk_opened_ahead_is_not_believed_when_that_has_more_frames()
    {
        // As above, but nothing was written to a spare zone since: what would be written over lies behind the chunk's first frame.
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        OpenColumn next = default;
        while (next == default)
        {
            run.Append(10, 3000);
            bench.Commit();
            next = SuperblockSet.Read(bench.Disk).Newest!.Open.FirstOrDefault(static entry => entry.IsAhead);
        }

        DiskImage before = bench.Disk.Current;
        while (!SuperblockSet.Read(bench.Disk).Newest!.Open.Contains(next with { IsAhead = false }))
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        run.Append(10, 3000);
        bench.Commit();
        DiskImage image = bench.Disk.Current;
        image[0] = before[0];
        foreach (int copy in (int[])[1, 2, 3])
        {
            image.Flip(StoreGeometry.CopyOffset(copy, image.CapacityBytes) + 100, 1);
        }

        var disk = new SimulatedDisk(image);
        StoreException refused = await Should.ThrowAsync<StoreException>(() => VideoStore.OpenAsync(disk, bench.Options, bench.Clock));
        refused.Message.ShouldContain("older than the footage");
        disk.BytesWritten.ShouldBe(0);
    }

    private static DiskFaults Refuse(StoreBench bench, params int[] copies) => new()
    {
        Unwritable = [.. copies.Select(copy => StoreGeometry.CopyOffset(copy, bench.Disk.CapacityBytes)).Select(at => (at, at + Superblock.SizeBytes))],
    };

    private static void Tear(DiskImage image, int pair)
    {
        image.Flip(StoreGeometry.CopyOffset(pair, image.CapacityBytes) + 100, 1);
        image.Flip(StoreGeometry.CopyOffset(pair + 2, image.CapacityBytes) + 100, 1);
    }
}
