// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Foundation;

/// <summary>An instant of this process's monotonic clock in nanoseconds; only differences mean anything.</summary>
public readonly record struct MonotonicTime(long Nanoseconds) : IComparable<MonotonicTime>
{
    public static MonotonicTime Now(TimeProvider clock)
    {
        long timestamp = clock.GetTimestamp();
        long frequency = clock.TimestampFrequency;
        return frequency == 1_000_000_000
            ? new(timestamp)
            : new((long)((Int128)timestamp * 1_000_000_000 / frequency));
    }

    public int CompareTo(MonotonicTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public static MonotonicTime operator +(MonotonicTime time, TimeSpan span) => new(time.Nanoseconds + (span.Ticks * 100));
    public static MonotonicTime operator -(MonotonicTime time, TimeSpan span) => new(time.Nanoseconds - (span.Ticks * 100));
    public static TimeSpan operator -(MonotonicTime later, MonotonicTime earlier) => TimeSpan.FromTicks((later.Nanoseconds - earlier.Nanoseconds) / 100);
    public static bool operator <(MonotonicTime a, MonotonicTime b) => a.Nanoseconds < b.Nanoseconds;
    public static bool operator >(MonotonicTime a, MonotonicTime b) => a.Nanoseconds > b.Nanoseconds;
    public static bool operator <=(MonotonicTime a, MonotonicTime b) => a.Nanoseconds <= b.Nanoseconds;
    public static bool operator >=(MonotonicTime a, MonotonicTime b) => a.Nanoseconds >= b.Nanoseconds;
}
