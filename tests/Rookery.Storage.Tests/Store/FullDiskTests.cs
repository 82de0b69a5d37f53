// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: on a full disk what was written longest ago goes first, also while a start does not know yet what that is. Method: recording over all free zones before recovery runs.</summary>
public sealed class FullDiskTests
{
    private const int Zones = 8;

    [Fact]
    public async Task Before_recovery_recording_waits_for_it_rather_than_free_what_it_has_just_written()
    {
        using var bench = new StoreBench(Zones);
        TestRun old = FillAndCrash(bench);
        TestRun run = RecordUntilItWaits(bench);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("not known yet which footage is the oldest");
        await run.ShouldReadBackAsync(samples: (int)run.Appender.Durable.Samples);
        bench.Store.RecoverNow();
        bench.Commit();
        bench.Store.Status.Fault.ShouldBeNull();
        await run.ShouldReadBackAsync();
        List<byte[]> left = await old.ReadBackAsync();
        left.Count.ShouldBeGreaterThan(100);
        left.ShouldBe(old.Sent[^left.Count..]);
    }

    [Fact]
    public void The_status_says_that_a_class_waits_also_when_another_one_is_written()
    {
        using var bench = new StoreBench(Zones);
        FillAndCrash(bench);
        TestRun other = bench.Begin(3, retentionClass: 5);
        other.Append(1, 3000);
        bench.Commit();
        RecordUntilItWaits(bench);
        other.Append(1, 3000);
        bench.Commit();
        other.Appender.Durable.Samples.ShouldBe(2);
        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("waits in memory");
    }

    [Fact]
    public void It_waits_five_seconds_at_most_in_all_of_a_start()
    {
        using var bench = new StoreBench(Zones);
        FillAndCrash(bench);
        TestRun run = RecordUntilItWaits(bench);
        bench.Clock.Advance(TimeSpan.FromSeconds(5));
        for (int commit = 0; commit < 40; commit++)
        {
            bench.Commit();
            run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
            run.Append(10, 3000).ShouldBeTrue();
        }
    }

    [Fact]
    public void It_does_not_wait_while_memory_runs_short()
    {
        using var bench = new StoreBench(Zones, new StoreOptions { MemoryBudgetBytes = 1 << 20 });
        FillAndCrash(bench);
        TestRun run = RecordUntilItWaits(bench);
        long durable = run.Appender.Durable.Samples;
        run.Append(20, 30_000).ShouldBeTrue();
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBeGreaterThan(durable);
    }

    [Fact]
    public async Task A_chunk_that_is_kept_to_be_gone_on_with_goes_before_newer_ones_also_within_a_commit()
    {
        using var bench = new StoreBench(zones: 6);
        TestRun oldest = bench.Begin(1);
        oldest.Append(2, 3000);
        bench.Commit();
        bench.Crash(recover: false);
        TestRun head = bench.Begin(1);
        head.Append(1, 3000);
        bench.Commit();
        bench.Store.RecoverNow();
        TestRun other = bench.Begin(2, retentionClass: 5);
        for (int commit = 0; commit < 2; commit++)
        {
            other.Append(70, 3000);
            bench.Commit();
        }

        // One chunk of the other class is sealed by now. It needs one zone after the other, and there is no more time between the commits.
        while ((await oldest.ReadBackAsync()).Count == 3)
        {
            other.Append(60, 3000).ShouldBeTrue();
            bench.Store.CommitNow(hasTime: false);
            other.Appender.Durable.Samples.ShouldBe(other.Sent.Count);
            (await other.ReadBackAsync())[0].ShouldBe(other.Sent[0]);
        }
    }

    [Fact]
    public async Task A_chunk_that_is_kept_to_be_gone_on_with_goes_before_newer_ones_also_when_two_have_to_go_at_once()
    {
        using var bench = new StoreBench(zones: 5);
        TestRun old = bench.Begin(1);
        while (SuperblockSet.Read(bench.Disk).Newest!.NextChunk < 3 || old.Sent.Count < 90)
        {
            old.Append(10, 3000);
            bench.Commit();
        }

        bench.Crash(recover: false);
        TestRun run = bench.Begin(2);
        for (int commit = 0; commit < 18; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        run.Appender.Durable.Samples.ShouldBe(run.Sent.Count, "all zones are used now, and no more is needed");
        bench.Store.RecoverNow();
        bench.Commit();
        await run.ShouldReadBackAsync();
        (await old.ReadBackAsync()).ShouldBeEmpty();
    }

    /// <summary>More than the disk holds, and then the end of the process.</summary>
    private static TestRun FillAndCrash(StoreBench bench)
    {
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 2 * Zones * 8; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }

        bench.Crash(recover: false);
        return run;
    }

    private static TestRun RecordUntilItWaits(StoreBench bench)
    {
        TestRun run = bench.Begin(2);
        for (int commit = 0; commit < Zones * 8 && run.Appender.Durable.Samples == run.Sent.Count; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }

        run.Appender.Durable.Samples.ShouldBeLessThan(run.Sent.Count);
        return run;
    }
}
