// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: a survey counts what is there. Method: a pool that records, drains and loses disks, against what is known of it.</summary>
public sealed class SurveyTests
{
    [Fact]
    public async Task A_survey_counts_chunks_by_disk_and_tells_what_a_lost_disk_costs()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 4);
        LayoutTests.Record(bench, [bench.Begin(1)], commits: 60);
        PoolSurvey before = bench.Store.Survey();
        SurveyedClass c = before.Classes.Single();
        (c.Layout, c.Bears).ShouldBe((new ChunkLayout(2, 1), 1));
        before.Disks.Sum(d => d.Chunks).ShouldBe((int)c.Zones);
        before.Disks.ShouldAllBe(d => d.OnlyHereBytes == 0);
        (before.DegradedChunks, before.UnreadableChunks).ShouldBe((0, 0));
        before.Disks.Sum(d => d.LiveBytes).ShouldBeGreaterThan(c.FootageBytes);

        bench.Missing.Add(3);
        bench.Crash();
        PoolSurvey one = bench.Store.Survey();
        one.Disks[3].State.ShouldBe(DiskState.Missing);
        one.DegradedChunks.ShouldBeGreaterThanOrEqualTo(before.Disks[3].Chunks);
        one.Disks[0].OnlyHereBytes.ShouldBeGreaterThan(0, "chunks that lie there and on the missing one bear no further loss");
        one.Classes[0].Bears.ShouldBe(0);
        one.Rebuild.BytesLeft.ShouldBeGreaterThanOrEqualTo(before.Disks[3].LiveBytes);

        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("missing");

        bench.Missing.Add(0);
        bench.Crash();
        PoolSurvey two = bench.Store.Survey();
        two.UnreadableChunks.ShouldBeGreaterThan(0);
        two.Disks[0].OnlyHereBytes.ShouldBeGreaterThan(0, "nobody knows what lies on which of the missing ones");

        bench.Missing.Clear();
        bench.Crash();
        bench.Commit();
        await bench.Store.RebuildNowAsync();
        bench.Commit();
        bench.Store.Status.Fault.ShouldBeNull();
        (bench.Store.Survey().DegradedChunks, bench.Store.Survey().UnreadableChunks).ShouldBe((0, 0));
    }

    [Fact]
    public async Task A_missing_disk_is_told_until_it_is_given_up()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(1, 1) }, disks: 3);
        bench.Missing.Add(2);
        bench.Crash();
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("number 2");
        await bench.Store.RemoveAsync(2);
        bench.Store.Status.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task A_drained_disk_shows_how_much_is_left_until_nothing_is()
    {
        using var bench = new StoreBench(zones: 40, new StoreOptions { Layout = new ChunkLayout(1, 1) }, disks: 3);
        LayoutTests.Record(bench, [bench.Begin(1)], commits: 60);
        await bench.Store.DrainAsync(1);
        bench.Commit();
        PoolSurvey begun = bench.Store.Survey();
        begun.Disks[1].State.ShouldBe(DiskState.Draining);
        begun.Rebuild.BytesLeft.ShouldBe(begun.Disks[1].LiveBytes);
        begun.Rebuild.BytesLeft.ShouldBeGreaterThan(0);
        (await bench.Store.RebuildNowAsync()).ShouldBe(begun.Disks[1].Chunks);
        bench.Commit();
        PoolSurvey done = bench.Store.Survey();
        (done.Disks[1].Chunks, done.Rebuild.BytesLeft).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_is_verified_on_demand_shows_its_progress_and_can_be_put_off_and_begun_anew()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = new ChunkLayout(1, 1) }, disks: 2);
        LayoutTests.Record(bench, [bench.Begin(1)], commits: 60);
        await bench.RestartAsync();
        bench.Store.StartScrub();
        await bench.Store.ScrubAskedNowAsync(portionBytes: 1);
        ScrubStatus begun = bench.Store.Survey().Scrub;
        (begun.ChunksDone, begun.IsFast, begun.Completed).ShouldBe((1, true, null));
        begun.Chunks.ShouldBeGreaterThan(2);
        bench.Store.StopScrub();
        await bench.Store.ScrubAskedNowAsync(long.MaxValue);
        (bench.Store.Survey().Scrub.ChunksDone, bench.Store.Survey().Scrub.Completed).ShouldBe((1, null));
        bench.Store.StartScrub();
        await bench.Store.ScrubAskedNowAsync(long.MaxValue);
        ScrubStatus done = bench.Store.Survey().Scrub;
        (done.ChunksDone, done.IsFast).ShouldBe((done.Chunks, false));
        done.Completed.ShouldNotBeNull();
    }

    [Fact]
    public void A_rate_is_of_the_time_in_which_something_was_recorded()
    {
        WallTime now = new(1_000_000_000_000_000);
        WallRange Hours(double from, double to) => new(now - TimeSpan.FromHours(from), now - TimeSpan.FromHours(to));
        var rate = new ChunkRate(now);
        rate.PerSecond.ShouldBeNull();
        rate.Add(Hours(0.1, 0), 360_000);
        rate.PerSecond.ShouldBeNull("six minutes say nothing");
        rate.Add(Hours(2, 1), 3_600_000);
        // Another chunk at the same time, as with several heads; and the half of one that began before the day.
        rate.Add(Hours(2, 1), 3_600_000);
        rate.Add(Hours(26, 22), 7_200_000 * 2);
        rate.Add(Hours(50, 40), 1 << 30);
        rate.PerSecond!.Value.ShouldBe((360_000 + 7_200_000 + 7_200_000) / (3.1 * 3600), 0.001);
    }

    [Fact]
    public void A_pace_tells_how_long_the_rest_takes_and_forgets_what_was_before_a_pause()
    {
        var pace = new WorkPace();
        MonotonicTime at = new(0);
        pace.TimeFor(100, at).ShouldBeNull();
        for (int i = 0; i <= 60; i++)
        {
            pace.Add(10, at += TimeSpan.FromSeconds(1));
        }

        pace.TimeFor(1000, at)!.Value.TotalSeconds.ShouldBe(100, 0.001);
        pace.TimeFor(0, at).ShouldBeNull();
        pace.TimeFor(1000, at + TimeSpan.FromMinutes(6)).ShouldBeNull();
        pace.Add(10, at += TimeSpan.FromMinutes(6));
        pace.TimeFor(1000, at).ShouldBeNull();
    }

    [Fact]
    public void A_histogram_counts_every_commit_in_its_bucket()
    {
        var times = new CommitTimes();
        foreach (double ms in new[] { 0.2, 1, 1.1, 150, 10_000, 10_001 })
        {
            times.Add(TimeSpan.FromMilliseconds(ms));
        }

        times.Histogram().ShouldBe([2L, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1]);
    }
}
