// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>How fast background work went in the last minutes, and so how long the rest takes. Safe for any thread.</summary>
internal sealed class WorkPace
{
    /// <summary>After a pause like this what was before says nothing.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Work weighs half when it is so old: a rebuild stands back at times, and its pace of this second is no estimate.</summary>
    private static readonly TimeSpan HalfLife = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(20);

    private readonly Lock _gate = new();
    private MonotonicTime? _latest;
    private TimeSpan _time;
    private double _work;

    /// <param name="work">Done since the last call, in any unit.</param>
    /// <param name="now">The present.</param>
    public void Add(long work, MonotonicTime now)
    {
        lock (_gate)
        {
            if (_latest is not { } latest || now - latest > Pause)
            {
                // The first piece of work only says when it ended.
                (_latest, _time, _work) = (now, TimeSpan.Zero, 0);
                return;
            }

            (_latest, _time, _work) = (now, _time + (now - latest), _work + work);
            if (_time > 2 * HalfLife)
            {
                (_time, _work) = (_time / 2, _work / 2);
            }
        }
    }

    /// <returns><c>null</c> when nothing goes on, or it cannot be told yet.</returns>
    public TimeSpan? TimeFor(long work, MonotonicTime now)
    {
        lock (_gate)
        {
            return work <= 0 || _latest is not { } latest || now - latest > Pause || _time < Shortest || _work <= 0
                ? null
                : TimeSpan.FromSeconds(Math.Min(TimeSpan.FromDays(36_500).TotalSeconds, work / _work * _time.TotalSeconds));
        }
    }
}
