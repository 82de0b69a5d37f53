// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording.Tests;

/// <summary>Time that only moves when told to; wall and monotonic time move together, but for <see cref="SetBack"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 3, 29, 0, 59, 50, TimeSpan.Zero);
    private long _monotonic = 1_000_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _monotonic;

    /// <summary>Somebody sets the wall clock back; monotonic time does not care.</summary>
    public void SetBack(TimeSpan span) => _now -= span;

    public void Advance(TimeSpan span)
    {
        _now += span;
        _monotonic += span.Ticks * 100;
    }
}
