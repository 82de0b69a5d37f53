// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using FsCheck;
using FsCheck.Fluent;
using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>The rules of retention and holds as laws, over chunks and holds that chance makes up.</summary>
public sealed class HoldRuleTests
{
    private static readonly WallTime Now = StoreBench.Start + TimeSpan.FromDays(100);
    private static readonly Config Laws = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(1, 1);

    [Fact]
    public void Space_takes_what_expired_first_then_low_priorities_then_what_was_written_first_and_minimums_last() => Check.One(Laws, Prop.ForAll(
        Gen.Choose(0, 40).SelectMany(count => Gen.Choose(0, int.MaxValue - 1).Select(seed => Chunks(seed, count))).ToArbitrary(),
        world =>
        {
            (List<RetentionRule.Facts> chunks, RetentionClass[] classes) = world;
            List<RetentionRule.Candidate> order = RetentionRule.ForSpace(chunks, classes, zoneBytes: 100, Now);
            order.Select(c => c.Index).Order().ShouldBe(Enumerable.Range(0, chunks.Count), "each once: recording never lacks a victim while there is one");
            HashSet<int> expired = [.. RetentionRule.Expired(chunks, classes, 100, Now)];
            foreach ((RetentionRule.Candidate first, RetentionRule.Candidate second) in order.Zip(order.Skip(1)))
            {
                (bool, bool) before = (!expired.Contains(first.Index), first.BreaksMinimum);
                (bool, bool) after = (!expired.Contains(second.Index), second.BreaksMinimum);
                Rank(before).ShouldBeLessThanOrEqualTo(Rank(after));
                if (before == after && before.Item1)
                {
                    int lower = Priority(classes, chunks[first.Index]);
                    int higher = Priority(classes, chunks[second.Index]);
                    lower.ShouldBeLessThanOrEqualTo(higher);
                    (lower < higher || chunks[first.Index].CommitNumber < chunks[second.Index].CommitNumber).ShouldBeTrue();
                }
            }

            foreach (RetentionRule.Candidate candidate in order)
            {
                TimeSpan age = Now - WallTime.Max(chunks[candidate.Index].NewestFootage, chunks[candidate.Index].LastCommit);
                bool isYoung = Array.Find(classes, c => c.Id.Value == chunks[candidate.Index].Class)?.MinimumAge > age;
                candidate.BreaksMinimum.ShouldBe(isYoung && !expired.Contains(candidate.Index));
            }

            return true;
        }));

    [Fact]
    public void Without_quotas_the_first_to_go_is_the_chunk_with_the_lowest_place() => Check.One(Laws, Prop.ForAll(
        Gen.Choose(1, 40).SelectMany(count => Gen.Choose(0, int.MaxValue - 1).Select(seed => Chunks(seed, count))).ToArbitrary(),
        world =>
        {
            (List<RetentionRule.Facts> chunks, RetentionClass[] classes) = world;
            RetentionClass[] byAge = [.. classes.Select(c => c with { MaximumBytes = null })];
            foreach (WallTime? now in new WallTime?[] { Now, null })
            {
                int first = Enumerable.Range(0, chunks.Count).MinBy(i => RetentionRule.PlaceOf(chunks[i], Array.Find(byAge, c => c.Id.Value == chunks[i].Class), now));
                RetentionRule.ForSpace(chunks, byAge, zoneBytes: 100, now)[0].Index.ShouldBe(first);
            }

            return true;
        }));

    [Fact]
    public void Without_a_clock_nothing_is_too_old_and_no_minimum_is_called_broken()
    {
        (List<RetentionRule.Facts> chunks, RetentionClass[] classes) = Chunks(seed: 5, count: 40);
        RetentionClass[] byAge = [.. classes.Select(c => c with { MaximumBytes = null })];
        RetentionRule.Expired(chunks, byAge, 100, now: null).ShouldBe(Enumerable.Range(0, 40).Where(i => chunks[i].Class == RetentionClassId.Held.Value));
        List<RetentionRule.Candidate> order = RetentionRule.ForSpace(chunks, byAge, 100, now: null);
        order.ShouldAllBe(c => !c.BreaksMinimum);
        order.Count.ShouldBe(40);
        byte promised = byAge.First(c => c.MinimumAge is not null).Id.Value;
        chunks[order[^1].Index].Class.ShouldBe(promised, "a class with a promise goes last");
    }

    [Fact]
    public void A_set_of_holds_holds_what_one_of_its_active_holds_covers_and_nothing_else() => Check.One(Laws, Prop.ForAll(
        Gen.Choose(0, int.MaxValue - 1).ToArbitrary(),
        seed =>
        {
            var chance = new Random(seed);
            List<Hold> holds = [.. Enumerable.Range(0, chance.Next(5)).Select(i => HoldOf(chance, i))];
            HoldSet active = HoldSet.At(holds, Now);
            HoldSet doubtful = HoldSet.At(holds, now: null);
            for (int i = 0; i < 20; i++)
            {
                var stream = new StreamId((ulong)chance.Next(6));
                WallRange wall = RangeOf(chance);
                // Said again, in other words.
                bool isHeld = holds.Exists(h => (h.Until is null || h.Until > Now) && h.Streams.Any(s => s.First.Value <= stream.Value && stream.Value < s.End.Value)
                    && h.Range.Start < wall.End && wall.Start < h.Range.End);
                active.Holds(stream, wall).ShouldBe(isHeld);
                (active.MayHold(wall) || !isHeld).ShouldBeTrue();
                (doubtful.Holds(stream, wall) || !isHeld).ShouldBeTrue("doubt ends no hold");
            }

            return true;
        }));

    [Theory]
    [InlineData(0, 100, true, false)]
    [InlineData(24, 100, false, true)]
    [InlineData(25, 100, false, false)]
    [InlineData(1, 1, false, false)]
    public void A_part_is_small_when_it_is_less_than_a_quarter(long held, long total, bool isNone, bool isSmall)
    {
        var part = new HeldPart(held, total);
        part.IsNone.ShouldBe(isNone);
        part.IsSmall.ShouldBe(isSmall);
        HeldPart.Unknown.IsSmall.ShouldBeFalse("what cannot be read is kept as it is");
    }

    [Fact]
    public void The_forecast_follows_what_grew_and_says_nothing_before_it_can_know()
    {
        var forecast = new HoldForecast();
        MonotonicTime start = default;
        forecast.FullIn(start, 100, 1000).ShouldBeNull();
        forecast.FullIn(start + TimeSpan.FromMinutes(30), 200, 1000).ShouldBeNull("half an hour says nothing of days");
        forecast.FullIn(start + TimeSpan.FromHours(12), 400, 1000)!.Value.ShouldBe(TimeSpan.FromHours(24));
        forecast.FullIn(start + TimeSpan.FromHours(13), 1000, 1000).ShouldBe(TimeSpan.Zero);
        forecast.Restart();
        forecast.FullIn(start + TimeSpan.FromHours(14), 700, 1000).ShouldBeNull();
        forecast.FullIn(start + TimeSpan.FromHours(20), 650, 1000).ShouldBeNull("what shrinks is never full");
    }

    [Fact]
    public void The_alarm_comes_two_weeks_before_recording_has_no_room_and_above_the_quota()
    {
        var calm = new HoldStatus(20, 100, 25, FullIn: null, IsEstimate: false);
        calm.Warning.ShouldBeNull();
        (calm with { FullIn = TimeSpan.FromDays(30) }).Warning.ShouldBeNull();
        (calm with { FullIn = TimeSpan.FromDays(13.5) }).Warning!.ShouldBe("Holds keep 20 % of the pool. At the present rate recording has no room in 13 days. Release holds, or add disks.");
        (calm with { HeldBytes = 26 }).Warning!.ShouldContain("more than the 25 % meant for them");
    }

    private static (List<RetentionRule.Facts> Chunks, RetentionClass[] Classes) Chunks(int seed, int count)
    {
        var chance = new Random(seed);
        RetentionClass[] classes =
        [
            new(new RetentionClassId(1), TimeSpan.FromDays(30), null) { Priority = chance.Next(101) },
            new(new RetentionClassId(2), null, 300) { Priority = chance.Next(101) },
            new(new RetentionClassId(3), TimeSpan.FromDays(60), null) { Priority = chance.Next(101), MinimumAge = TimeSpan.FromDays(20) },
        ];
        byte[] ids = [0, 1, 2, 3, RetentionClassId.Held.Value];
        List<RetentionRule.Facts> chunks = [.. Enumerable.Range(0, count).Select(i => new RetentionRule.Facts(
            ids[chance.Next(ids.Length)], (ulong)i + 1, Now - TimeSpan.FromDays(chance.Next(100)), Now - TimeSpan.FromDays(chance.Next(100))))];
        return (chunks, classes);
    }

    private static int Rank((bool NotExpired, bool BreaksMinimum) c) => !c.NotExpired ? 0 : c.BreaksMinimum ? 2 : 1;

    private static int Priority(RetentionClass[] classes, RetentionRule.Facts chunk) => Array.Find(classes, c => c.Id.Value == chunk.Class)?.Priority ?? RetentionClass.DefaultPriority;

    private static WallRange RangeOf(Random chance)
    {
        WallTime start = Now + TimeSpan.FromHours(chance.Next(-100, 100));
        return new WallRange(start, start + TimeSpan.FromHours(chance.Next(1, 50)));
    }

    private static Hold HoldOf(Random chance, int id) => new()
    {
        Id = $"{id}",
        Case = "A",
        Streams = [.. Enumerable.Range(0, chance.Next(1, 3)).Select(_ => (ulong)chance.Next(6)).Select(first => new StreamRange(new StreamId(first), new StreamId(first + (ulong)chance.Next(1, 3))))],
        Range = RangeOf(chance),
        Until = chance.Next(2) == 0 ? null : Now + TimeSpan.FromHours(chance.Next(-5, 5)),
        By = "someone",
        Made = Now,
    };
}
