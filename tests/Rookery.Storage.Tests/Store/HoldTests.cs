// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Goal: nothing held ever goes, and what is not held still does. Method: a small disk in memory on which retention by age, quota or space must free, and holds on a part of it; what is
/// left is compared byte by byte with what was sent, also after crashes at each write.
/// </summary>
public sealed class HoldTests
{
    private static readonly string[] Cases = ["A-1", "B-2"];

    [Fact]
    public async Task What_is_held_survives_the_need_for_space_and_the_rest_goes()
    {
        using var bench = new StoreBench(zones: 12);
        using TestRun run = bench.Begin(1);
        Record(bench, run, 24);
        await bench.Store.HoldAsync(HoldOf(bench, run, 20, 120));
        Record(bench, run, 300);

        List<int> left = await NumbersAsync(run);
        left.ShouldBe([.. left.Distinct().Order()], "nothing twice, nothing out of order");
        Enumerable.Range(20, 100).Except(left).ShouldBeEmpty();
        left.Count.ShouldBeLessThan(900, "what was not held has gone");
        IReadOnlyList<WallRange> spans = bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero);
        spans[0].Start.ShouldBeLessThanOrEqualTo(run.WallOf(20));
        spans[0].End.ShouldBeGreaterThanOrEqualTo(run.WallOf(120));
        bench.Store.Status.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_held_survives_its_age_or_its_quota_and_goes_when_it_is_released(bool byAge)
    {
        using var bench = new StoreBench(zones: 64);
        bench.Store.Define(byAge
            ? new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null)
            : new RetentionClass(new RetentionClassId(7), null, StoreBench.ZoneBytes));
        using TestRun run = bench.Begin(1, retentionClass: 7);
        await bench.Store.HoldAsync(HoldOf(bench, run, 10, 200));
        Record(bench, run, 40);
        Pass(bench, TimeSpan.FromDays(8));
        Enumerable.Range(10, 190).Except(await NumbersAsync(run)).ShouldBeEmpty();

        (await bench.Store.ReleaseAsync("1")).ShouldBeTrue();
        Pass(bench, TimeSpan.FromMinutes(1));
        Enumerable.Range(10, 150).Intersect(await NumbersAsync(run)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_small_held_part_is_copied_bit_for_bit_and_its_chunk_goes(int disks)
    {
        using var bench = new StoreBench(zones: 64, disks: disks);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
        using TestRun held = bench.Begin(1, retentionClass: 7, format: [9, 9, 9]);
        using TestRun other = bench.Begin(2, retentionClass: 7);
        bench.Store.AppendGap(held.Stream, 3, new RetentionClassId(7), new Gap(new WallRange(StoreBench.Start - TimeSpan.FromSeconds(5), StoreBench.Start), GapCause.Network));
        for (int commit = 0; commit < 60; commit++)
        {
            held.Append(2, 1000);
            other.Append(10, 3000);
            bench.Commit();
        }

        List<StoredRecord> before = await bench.Store.ReadRecordsAsync(held.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        IReadOnlyList<WallRange> spans = bench.Store.Spans(held.Stream, StoreBench.Ever, TimeSpan.Zero);
        await bench.Store.HoldAsync(HoldOf(bench, held, -1000, 1000));
        Pass(bench, TimeSpan.FromDays(8));

        await held.ShouldReadBackAsync();
        List<StoredRecord> after = await bench.Store.ReadRecordsAsync(held.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        after.Select(Verbatim).ShouldBe(before.Select(Verbatim));
        after.Take(20).ShouldAllBe(r => before.All(b => b.Location.Generation != r.Location.Generation), "they lie elsewhere now");
        bench.Store.Spans(held.Stream, StoreBench.Ever, TimeSpan.Zero).ShouldBe(spans);
        bench.Store.Gaps(held.Stream, StoreBench.Ever).ShouldHaveSingleItem().Cause.ShouldBe(GapCause.Network);
        (await other.ReadBackAsync()).Count.ShouldBeLessThan(200, "of the other stream only the open chunk is left");

        // Without a catalog: the disk alone knows the copies, their format, and the hold.
        bench.Crash();
        Pass(bench, TimeSpan.FromHours(2));
        bench.Store.Holds.ShouldHaveSingleItem().Case.ShouldBe("A-1");
        await held.ShouldReadBackAsync();
        bench.Store.Format(after[0].Format)!.Value.ToArray().ShouldBe([9, 9, 9]);

        await bench.Store.ReleaseAsync("1");
        Pass(bench, TimeSpan.FromDays(1));
        (await held.ReadBackAsync()).Count.ShouldBeLessThan(40, "copies go with their hold");
    }

    [Fact]
    public async Task Copies_of_ended_holds_make_room_for_recording_again()
    {
        using var bench = new StoreBench(zones: 16);
        using TestRun held = bench.Begin(1);
        using TestRun other = bench.Begin(2);
        for (int round = 0; round < 12; round++)
        {
            int first = held.Sent.Count;
            for (int commit = 0; commit < 40; commit++)
            {
                held.Append(1, 2000).ShouldBeTrue();
                other.Append(10, 3000).ShouldBeTrue();
                bench.Commit();
                other.Appender.Durable.Samples.ShouldBe(other.Sent.Count);
            }

            await bench.Store.HoldAsync(HoldOf(bench, held, first, held.Sent.Count) with { Id = "h", Case = Cases[round % 2] });
        }

        Enumerable.Range(held.Sent.Count - 40, 40).Except(await NumbersAsync(held)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_hold_ends_by_itself_but_not_while_the_clock_is_in_doubt()
    {
        using var bench = new StoreBench(zones: 32);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(1), null));
        using TestRun run = bench.Begin(1, retentionClass: 7);
        Record(bench, run, 40);
        await bench.Store.HoldAsync(HoldOf(bench, run, 0, 400) with { Until = WallTime.Now(bench.Clock) + TimeSpan.FromDays(10) });
        Pass(bench, TimeSpan.FromDays(9));
        (await run.ReadBackAsync()).Count.ShouldBe(400);
        bench.Crash();
        bench.Clock.Advance(TimeSpan.FromDays(3));
        bench.Store.SweepNow();
        (await run.ReadBackAsync()).Count.ShouldBe(400, "a clock that is three days on is given an hour to be put right");
        Pass(bench, TimeSpan.FromHours(2));
        (await run.ReadBackAsync()).Count.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task When_holds_keep_everything_recording_waits_and_says_why_and_there_was_a_warning_before()
    {
        using var bench = new StoreBench(zones: 8);
        using TestRun run = bench.Begin(1);
        await bench.Store.HoldAsync(HoldOf(bench, run, 0, 1_000_000));
        bool wasWarned = false;
        for (int commit = 0; commit < 100 && bench.Store.Status.Fault is null; commit++)
        {
            run.Append(10, 3000);
            bench.Clock.Advance(TimeSpan.FromSeconds(11));
            bench.Commit();
            wasWarned |= bench.Store.Status.Warnings.Any(w => w.Contains("Holds keep", StringComparison.Ordinal));
        }

        wasWarned.ShouldBeTrue();
        bench.Store.Status.Fault!.ShouldContain("holds keep");
        long durable = run.Appender.Durable.Samples;
        (await run.ReadBackAsync()).Count.ShouldBe((int)durable, "not one picture of what is held went");
        await bench.Store.ReleaseAsync("1");
        bench.Commit();
        run.Appender.Durable.Samples.ShouldBe(run.Sent.Count);
        bench.Store.Status.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task Space_takes_low_priorities_first_and_breaks_a_minimum_only_when_nothing_else_is_left()
    {
        using var bench = new StoreBench(zones: 12);
        bench.Store.Define(new RetentionClass(new RetentionClassId(1), null, null) { Priority = 10 });
        bench.Store.Define(new RetentionClass(new RetentionClassId(2), null, null) { Priority = 90 });
        bench.Store.Define(new RetentionClass(new RetentionClassId(3), null, null) { Priority = 5, MinimumAge = TimeSpan.FromDays(30), Name = "vault" });
        using TestRun vault = bench.Begin(3, retentionClass: 3);
        using TestRun dear = bench.Begin(2, retentionClass: 2);
        using TestRun cheap = bench.Begin(1, retentionClass: 1);
        Record(bench, vault, 16);
        Record(bench, dear, 16);
        bench.Store.SweepNow();
        Record(bench, cheap, 100);
        (await vault.ReadBackAsync()).Count.ShouldBe(160);
        (await dear.ReadBackAsync()).Count.ShouldBe(160);
        bench.Store.Status.Warnings.ShouldBeEmpty();

        bench.Clock.Advance(TimeSpan.FromSeconds(30));
        Record(bench, vault, 200);
        vault.Appender.Durable.Samples.ShouldBe(vault.Sent.Count);
        bench.Store.Status.Warnings.ShouldHaveSingleItem().ShouldContain("vault");
        (await cheap.ReadBackAsync()).Count.ShouldBeLessThan(100);
    }

    /// <summary>A crash at each write and flush while copies are made and chunks are freed.</summary>
    [Theory]
    [InlineData(1, 40)]
    [InlineData(3, 24)]
    public async Task A_crash_between_copy_and_free_loses_nothing_and_shows_nothing_twice(int disks, int points)
    {
        for (int at = 0; at < points; at++)
        {
            using var bench = new StoreBench(zones: 32, disks: disks);
            bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
            using TestRun held = bench.Begin(1, retentionClass: 7);
            using TestRun other = bench.Begin(2, retentionClass: 7);
            for (int commit = 0; commit < 24; commit++)
            {
                held.Append(2, 1000);
                other.Append(10, 3000);
                bench.Commit();
            }

            await bench.Store.HoldAsync(HoldOf(bench, held, 0, 1000));
            bench.Clock.Advance(TimeSpan.FromDays(8));
            int left = at;
            foreach (HookedDisk disk in bench.AllHooks)
            {
                disk.BeforeWrite = _ => StopAt(ref left);
                disk.AfterFlush = () => StopAt(ref left);
            }

            try
            {
                Pass(bench, TimeSpan.FromHours(2));
            }
            catch (PowerCutException)
            {
                // What was written until then is what the next start finds.
            }

            foreach (HookedDisk disk in bench.AllHooks)
            {
                disk.BeforeWrite = static _ => { };
                disk.AfterFlush = static () => { };
            }

            bench.Crash();
            await held.ShouldReadBackAsync();
            Pass(bench, TimeSpan.FromHours(2));
            await held.ShouldReadBackAsync();
            bench.Store.Spans(held.Stream, StoreBench.Ever, TimeSpan.Zero).ShouldBe([new WallRange(held.WallOf(0), held.WallOf(held.Sent.Count))]);
        }
    }

    [Fact]
    public async Task What_is_held_survives_without_one_of_the_disks()
    {
        using var bench = new StoreBench(zones: 32, disks: 3);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(7), null));
        using TestRun held = bench.Begin(1, retentionClass: 7);
        using TestRun whole = bench.Begin(2, retentionClass: 7);
        for (int commit = 0; commit < 60; commit++)
        {
            held.Append(2, 1000);
            whole.Append(10, 3000);
            bench.Commit();
        }

        await bench.Store.HoldAsync(HoldOf(bench, held, 0, 1000));
        await bench.Store.HoldAsync(HoldOf(bench, whole, 0, 200) with { Id = "2" });
        Pass(bench, TimeSpan.FromDays(8));
        bench.Missing.Add(1);
        bench.Crash();
        bench.Store.Holds.Count.ShouldBe(2);
        Pass(bench, TimeSpan.FromHours(2));
        await held.ShouldReadBackAsync();
        Enumerable.Range(0, 200).Except(await NumbersAsync(whole)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Holds_that_cannot_be_noted_are_refused_and_change_nothing()
    {
        using var bench = new StoreBench();
        using TestRun run = bench.Begin(1);
        await Should.ThrowAsync<StoreException>(() => bench.Store.HoldAsync(HoldOf(bench, run, 0, 10) with { Case = "" }));
        await Should.ThrowAsync<StoreException>(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await bench.Store.HoldAsync(HoldOf(bench, run, 0, 10) with { Id = $"h{i}", Note = new string('n', 1000) });
            }
        });
        int count = bench.Store.Holds.Count;
        count.ShouldBeGreaterThan(100);
        bench.Hooks.BeforeWrite = _ => throw new DeviceException("full of holes");
        await Should.ThrowAsync<StoreException>(() => bench.Store.ReleaseAsync("h0"));
        bench.Store.Holds.Count.ShouldBe(count);
        bench.Hooks.BeforeWrite = static _ => { };
        bench.Crash();
        bench.Store.Holds.Count.ShouldBe(count);
    }

    private static void StopAt(ref int left)
    {
        if (left-- <= 0)
        {
            throw new PowerCutException();
        }
    }

    private static object Verbatim(StoredRecord r) => (r.Stream, r.Epoch, r.Run, r.Sequence, r.Wall, r.DecodeTime, r.Timescale, r.Format, r.Location.LengthBytes, r.Location.Checksum, string.Join(";", r.Samples.ToArray()));

    private static void Record(StoreBench bench, TestRun run, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }
    }

    /// <summary>Time passes and rounds of retention come, with commits between them in which copies are made.</summary>
    private static void Pass(StoreBench bench, TimeSpan time)
    {
        bench.Clock.Advance(time);
        for (int round = 0; round < 40; round++)
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(11));
            bench.Store.SweepNow();
            bench.Commit();
        }
    }

    private static Hold HoldOf(StoreBench bench, TestRun run, int first, int end) => new()
    {
        Id = "1",
        Case = "A-1",
        Streams = [new StreamRange(run.Stream, new StreamId(run.Stream.Value + 1))],
        Range = new WallRange(run.WallOf(first), run.WallOf(end)),
        By = "someone",
        Made = WallTime.Now(bench.Clock),
    };

    private sealed class PowerCutException : Exception;

    /// <summary>Which of the samples that were sent are stored, byte for byte, in the order in which they are read.</summary>
    private static async Task<List<int>> NumbersAsync(TestRun run)
    {
        var numbers = new Dictionary<string, int>();
        for (int i = 0; i < run.Sent.Count; i++)
        {
            numbers.Add(Convert.ToBase64String(run.Sent[i]), i);
        }

        return (await run.ReadBackAsync()).ConvertAll(bytes => numbers[Convert.ToBase64String(bytes)]);
    }
}
