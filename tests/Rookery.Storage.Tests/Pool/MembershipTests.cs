// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

public sealed class MembershipTests
{
    private static readonly StoreOptions Options = new() { IsManual = true, ZoneBytes = StoreBench.ZoneBytes, MaximumFrameBytes = 64 << 10 };

    [Fact]
    public async Task A_disk_of_another_pool_is_refused_untouched()
    {
        using var one = new StoreBench(zones: 8, disks: 2);
        using var two = new StoreBench(zones: 8);
        two.Options = two.Options with { Identity = 99 };
        var stranger = new SimulatedDisk(StoreBench.BlankDisk(8));
        await (await VideoStore.OpenAsync(stranger, Options, one.Clock)).DisposeAsync();
        long written = stranger.BytesWritten;
        StoreException refused = await Should.ThrowAsync<StoreException>(() => VideoStore.OpenAsync([.. one.Disks, stranger], one.Options, one.Clock));
        refused.Message.ShouldContain("another pool");
        stranger.BytesWritten.ShouldBe(written);
    }

    [Fact]
    public async Task A_blank_disk_joins_only_when_that_was_asked_for()
    {
        using var bench = new StoreBench(zones: 8, disks: 2);
        await bench.Store.DisposeAsync();
        var blank = new SimulatedDisk(StoreBench.BlankDisk(8));
        await using (VideoStore store = await VideoStore.OpenAsync([.. bench.Disks, blank], bench.Options, bench.Clock))
        {
            store.Status.Disks.Count.ShouldBe(2);
            store.Status.Fault.ShouldNotBeNull().ShouldContain("blank");
        }

        blank.BytesWritten.ShouldBe(0);
        await using (VideoStore store = await VideoStore.OpenAsync([.. bench.Disks, blank], bench.Options with { JoinBlankDisks = true }, bench.Clock))
        {
            store.Status.Disks.Select(d => d.State).ShouldBe([DiskState.Online, DiskState.Online, DiskState.Online]);
            store.Status.Fault.ShouldBeNull();
        }

        await using (VideoStore store = await VideoStore.OpenAsync([blank, .. bench.Disks], bench.Options, bench.Clock))
        {
            store.Status.Disks.Count.ShouldBe(3);
            store.Status.Fault.ShouldBeNull();
        }
    }

    [Fact]
    public async Task A_crash_at_any_point_of_making_a_pool_leaves_disks_that_can_be_made_a_pool()
    {
        var disks = new SimulatedDisk[] { new(StoreBench.BlankDisk(8)), new(StoreBench.BlankDisk(8)) };
        var boundaries = new List<(int First, int Second)>();
        HookedDisk[] hooks = [.. disks.Select(d => new HookedDisk(d) { BeforeWrite = _ => boundaries.Add((disks[0].Boundary, disks[1].Boundary)) })];
        await using (await VideoStore.OpenAsync(hooks, Options, new SimulatedClock()))
        {
        }

        foreach ((int first, int second) in boundaries)
        {
            var again = new SimulatedDisk[] { At(disks[0], first), At(disks[1], second) };
            await using VideoStore store = await VideoStore.OpenAsync(again, Options, new SimulatedClock());
            store.Status.Disks.Count(d => d.State == DiskState.Online).ShouldBe(2);
        }
    }

    private static SimulatedDisk At(SimulatedDisk disk, int boundary)
    {
        var images = new CrashImages(disk.Initial, disk.Log, 4096);
        images.MoveTo(boundary);
        return new SimulatedDisk(images.Images(2, new Random(1)).First());
    }
}
