// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording.Tests;

/// <summary>Time that only moves when told to; wall and monotonic time move together, but for <see cref="SetBack"/>.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly List<Silent> _timers = [];
    private DateTimeOffset _now = new(2026, 3, 29, 0, 59, 50, TimeSpan.Zero);
    private long _monotonic = 1_000_000_000;

    public override long TimestampFrequency => 1_000_000_000;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _monotonic;

    /// <summary>Timers follow real time. Otherwise they ring only when told to, so that how fast the machine is does not decide a test of something with a time limit.</summary>
    public bool HasTimers { get; init; } = true;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (HasTimers)
        {
            return base.CreateTimer(callback, state, dueTime, period);
        }

        Silent timer = new(() => callback(state));
        _timers.Add(timer);
        return timer;
    }

    /// <summary>The time of every timer is up.</summary>
    public void Ring()
    {
        foreach (Silent timer in _timers.ToArray())
        {
            timer.Ring();
        }
    }

    /// <summary>Somebody sets the wall clock back; monotonic time does not care.</summary>
    public void SetBack(TimeSpan span) => _now -= span;

    public void Advance(TimeSpan span)
    {
        _now += span;
        _monotonic += span.Ticks * 100;
    }

    private sealed class Silent(Action ring) : ITimer
    {
        private bool _isOver;

        public void Ring()
        {
            if (!_isOver)
            {
                ring();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
