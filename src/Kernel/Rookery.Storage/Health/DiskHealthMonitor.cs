// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Asks the disks of a pool how they are, one after another and rarely, on no thread of recording; answers from memory.</summary>
/// <param name="probe">Asks one disk.</param>
/// <param name="clock">Time.</param>
public sealed class DiskHealthMonitor(IHealthProbe probe, TimeProvider clock) : IDiskHealth
{
    /// <summary>Temperatures follow the load in minutes, and everything else in days; each question costs the disk some 10 ms of its time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    /// <summary>A disk that was added is asked so soon.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, DiskHealth> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MonotonicTime> _asked = new(StringComparer.Ordinal);

    public DiskHealth? Of(string disk) => _known.GetValueOrDefault(disk);

    /// <param name="disks">Paths of the disks there are now.</param>
    /// <param name="cancellation">Ends it; a question that is under way is waited for.</param>
    public async Task RunAsync(Func<IReadOnlyList<string>> disks, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Look, clock);
        try
        {
            do
            {
                // Not on the caller's thread, which opens the store and begins to record.
                await Task.Run(() => AskDue(disks()), cancellation);
            }
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            // The recorder stops.
        }
    }

    /// <summary>Asks those whose time has come.</summary>
    internal void AskDue(IReadOnlyList<string> disks)
    {
        foreach (string gone in _asked.Keys.Except(disks).ToList())
        {
            _asked.Remove(gone);
            _known.TryRemove(gone, out _);
        }

        foreach (string disk in disks)
        {
            MonotonicTime now = MonotonicTime.Now(clock);
            if (_asked.TryGetValue(disk, out MonotonicTime at) && now - at < Interval)
            {
                continue;
            }

            _asked[disk] = now;
            Keep(disk, probe.Ask(disk));
        }
    }

    private void Keep(string disk, DiskHealth? health)
    {
        if (health is null)
        {
            _known.TryRemove(disk, out _);
        }
        else
        {
            // Of one that sleeps what it said last is still the best that is known.
            _known[disk] = health.Sleeps && _known.TryGetValue(disk, out DiskHealth? before) ? before with { Sleeps = true, TemperatureCelsius = null } : health;
        }
    }
}
