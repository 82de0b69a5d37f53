// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Foundation.Tests;

public sealed class WallTimeTests
{
    [Fact]
    public void An_instant_is_whole_microseconds_since_1970()
    {
        WallTime.From(DateTimeOffset.UnixEpoch).Microseconds.ShouldBe(0);
        WallTime time = WallTime.From(new DateTimeOffset(2026, 3, 29, 3, 0, 0, TimeSpan.FromHours(2)).AddTicks(19));
        time.Microseconds.ShouldBe(1_774_746_000_000_001);
        time.ToString().ShouldBe("2026-03-29T01:00:00.000001Z");
        time.ToDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Before_1970_time_still_grows_and_round_trips()
    {
        WallTime before = WallTime.From(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero));
        before.Microseconds.ShouldBe(-1_000_000);
        WallTime.From(before.ToDateTimeOffset()).ShouldBe(before);
    }

    [Fact]
    public void Differences_and_sums_agree()
    {
        WallTime start = new(1_000_000);
        WallTime end = start + TimeSpan.FromMilliseconds(1.5);
        (end - start).ShouldBe(TimeSpan.FromMilliseconds(1.5));
        (end - TimeSpan.FromMilliseconds(1.5)).ShouldBe(start);
        WallTime.Min(start, end).ShouldBe(start);
        WallTime.Max(start, end).ShouldBe(end);
        (start < end && end > start && start <= end && end >= start).ShouldBeTrue();
    }

    [Fact]
    public void A_range_holds_its_start_and_not_its_end()
    {
        WallRange range = new(new(10), new(20));
        range.Contains(new(10)).ShouldBeTrue();
        range.Contains(new(20)).ShouldBeFalse();
        range.Overlaps(new(new(20), new(30))).ShouldBeFalse();
        range.Overlaps(new(new(19), new(30))).ShouldBeTrue();
        range.Intersect(new(new(15), new(30))).ShouldBe(new WallRange(new(15), new(20)));
        range.Intersect(new(new(25), new(30))).IsEmpty.ShouldBeTrue();
        range.Duration.ShouldBe(TimeSpan.FromMicroseconds(10));
    }

    [Fact]
    public void Monotonic_time_is_nanoseconds_whatever_the_clock_counts_in()
    {
        MonotonicTime now = MonotonicTime.Now(new ClockAt(timestamp: 3_000_000_007, frequency: 3));
        now.Nanoseconds.ShouldBe(1_000_000_002_333_333_333);
        ((now + TimeSpan.FromMilliseconds(2)) - now).ShouldBe(TimeSpan.FromMilliseconds(2));
        (now - TimeSpan.FromTicks(1) < now).ShouldBeTrue();
    }

    private sealed class ClockAt(long timestamp, long frequency) : TimeProvider
    {
        public override long TimestampFrequency => frequency;
        public override long GetTimestamp() => timestamp;
    }
}
