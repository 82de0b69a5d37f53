// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Goal: a power cut of all disks at once loses nothing acknowledged, also when one of them does not come back. Method: between any two writes of a run, each disk gets one of the images that
/// a crash can leave on it, and the pool is opened on these.
/// </summary>
public sealed class PoolCrashTests
{
    private const int Tries = 30;

    [Theory]
    [InlineData(2, "1+1", 1)]
    [InlineData(3, "2+1", 2)]
    [InlineData(4, "2+1", 3)]
    [InlineData(5, "3+2", 4)]
    [InlineData(3, "1+0", 5)]
    public async Task A_crash_of_all_disks_at_any_point_loses_nothing_acknowledged(int disks, string layout, int seed)
    {
        ChunkLayout wanted = ChunkLayout.Parse(layout);
        using var bench = new StoreBench(zones: 10, new StoreOptions { Layout = wanted }, disks);
        TestRun run = bench.Begin(1);
        var moments = new List<(int[] Boundaries, long Acknowledged)>();
        foreach (HookedDisk hooks in bench.AllHooks)
        {
            hooks.BeforeWrite = _ => moments.Add(([.. bench.Disks.Select(d => d.Boundary)], run.Appender.Durable.Samples));
        }

        for (int commit = 0; commit < 40; commit++)
        {
            run.Append(10, 2500).ShouldBeTrue();
            bench.Commit();
        }

        SimulatedDisk[] recorded = bench.Disks;
        var random = new Random(seed);
        for (int i = 0; i < Tries; i++)
        {
            (int[] boundaries, long acknowledged) = moments[moments.Count * i / Tries];
            DiskImage[] images = [.. recorded.Select((d, n) => ImageAt(d, boundaries[n], random))];
            bench.Missing.Clear();
            if (wanted.ParityColumns > 0 && random.Next(2) == 0)
            {
                bench.Missing.Add(random.Next(disks));
            }

            bench.MoveTo(images);
            List<byte[]> stored = await run.ReadBackAsync();
            stored.Count.ShouldBeGreaterThanOrEqualTo((int)acknowledged, $"moment {i}, missing {string.Join(",", bench.Missing)}");
            stored.ShouldBe(run.Sent[..stored.Count]);
            TestRun next = bench.Begin(2);
            next.Append(10, 2500);
            bench.Commit();
            bench.Missing.Clear();
            bench.Crash();
            (await run.ReadBackAsync()).Count.ShouldBeGreaterThanOrEqualTo((int)acknowledged, $"moment {i}, after a second start");
            await next.ShouldReadBackAsync();
        }
    }

    private static DiskImage ImageAt(SimulatedDisk disk, int boundary, Random random)
    {
        var images = new CrashImages(disk.Initial, disk.Log, 4096);
        images.MoveTo(boundary);
        List<DiskImage> all = [.. images.Images(6, random)];
        return all[random.Next(all.Count)];
    }
}
