// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Foundation;

/// <summary>An instant in UTC, in whole microseconds since 1970-01-01T00:00:00Z. Never used as a duration.</summary>
/// <remarks>Microseconds keep a 90 kHz tick (11.1 µs) apart from its neighbours and reach past the year 290000 in 64 bits.</remarks>
public readonly record struct WallTime(long Microseconds) : IComparable<WallTime>
{
    public static readonly WallTime MinValue = new(long.MinValue);
    public static readonly WallTime MaxValue = new(long.MaxValue);

    public static WallTime From(DateTimeOffset time) => new((time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);

    /// <summary>The present of <paramref name="clock"/>.</summary>
    public static WallTime Now(TimeProvider clock) => From(clock.GetUtcNow());

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Microseconds * TimeSpan.TicksPerMicrosecond);

    public int CompareTo(WallTime other) => Microseconds.CompareTo(other.Microseconds);

    public static WallTime operator +(WallTime time, TimeSpan span) => new(time.Microseconds + (span.Ticks / TimeSpan.TicksPerMicrosecond));
    public static WallTime operator -(WallTime time, TimeSpan span) => new(time.Microseconds - (span.Ticks / TimeSpan.TicksPerMicrosecond));
    public static TimeSpan operator -(WallTime later, WallTime earlier) => TimeSpan.FromTicks((later.Microseconds - earlier.Microseconds) * TimeSpan.TicksPerMicrosecond);
    public static bool operator <(WallTime a, WallTime b) => a.Microseconds < b.Microseconds;
    public static bool operator >(WallTime a, WallTime b) => a.Microseconds > b.Microseconds;
    public static bool operator <=(WallTime a, WallTime b) => a.Microseconds <= b.Microseconds;
    public static bool operator >=(WallTime a, WallTime b) => a.Microseconds >= b.Microseconds;

    public static WallTime Min(WallTime a, WallTime b) => a <= b ? a : b;
    public static WallTime Max(WallTime a, WallTime b) => a >= b ? a : b;

    /// <summary>RFC 3339 in UTC with microseconds.</summary>
    public override string ToString() => ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A half-open interval of UTC: <c>[Start, End)</c>.</summary>
public readonly record struct WallRange(WallTime Start, WallTime End)
{
    public TimeSpan Duration => End - Start;
    public bool IsEmpty => End <= Start;
    public bool Contains(WallTime time) => time >= Start && time < End;
    public bool Overlaps(WallRange other) => Start < other.End && other.Start < End;
    public WallRange Intersect(WallRange other) => new(WallTime.Max(Start, other.Start), WallTime.Min(End, other.End));
}
