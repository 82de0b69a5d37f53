// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Recording;

/// <summary>
/// When to try again: 1 s after a session that held, then 2, 4 … up to 30 s, each shortened by up to a quarter by chance so that
/// a thousand cameras behind one switch do not come back in one instant.
/// </summary>
internal sealed class BackOff(Random chance)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>A camera that comes back is seen at the latest after this.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>A session that lived so long starts the series anew.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private TimeSpan _next = First;

    public MonotonicTime NextTry { get; private set; } = new(long.MinValue);

    public void SessionEnded(MonotonicTime now, TimeSpan lived, bool isPermanent)
    {
        if (lived >= Stable)
        {
            _next = First;
        }

        TimeSpan wait = isPermanent ? Longest : _next;
        NextTry = now + (wait * (1 - (0.25 * chance.NextDouble())));
        _next = TimeSpan.FromTicks(Math.Min(_next.Ticks * 2, Longest.Ticks));
    }

    /// <summary>The settings changed: what failed before says nothing.</summary>
    public void Reset(MonotonicTime now)
    {
        _next = First;
        NextTry = now;
    }
}
