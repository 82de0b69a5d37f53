// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>A clock that stands still until it is told to go on. Wall and monotonic time go together.</summary>
public sealed class SimulatedClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly DateTimeOffset _begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly DateTimeOffset _start = new(2025, 12, 31, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return (_now - _start).Ticks;
        }
    }

    /// <summary>How far it was advanced since it was made.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (_lock)
            {
                return _now - _begin;
            }
        }
    }

    public void Advance(TimeSpan time)
    {
        lock (_lock)
        {
            _now += time;
        }
    }
}
