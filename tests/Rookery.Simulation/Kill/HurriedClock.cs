// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>The clock of a process that is killed after a second: what the store waits for in its idle time comes fifty times sooner, so that it rebuilds and scrubs within such a life. Commits keep their rhythm.</summary>
internal sealed class HurriedClock : TimeProvider
{
    private const int Hurry = 50;
    private long _skippedTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Time that was waited for is over. The time of day stays.</summary>
    public void Skip(TimeSpan time) => Interlocked.Add(ref _skippedTicks, time.Ticks);

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref _skippedTicks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / Hurry : dueTime, period > TimeSpan.Zero ? period / Hurry : period);
}
