// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Http.Tests;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class HandClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;
}
