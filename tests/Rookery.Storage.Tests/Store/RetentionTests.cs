// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class RetentionTests
{
    [Fact]
    public async Task When_space_runs_out_the_oldest_footage_goes_and_recording_never_stops()
    {
        using var bench = new StoreBench(zones: 6);
        using TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 200; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
            run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
        }

        List<byte[]> left = await run.ReadBackAsync();
        left.Count.ShouldBeInRange(150, 600);
        left.ShouldBe(run.Sent[^left.Count..], "the newest are there, in one piece");
        WallRange span = bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero).ShouldHaveSingleItem();
        span.ShouldBe(new WallRange(run.WallOf(run.Sent.Count - left.Count), run.WallOf(run.Sent.Count)));
        bench.Store.Status.Fault.ShouldBeNull();
        bench.Store.SweepNow();
        bench.Store.Status.FreeBytes.ShouldBeGreaterThanOrEqualTo(bench.Options.FreeZonesAhead * (long)StoreBench.ZoneBytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_chunk_that_a_later_start_went_on_with_is_as_new_as_what_was_written_to_it_last(bool restarts)
    {
        // Begun first, written last: recording goes on in a second chunk before recovery, and in the first one again when that is full. A restart must know it from the disk alone.
        using var bench = new StoreBench(zones: 6);
        TestRun old = bench.Begin(1);
        old.Append(2, 3000);
        bench.Commit();
        bench.Crash(recover: false);
        TestRun run = bench.Begin(2);
        run.Append(10, 3000);
        bench.Commit();
        bench.Store.RecoverNow();
        for (int commit = 0; commit < 14; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        if (restarts)
        {
            await bench.RestartAsync();
        }

        bool wasFreedInPart = false;
        TestRun next = bench.Begin(3);
        for (int commit = 0; commit < 60; commit++)
        {
            next.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
            List<byte[]> left = await run.ReadBackAsync();
            left.ShouldBe(run.Sent[^left.Count..], $"commit {commit}: the newest are there, in one piece");
            wasFreedInPart |= left.Count > 0 && left.Count < run.Sent.Count;
        }

        wasFreedInPart.ShouldBeTrue();
    }

    [Fact]
    public async Task Chunks_older_than_their_class_allows_are_freed_and_others_are_not()
    {
        using var bench = new StoreBench(zones: 32);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
        using TestRun kept = bench.Begin(1);
        using TestRun brief = bench.Begin(2, retentionClass: 7);
        for (int commit = 0; commit < 30; commit++)
        {
            kept.Append(10, 3000);
            brief.Append(10, 3000);
            bench.Commit();
        }

        bench.Clock.Advance(TimeSpan.FromDays(6));
        bench.Store.SweepNow();
        (await brief.ReadBackAsync()).Count.ShouldBe(300);
        bench.Clock.Advance(TimeSpan.FromDays(2));
        bench.Store.SweepNow();
        (await brief.ReadBackAsync()).Count.ShouldBe(0);
        await kept.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_class_above_its_quota_loses_its_oldest_chunks()
    {
        using var bench = new StoreBench(zones: 32);
        bench.Store.Define(new RetentionClass(new RetentionClassId(3), null, 2 * StoreBench.ZoneBytes));
        using TestRun run = bench.Begin(1, retentionClass: 3);
        for (int commit = 0; commit < 100; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.Store.SweepNow();
        (await run.ReadBackAsync()).Count.ShouldBeInRange(150, 250, "two sealed chunks and the open one");
    }

    [Theory]
    [InlineData(64, 40)]
    [InlineData(150, 125)]
    public async Task Freed_footage_does_not_stay_after_an_index_is_rebuilt_without_a_catalog(int zones, int freed)
    {
        // The superblock proves the latest hundred changes. What was freed before them comes back, and the first round of retention takes it again, and nothing that is newer.
        using var bench = new StoreBench(zones);
        using TestRun run = bench.Begin(1, retentionClass: 3);
        for (int commit = 0; commit < (freed + 6) * 8; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }

        bench.Store.Define(new RetentionClass(new RetentionClassId(3), null, 2 * StoreBench.ZoneBytes));
        bench.Commit();
        bench.Clock.Advance(TimeSpan.FromMinutes(1));
        bench.Store.SweepNow();
        List<byte[]> left = await run.ReadBackAsync();
        left.Count.ShouldBeLessThan(300);
        bench.Store.Define(new RetentionClass(new RetentionClassId(4), null, StoreBench.ZoneBytes));
        bench.Commit();
        bench.Crash();
        if (freed < 100)
        {
            (await run.ReadBackAsync()).Count.ShouldBe(left.Count);
        }

        bench.Store.SweepNow();
        int stays = (await run.ReadBackAsync()).Count;
        stays.ShouldBeInRange(left.Count - 90, left.Count, "but for one chunk: the open one was sealed by the start, and counts now");
        run.WallOf(run.Sent.Count - stays).ShouldBe(bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start);
    }

    [Fact]
    public async Task Classes_are_remembered_across_starts()
    {
        using var bench = new StoreBench(zones: 32);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
        TestRun run = bench.Begin(2, retentionClass: 7);
        run.Append(10, 3000);
        bench.Commit();
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromDays(8));
        bench.Store.SweepNow();
        (await run.ReadBackAsync()).Count.ShouldBe(10, "a clock that is eight days on is given an hour to be put right");
        bench.Clock.Advance(TimeSpan.FromHours(1));
        bench.Store.SweepNow();
        (await run.ReadBackAsync()).Count.ShouldBe(0);
        bench.Store.Streams.ShouldBeEmpty();
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_freed_record_is_said_to_be_lost_also_when_its_zone_is_used_again()
    {
        using var bench = new StoreBench(zones: 6);
        using TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        StoredRecord record = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).FirstAsync();
        for (int commit = 0; commit < 100; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        await Should.ThrowAsync<RecordLostException>(async () =>
            await bench.Store.ReadPayloadAsync(record.Location, 0, new byte[record.Location.LengthBytes], CancellationToken.None));
    }

    [Fact]
    public void The_rule_names_expired_chunks_by_age_and_quota()
    {
        static RetentionRule.Facts Chunk(byte c, ulong commitNumber, int day) =>
            new(c, commitNumber, StoreBench.Start + TimeSpan.FromDays(day), StoreBench.Start + TimeSpan.FromDays(day));

        RetentionRule.Facts[] chunks = [Chunk(0, 1, 1), Chunk(1, 2, 1), Chunk(1, 3, 2), Chunk(2, 4, 1), Chunk(2, 5, 2), Chunk(2, 6, 3)];
        RetentionClass[] classes =
        [
            new(new RetentionClassId(1), TimeSpan.FromDays(3), null),
            new(new RetentionClassId(2), null, 200),
        ];
        RetentionRule.Expired(chunks, classes, zoneBytes: 100, StoreBench.Start + TimeSpan.FromDays(4.5)).ShouldBe([1, 3]);
        RetentionRule.ForSpace(chunks, classes, zoneBytes: 100, StoreBench.Start + TimeSpan.FromDays(4.5)).Select(c => c.Index).ShouldBe([1, 3, 0, 2, 4, 5]);
        RetentionRule.ForSpace([], classes, zoneBytes: 100, now: null).ShouldBeEmpty();
    }
}
