// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Encoders;

/// <summary>As many pumps as the cameras need: one for each 250, but not more than there are processors. Safe for any thread.</summary>
internal sealed class MediaPumps(TimeProvider clock) : IDisposable
{
    /// <summary>250 cameras of 4 Mbit/s are 1 Gbit/s: about a third of a core on the machines measured.</summary>
    public const int ConnectionsPerPump = 250;

    private readonly Lock _lock = new();
    private readonly List<MediaPump> _pumps = [];
    private volatile bool _disposed;

    /// <summary>Nothing new is begun; what is under way ends.</summary>
    public bool IsDisposed => _disposed;

    /// <returns><c>false</c> once disposed: the item is the caller's still.</returns>
    public bool TryAdd(IPumped item)
    {
        lock (_lock)
        {
            return !_disposed && LeastLoaded().TryAdd(item);
        }
    }

    public void Dispose()
    {
        MediaPump[] pumps;
        lock (_lock)
        {
            _disposed = true;
            pumps = [.. _pumps];
            _pumps.Clear();
        }

        // Outside the lock: a pump's last sessions may well ask for another link.
        Array.ForEach(pumps, pump => pump.Dispose());
    }

    private MediaPump LeastLoaded()
    {
        MediaPump? best = _pumps.MinBy(pump => pump.Count);
        if (best is null || (best.Count >= ConnectionsPerPump && _pumps.Count < Environment.ProcessorCount))
        {
            best = new MediaPump(clock, $"media pump {_pumps.Count + 1}");
            _pumps.Add(best);
        }

        return best;
    }
}
