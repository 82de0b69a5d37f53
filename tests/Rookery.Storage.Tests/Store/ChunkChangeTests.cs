// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: no sample waits for the change from a full chunk to the next. Method: a disk that counts what is written before the watermark moves, and refuses what it is told to.</summary>
public sealed class ChunkChangeTests
{
    private static readonly long End = StoreGeometry.FirstZoneBytes + (16L * StoreBench.ZoneBytes);

    [Fact]
    public void A_commit_writes_nothing_but_its_frame_before_the_watermark_moves_also_when_it_begins_a_chunk()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        int writes = 0;
        long durable = 0;
        bench.Hooks.BeforeWrite = _ => writes += run.Appender.Durable.Samples == durable ? 1 : 0;
        HashSet<ulong> chunks = [];
        for (int commit = 0; commit < 150; commit++)
        {
            run.Append(10, 3000);
            (writes, durable) = (0, run.Appender.Durable.Samples);
            bench.Commit();
            writes.ShouldBe(1, $"commit {commit}");
            chunks.UnionWith(Listed(bench).Select(entry => entry.Generation));
        }

        chunks.Count.ShouldBeGreaterThan(16, "retention had to free some");
    }

    [Fact]
    public void A_next_chunk_that_was_never_written_costs_a_start_one_block()
    {
        using var bench = new StoreBench(zones: 16);
        OpenColumn next = OpenNext(bench, bench.Begin(1));
        Superblock root = SuperblockSet.Read(bench.Disk).Newest!;
        using var disk = new PoolDisk(bench.Disk, root, DiskState.Online, firstPair: 0, new PoolNumbers([root], drawn: 0), bench.Options);
        var disks = new DiskSet([disk], bench.Clock, bench.Options.LongestDiskJob);
        long before = bench.Disk.BytesRead;
        ChunkRecovery.Result result = new ChunkRecovery(disks, new ChunkReader(disks, isForPool: false), StoreBench.ZoneBytes)
            .Recover(new ColumnSet(next.Chunk, next.Generation, next.Layout, [new ColumnPlace(0, next.Zone)]), next.Head, next.Frames, next.IsAhead, CancellationToken.None);
        (bench.Disk.BytesRead - before).ShouldBe(4096);
        (result.Chunk.FrameCount, result.MayResume).ShouldBe((0ul, true));
    }

    [Fact]
    public async Task While_the_superblock_does_not_say_that_the_next_chunk_was_begun_it_gets_one_frame_and_a_crash_loses_nothing()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        OpenColumn next = OpenNext(bench, run);
        long zone = StoreGeometry.FirstZoneBytes + (next.Zone * (long)StoreBench.ZoneBytes);
        int frames = 0;
        bench.Hooks.BeforeWrite = offset =>
        {
            if (offset < StoreGeometry.FirstZoneBytes || offset >= End)
            {
                throw new DeviceException("no superblock");
            }

            frames += offset >= zone && offset < zone + (StoreBench.ZoneBytes / 2) ? 1 : 0;
        };
        for (int commit = 0; commit < 12; commit++)
        {
            run.Append(10, 3000);
            bench.Clock.Advance(TimeSpan.FromSeconds(5));
            bench.Commit();
        }

        frames.ShouldBe(1);
        long acknowledged = run.Appender.Durable.Samples;
        acknowledged.ShouldBeLessThan(run.Sent.Count);
        bench.Hooks.BeforeWrite = static _ => { };
        bench.Crash();
        await run.ShouldReadBackAsync(samples: (int)acknowledged);
    }

    [Fact]
    public async Task On_a_disk_that_has_no_time_between_commits_chunks_are_sealed_and_freed_all_the_same()
    {
        using var bench = new StoreBench(zones: 6);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 100; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Clock.Advance(TimeSpan.FromMilliseconds(400));
            bench.Store.CommitNow(hasTime: false);
            run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
        }

        Listed(bench).Count.ShouldBeLessThan(5);
        bench.Crash();
        List<byte[]> left = await run.ReadBackAsync();
        left.Count.ShouldBeGreaterThan(100);
        left.ShouldBe(run.Sent[^left.Count..]);
    }

    [Fact]
    public void The_status_tells_how_long_the_oldest_sample_of_a_commit_waited()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(1, 3000);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(50));
        run.Append(1, 3000);
        bench.Commit();
        bench.Store.Status.ArrivalToDurable.ShouldBe(new CommitTimeSummary(1, TimeSpan.FromMilliseconds(450), TimeSpan.FromMilliseconds(450), TimeSpan.FromMilliseconds(450)));
    }

    /// <summary>Records until the superblock lists a next chunk.</summary>
    private static OpenColumn OpenNext(StoreBench bench, TestRun run)
    {
        while (true)
        {
            run.Append(10, 3000);
            bench.Commit();
            if (Listed(bench).Where(static entry => entry.IsAhead).Select(static entry => (OpenColumn?)entry).FirstOrDefault() is { } next)
            {
                return next;
            }
        }
    }

    private static IReadOnlyList<OpenColumn> Listed(StoreBench bench) => SuperblockSet.Read(bench.Disk).Newest!.Open;
}
