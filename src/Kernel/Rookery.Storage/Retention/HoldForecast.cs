// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>When held footage leaves recording no room, from how it grew. Pure but for what it remembers: a sample each quarter of an hour, of a day.</summary>
internal sealed class HoldForecast
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>What grew within less than this says nothing about days.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    private readonly Queue<(MonotonicTime At, long HeldBytes)> _samples = [];
    private MonotonicTime? _latest;

    /// <summary>Forgets what was: a hold was made or released, and what it covers already is no rate.</summary>
    public void Restart()
    {
        _samples.Clear();
        _latest = null;
    }

    /// <param name="now">The present.</param>
    /// <param name="heldBytes">What is held.</param>
    /// <param name="roomBytes">What may be held until recording has no room left.</param>
    /// <returns>The time left; <c>null</c> when nothing grows, or it cannot be told yet.</returns>
    public TimeSpan? FullIn(MonotonicTime now, long heldBytes, long roomBytes)
    {
        if (_latest is not { } latest || now - latest >= Step)
        {
            _samples.Enqueue((now, heldBytes));
            _latest = now;
            while (now - _samples.Peek().At > Memory)
            {
                _samples.Dequeue();
            }
        }

        if (heldBytes >= roomBytes)
        {
            return TimeSpan.Zero;
        }

        (MonotonicTime at, long before) = _samples.Peek();
        long grown = heldBytes - before;
        return grown <= 0 || now - at < Shortest ? null : TimeSpan.FromDays(Math.Min(36_500, (roomBytes - heldBytes) / (double)grown * (now - at).TotalDays));
    }
}
