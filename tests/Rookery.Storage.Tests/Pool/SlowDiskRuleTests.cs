// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class SlowDiskRuleTests
{
    private static readonly MonotonicTime Start = new(1_000_000_000_000);

    [Theory]
    [InlineData(500, true)]
    [InlineData(39, false)]
    // Ten times as slow as flash, and still fast enough for half a second.
    [InlineData(99, false)]
    public void A_disk_is_slow_when_it_takes_four_times_as_long_as_the_others_and_longer_than_a_commit_may(int milliseconds, bool isSlow) =>
        SlowDiskRule.IsSlow(Pace(milliseconds), [Pace(10), Pace(9), Pace(12)]).ShouldBe(isSlow);

    [Fact]
    public void Disks_that_are_slow_together_are_not_slow() => SlowDiskRule.IsSlow(Pace(500), [Pace(400), Pace(600), Pace(10)]).ShouldBeFalse();

    [Fact]
    public void Without_peers_and_without_enough_jobs_nothing_is_said() =>
        (SlowDiskRule.IsSlow(Pace(5000), []), SlowDiskRule.IsSlow(null, [Pace(10)]), new DiskPace().Median).ShouldBe((false, false, null));

    [Fact]
    public void Jobs_of_different_sizes_compare_by_what_they_wrote()
    {
        // Sixteen times as much in nine times the time.
        SlowDiskRule.IsSlow(PaceOf(16 << 20, 900), [PaceOf(1 << 20, 100)]).ShouldBeFalse();
        SlowDiskRule.IsSlow(PaceOf(1 << 20, 900), [PaceOf(1 << 20, 100)]).ShouldBeTrue();
    }

    [Fact]
    public void A_disk_that_stays_slow_is_tried_ever_more_rarely_and_after_four_hours_at_most()
    {
        MonotonicTime now = Start;
        SlowDiskRule.Verdict verdict = default;
        TimeSpan last = TimeSpan.Zero;
        for (int round = 0; round < 12; round++)
        {
            verdict = SlowDiskRule.Judge(verdict, Pace(900), [Pace(10)], now);
            verdict.IsSlow.ShouldBeTrue();
            verdict.BackOff.ShouldBe(round == 0 ? SlowDiskRule.FirstBackOff : last * 2 < SlowDiskRule.LongestBackOff ? last * 2 : SlowDiskRule.LongestBackOff);
            last = verdict.BackOff;
            SlowDiskRule.Judge(verdict, null, [Pace(10)], now + last - TimeSpan.FromSeconds(1)).IsSlow.ShouldBeTrue();
            now += last;
            verdict = SlowDiskRule.Judge(verdict, null, [Pace(10)], now);
            verdict.IsSlow.ShouldBeFalse();
        }
    }

    [Fact]
    public void A_disk_that_was_fast_for_as_long_as_it_was_left_alone_begins_anew()
    {
        SlowDiskRule.Verdict verdict = SlowDiskRule.Judge(default, Pace(900), [Pace(10)], Start);
        MonotonicTime again = Start + SlowDiskRule.FirstBackOff;
        verdict = SlowDiskRule.Judge(verdict, null, [Pace(10)], again);
        SlowDiskRule.Judge(verdict, Pace(10), [Pace(10)], again + TimeSpan.FromMinutes(1)).BackOff.ShouldBe(SlowDiskRule.FirstBackOff);
        SlowDiskRule.Judge(verdict, Pace(10), [Pace(10)], again + SlowDiskRule.FirstBackOff).ShouldBe(default);
    }

    private static SlowDiskRule.Pace Pace(int milliseconds) => PaceOf(1 << 20, milliseconds);

    private static SlowDiskRule.Pace PaceOf(int bytes, int milliseconds)
    {
        var pace = new DiskPace();
        for (int i = 0; i < DiskPace.Capacity; i++)
        {
            // One job in four takes very long: that is not what is meant.
            pace.Add(bytes, TimeSpan.FromMilliseconds(i % 4 == 0 ? 5000 : milliseconds));
        }

        return pace.Median!.Value;
    }
}
