// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class AppendTests
{
    [Fact]
    public async Task What_was_appended_is_invisible_before_the_commit_and_whole_after_it()
    {
        using var bench = new StoreBench();
        using TestRun run = bench.Begin(1);
        run.Append(10, 1000).ShouldBeTrue();
        (await run.ReadBackAsync()).Count.ShouldBe(0);
        run.Appender.Durable.Samples.ShouldBe(0);
        bench.Store.Streams.ShouldBeEmpty();

        bench.Commit();

        await run.ShouldReadBackAsync();
        run.Appender.Durable.Samples.ShouldBe(10);
        run.Appender.Durable.Bytes.ShouldBe(10_000);
        run.Appender.Durable.Wall.ShouldBe(run.WallOf(10));
        bench.Store.Streams.ShouldBe([run.Stream]);
        bench.BytesHeld.ShouldBe(0, "every block was given back");
    }

    [Fact]
    public async Task Many_streams_share_a_frame_and_each_reads_back_its_own()
    {
        using var bench = new StoreBench(zones: 32);
        TestRun[] runs = [.. Enumerable.Range(1, 20).Select(i => bench.Begin((ulong)(21 - i)))];
        for (int commit = 0; commit < 20; commit++)
        {
            foreach (TestRun run in runs)
            {
                run.Append(10, 300 + (int)run.Stream.Value).ShouldBeTrue();
            }

            bench.Commit();
        }

        foreach (TestRun run in runs)
        {
            await run.ShouldReadBackAsync();
        }

        bench.Store.Spans(runs[0].Stream, StoreBench.Ever, TimeSpan.Zero).ShouldBe([new WallRange(runs[0].WallOf(0), runs[0].WallOf(200))]);
    }

    [Fact]
    public async Task Full_chunks_are_sealed_and_read_from_their_footers()
    {
        using var bench = new StoreBench(zones: 16);
        using TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 60; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }

        await run.ShouldReadBackAsync();
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_commit_larger_than_a_frame_takes_several()
    {
        using var bench = new StoreBench(zones: 16);
        using TestRun one = bench.Begin(1);
        using TestRun two = bench.Begin(2);
        one.Append(40, 9_000).ShouldBeTrue();
        two.Append(40, 9_000).ShouldBeTrue();
        bench.Commit();
        await one.ShouldReadBackAsync();
        await two.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_new_format_begins_a_new_record_and_both_formats_are_known()
    {
        using var bench = new StoreBench();
        using TestRun run = bench.Begin(1, format: [1]);
        run.Append(3, 100);
        run.Appender.ChangeFormat([2, 2]);
        run.Append(3, 100);
        bench.Commit();
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        records.Select(r => r.Samples.Length).ShouldBe([3, 3]);
        records.Select(r => r.Sequence).ShouldBe([0u, 1u]);
        bench.Store.Format(records[0].Format)!.Value.ToArray().ShouldBe([1]);
        bench.Store.Format(records[1].Format)!.Value.ToArray().ShouldBe([2, 2]);
    }

    [Fact]
    public async Task Gaps_are_durable_told_once_and_survive_a_crash()
    {
        using var bench = new StoreBench();
        var stream = new StreamId(5);
        WallTime t = StoreBench.Start;
        bench.Store.AppendGap(stream, 0, default, new Gap(new WallRange(t, t + TimeSpan.FromSeconds(5)), GapCause.CameraOffline));
        bench.Store.Gaps(stream, StoreBench.Ever).ShouldBeEmpty();
        bench.Commit();
        bench.Store.AppendGap(stream, 0, default, new Gap(new WallRange(t, t + TimeSpan.FromSeconds(9)), GapCause.CameraOffline));
        bench.Commit();
        Gap[] expected = [new Gap(new WallRange(t, t + TimeSpan.FromSeconds(9)), GapCause.CameraOffline)];
        bench.Store.Gaps(stream, StoreBench.Ever).ShouldBe(expected);
        bench.Crash();
        bench.Store.Gaps(stream, StoreBench.Ever).ShouldBe(expected);
        await bench.RestartAsync();
        bench.Store.Gaps(stream, StoreBench.Ever).ShouldBe(expected);
        bench.Store.Streams.ShouldBe([stream]);
    }

    [Fact]
    public void Beyond_the_memory_budget_appending_is_refused_and_what_was_taken_stays()
    {
        using var bench = new StoreBench(options: new StoreOptions { MemoryBudgetBytes = 1 << 20 });
        using TestRun run = bench.Begin(1);
        run.Append(1000, 8192).ShouldBeFalse();
        run.Sent.Count.ShouldBe(128);
        bench.Store.Status.DroppedSamples.ShouldBe(1);
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(128);
        run.Append(1, 8192).ShouldBeTrue();
    }

    [Fact]
    public async Task The_random_access_point_before_a_time_is_found_across_chunks()
    {
        using var bench = new StoreBench(zones: 16);
        using TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 40; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        foreach (int sample in new[] { 0, 24, 25, 26, 120, 399 })
        {
            StoredRecord? record = await bench.Store.FindRandomAccessAsync(run.Stream, run.WallOf(sample), CancellationToken.None);
            record.ShouldNotBeNull();
            int first = (int)(record.DecodeTime / 3600);
            int wanted = sample / 25 * 25;
            (first <= wanted && wanted < first + record.Samples.Length).ShouldBeTrue($"sample {sample}: record begins with {first}");
        }

        (await bench.Store.FindRandomAccessAsync(run.Stream, run.WallOf(-1), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_part_of_a_record_can_be_read_alone()
    {
        using var bench = new StoreBench();
        using TestRun run = bench.Begin(1);
        run.Append(3, 5000);
        bench.Commit();
        StoredRecord record = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).FirstAsync();
        byte[] part = new byte[5000];
        await bench.Store.ReadPayloadAsync(record.Location, 5000, part, CancellationToken.None);
        part.ShouldBe(run.Sent[1]);
    }

    [Fact]
    public async Task A_camera_whose_clock_is_at_the_end_of_time_is_stored_and_harms_no_other()
    {
        using var bench = new StoreBench();
        using TestRun other = bench.Begin(2);
        using IStreamAppender run = bench.Store.BeginRun(new RunStart(new StreamId(1), 0, default, 90_000, new byte[] { 1 }));
        Block block = bench.Rent(100);
        run.TryAppend(new Sample(0, 0, SampleFlags.RandomAccess, WallTime.MaxValue, new BlockSlice(block, 0, 100))).ShouldBeTrue();
        block.Release();
        other.Append(10, 1000);
        bench.Commit();
        run.Durable.Samples.ShouldBe(1);
        other.Append(10, 1000);
        bench.Commit();
        bench.Crash();
        await other.ShouldReadBackAsync();
        bench.Store.Streams.Count.ShouldBe(2);
    }

    [Fact]
    public void A_sample_for_a_run_that_has_ended_is_refused_and_leaves_nothing_behind()
    {
        using var bench = new StoreBench();
        TestRun run = bench.Begin(1);
        run.Dispose();
        Block block = bench.Rent(100);
        Should.Throw<ObjectDisposedException>(() => run.Appender.TryAppend(new Sample(0, 0, SampleFlags.None, StoreBench.Start, new BlockSlice(block, 0, 100))));
        block.Release();
        bench.BytesHeld.ShouldBe(0);
    }
}
