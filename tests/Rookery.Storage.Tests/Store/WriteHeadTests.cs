// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: channels of a class are spread over heads, each with chunks of its own, and all that a store promises holds for each. Method: two channels a head.</summary>
public sealed class WriteHeadTests
{
    private static StoreOptions TwoChannels => new() { ChannelsPerHead = 2 };

    [Fact]
    public async Task Channels_that_share_a_head_lie_in_the_same_chunks_and_others_in_others()
    {
        using var bench = new StoreBench(zones: 64, TwoChannels);
        TestRun[] runs = [.. Enumerable.Range(1, 6).Select(i => bench.Begin((ulong)i))];
        LayoutTests.Record(bench, runs, commits: 16);
        bench.Store.Status.WriteHeads.ShouldBe(3);
        HashSet<ulong>[] chunks = [.. await Task.WhenAll(runs.Select(run => ChunksOfAsync(bench, run)))];
        for (int head = 0; head < 3; head++)
        {
            chunks[2 * head].ShouldBe(chunks[(2 * head) + 1], ignoreOrder: true);
            chunks[2 * head].Count.ShouldBeGreaterThan(1);
            chunks[2 * head].Intersect(chunks[(2 * head + 2) % 6]).ShouldBeEmpty();
        }

        await LayoutTests.ShouldReadBackAsync(runs);
        bench.Crash();
        await LayoutTests.ShouldReadBackAsync(runs);
        await bench.RestartAsync();
        await LayoutTests.ShouldReadBackAsync(runs);
    }

    [Fact]
    public void All_heads_are_written_with_one_flush_for_each_disk()
    {
        using var bench = new StoreBench(zones: 64, TwoChannels with { Layout = new ChunkLayout(1, 1) }, disks: 2);
        TestRun[] runs = [.. Enumerable.Range(1, 6).Select(i => bench.Begin((ulong)i))];
        RecordLittle(bench, runs, commits: 2);
        int before = Flushes(bench.Disk);
        RecordLittle(bench, runs, commits: 1);
        (Flushes(bench.Disk) - before).ShouldBe(1);
        static int Flushes(SimulatedDisk disk) => disk.Log.Count(e => e is DiskEvent.Flush);
    }

    [Fact]
    public void Tracks_of_a_channel_share_a_head_and_count_as_one()
    {
        using var bench = new StoreBench(zones: 64, TwoChannels);
        IStreamAppender[] runs =
        [
            .. Enumerable.Range(0, 9).Select(i => bench.Store.BeginRun(new RunStart(new StreamId((ulong)i), 0, default, 90_000, new byte[1]) { Channel = (ulong)i / 3 })),
        ];
        bench.Commit();
        bench.Store.Status.WriteHeads.ShouldBe(2);
        Array.ForEach(runs, run => run.Dispose());
    }

    [Fact]
    public async Task After_a_crash_each_head_goes_on_with_its_own_chunk()
    {
        using var bench = new StoreBench(zones: 64, TwoChannels);
        TestRun[] runs = [.. Enumerable.Range(1, 4).Select(i => bench.Begin((ulong)i))];
        RecordLittle(bench, runs, commits: 2);
        int before = (await Task.WhenAll(runs.Select(run => ChunksOfAsync(bench, run)))).SelectMany(c => c).Distinct().Count();
        for (int crash = 0; crash < 5; crash++)
        {
            bench.Crash();
            TestRun[] more = [.. Enumerable.Range(1, 4).Select(i => bench.Begin((ulong)i))];
            RecordLittle(bench, more, commits: 1);
            Array.ForEach(more, run => run.Dispose());
        }

        HashSet<ulong>[] chunks = await Task.WhenAll(runs.Select(run => ChunksOfAsync(bench, run)));
        chunks.SelectMany(c => c).Distinct().Count().ShouldBe(before, "restarts use up no zones");
        chunks[0].ShouldBe(chunks[1], ignoreOrder: true);
    }

    [Fact]
    public async Task A_head_that_lost_its_streams_is_closed_after_a_while_and_its_footage_stays()
    {
        using var bench = new StoreBench(zones: 64, TwoChannels);
        TestRun[] runs = [.. Enumerable.Range(1, 4).Select(i => bench.Begin((ulong)i))];
        RecordLittle(bench, runs, commits: 3);
        runs[2].Dispose();
        runs[3].Dispose();
        RecordLittle(bench, runs[..2], commits: 1);
        bench.Store.Status.WriteHeads.ShouldBe(1);
        OpenColumns(bench).ShouldBe(2, "cameras that are only restarted come back to it");
        bench.Clock.Advance(TimeSpan.FromMinutes(11));
        RecordLittle(bench, runs[..2], commits: 1);
        OpenColumns(bench).ShouldBe(1);
        await LayoutTests.ShouldReadBackAsync(runs);
        bench.Crash();
        await LayoutTests.ShouldReadBackAsync(runs);
    }

    [Fact]
    public async Task A_new_run_goes_to_the_head_with_less_to_write()
    {
        using var bench = new StoreBench(zones: 64, new StoreOptions { ChannelsPerHead = 3 });
        TestRun[] runs = [.. Enumerable.Range(1, 4).Select(i => bench.Begin((ulong)i))];
        // Three small ones on the first head, a large one on the second.
        for (int commit = 0; commit < 60; commit++)
        {
            Array.ForEach(runs, run => run.Append(1, run.Stream.Value == 4 ? 20_000 : 500).ShouldBeTrue());
            bench.Commit();
        }

        runs[1].Dispose();
        bench.Commit();
        TestRun fresh = bench.Begin(9);
        fresh.Append(1, 100).ShouldBeTrue();
        runs[0].Append(1, 100).ShouldBeTrue();
        runs[3].Append(1, 100).ShouldBeTrue();
        bench.Commit();
        (await ChunksOfAsync(bench, fresh)).IsSubsetOf(await ChunksOfAsync(bench, runs[0])).ShouldBeTrue();
    }

    [Fact]
    public async Task Beyond_what_superblocks_have_places_for_heads_are_shared_and_nothing_is_refused()
    {
        using var bench = new StoreBench(zones: 400, new StoreOptions { ChannelsPerHead = 1 });
        TestRun[] runs = [.. Enumerable.Range(1, 36).Select(i => bench.Begin((ulong)i, (byte)(i % 24)))];
        for (int commit = 0; commit < 6; commit++)
        {
            Array.ForEach(runs, run => run.Append(2, 1500).ShouldBeTrue());
            bench.Commit();
            runs.ShouldAllBe(run => run.Appender.Durable.Samples == run.Sent.Count);
        }

        bench.Store.Status.WriteHeads.ShouldBe(24 + Committer.MostFurtherHeads);
        bench.Store.Status.Fault.ShouldBeNull();
        bench.Crash();
        await LayoutTests.ShouldReadBackAsync(runs);
        TestRun[] again = [.. Enumerable.Range(1, 36).Select(i => bench.Begin((ulong)i + 100, (byte)(i % 24)))];
        Array.ForEach(again, run => run.Append(2, 1500).ShouldBeTrue());
        bench.Commit();
        again.ShouldAllBe(run => run.Appender.Durable.Samples == 2);
    }

    /// <summary>So little that a zone is not half full at the end of a test.</summary>
    private static void RecordLittle(StoreBench bench, TestRun[] runs, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            Array.ForEach(runs, run => run.Append(3, 300).ShouldBeTrue());
            bench.Commit();
        }
    }

    private static int OpenColumns(StoreBench bench) => SuperblockSet.Read(bench.Disk).Newest!.Open.Count;

    private static async Task<HashSet<ulong>> ChunksOfAsync(StoreBench bench, TestRun run)
    {
        HashSet<ulong> chunks = [];
        await foreach (StoredRecord record in bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None))
        {
            chunks.Add(record.Location.Chunk);
        }

        return chunks;
    }
}
