// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Goal: only the group whose turn it is turns its disks; the others sleep, and are woken for footage that is asked for, for their turn, and for little else. Method: a store without threads on
/// simulated disks that count how often they come up to speed.
/// </summary>
public sealed class IdleDiskTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(21);

    [Fact]
    public async Task Only_one_group_is_recorded_on_and_the_other_sleeps_until_it_is_read()
    {
        using StoreBench bench = Bench(zones: 24);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 30);
        Activities(bench).ShouldBe([DiskActivity.Active, DiskActivity.Active, DiskActivity.Idle, DiskActivity.Idle]);
        bench.Clock.Advance(LongEnough);
        LayoutTests.Record(bench, [run], commits: 30);
        Activities(bench).ShouldBe([DiskActivity.Active, DiskActivity.Active, DiskActivity.Standby, DiskActivity.Standby]);
        bench.Disks[2].IsStandby.ShouldBeTrue();
        bench.Store.Status.Disks[2].WrittenBytes.ShouldBe(0);

        // Classes, holds and scrubs do not wake it; nor does a stop.
        bench.Store.Define(new RetentionClass(new RetentionClassId(5), null, null));
        await bench.Store.ScrubNowAsync();
        LayoutTests.Record(bench, [run], commits: 5);
        await run.ShouldReadBackAsync();
        SpinUps(bench).ShouldBe([0, 0, 0, 0]);
        await bench.Store.DisposeAsync();
        SpinUps(bench).ShouldBe([0, 0, 0, 0]);
    }

    [Fact]
    public async Task Groups_take_turns_and_a_full_pool_frees_the_oldest_wherever_it_lies()
    {
        using StoreBench bench = Bench(zones: 12);
        TestRun run = bench.Begin(1);
        var turns = new List<int>();
        for (int commit = 0; commit < 900; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
            run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
            int active = bench.Store.Status.Disks[0].Activity == DiskActivity.Active ? 0 : 1;
            if (turns.Count == 0 || turns[^1] != active)
            {
                turns.Add(active);
            }

            // Time goes on faster than anything is recorded, so that whoever is not needed falls asleep.
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        turns.Count.ShouldBeInRange(3, 20);
        bench.Store.Status.Fault.ShouldBeNull();
        List<byte[]> left = await run.ReadBackAsync();
        left.ShouldBe(run.Sent[^left.Count..]);
        // Of 40 zones of two columns some are kept free or are being written.
        left.Count.ShouldBeGreaterThan(1200);
        // Each turn wakes the disks of a group once.
        SpinUps(bench).ShouldAllBe(count => count <= turns.Count + 4);
        bench.Crash();
        left = await run.ReadBackAsync();
        left.ShouldBe(run.Sent[^left.Count..]);
    }

    [Fact]
    public async Task A_disk_that_does_not_take_the_command_stays_awake_and_nothing_else_changes()
    {
        using StoreBench bench = Bench(zones: 24);
        bench.Disks[3].TakesStandby = false;
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 6);
        bench.Clock.Advance(LongEnough);
        LayoutTests.Record(bench, [run], commits: 6);
        Activities(bench).ShouldBe([DiskActivity.Active, DiskActivity.Active, DiskActivity.Standby, DiskActivity.Idle]);
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task What_is_too_old_goes_from_disks_that_sleep_when_enough_has_come_together_and_at_once_when_they_are_awake()
    {
        var age = TimeSpan.FromDays(8);
        using StoreBench bench = Bench(zones: 24);
        bench.Store.Define(new RetentionClass(default, age, null));
        TestRun run = bench.Begin(1);
        // Until it is the other group's turn.
        while (bench.Store.Status.Disks[0].Activity == DiskActivity.Active)
        {
            LayoutTests.Record(bench, [run], commits: 1);
        }

        int old = run.Sent.Count;
        Pass(bench, run, TimeSpan.FromHours(3));
        Pass(bench, run, TimeSpan.FromHours(3));
        bench.Disks[0].IsStandby.ShouldBeTrue();
        int spinUps = bench.Disks[0].SpinUps;

        // Too old from now on, and left in peace: an eighth of eight days.
        Pass(bench, run, age);
        bench.Disks[0].SpinUps.ShouldBe(spinUps);
        bench.Disks[0].IsStandby.ShouldBeTrue();
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start.ShouldBe(run.WallOf(0));
        Pass(bench, run, TimeSpan.FromHours(30));
        bench.Disks[0].SpinUps.ShouldBe(spinUps + 1);
        List<byte[]> left = await run.ReadBackAsync();
        left.ShouldBe(run.Sent[^left.Count..]);
        left.Count.ShouldBeLessThan(run.Sent.Count - (old / 2));
    }

    [Fact]
    public async Task A_lost_disk_of_a_group_that_sleeps_is_rebuilt()
    {
        using StoreBench bench = Bench(zones: 24);
        TestRun run = bench.Begin(1);
        while (bench.Store.Status.Disks[0].Activity == DiskActivity.Active)
        {
            LayoutTests.Record(bench, [run], commits: 1);
        }

        bench.Clock.Advance(LongEnough);
        LayoutTests.Record(bench, [run], commits: 20);
        bench.Disks[0].IsStandby.ShouldBeTrue();
        bench.Missing.Add(1);
        bench.Crash();
        (await bench.Store.RebuildNowAsync(missingCount: true)).ShouldBeGreaterThan(0);
        bench.Store.Status.DegradedChunks.ShouldBe(0);
        await run.ShouldReadBackAsync();
    }

    /// <summary>Four disks in two groups of two.</summary>
    private static StoreBench Bench(int zones) => new(zones, new StoreOptions { Layout = new ChunkLayout(1, 1), ActiveDisks = 2 }, disks: 4);

    private static DiskActivity[] Activities(StoreBench bench) => [.. bench.Store.Status.Disks.Select(d => d.Activity)];

    private static int[] SpinUps(StoreBench bench) => [.. bench.Disks.Select(d => d.SpinUps)];

    /// <summary>Time goes by while hardly anything is recorded.</summary>
    private static void Pass(StoreBench bench, TestRun run, TimeSpan time)
    {
        for (TimeSpan at = TimeSpan.Zero; at < time; at += TimeSpan.FromHours(3))
        {
            bench.Clock.Advance(TimeSpan.FromHours(3));
            LayoutTests.Record(bench, [run], commits: 1);
        }
    }
}
