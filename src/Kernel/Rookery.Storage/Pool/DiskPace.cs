// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>How long the latest write jobs of a disk took, in relation to what they wrote. Added by the disk's thread, read by the pool's.</summary>
internal sealed class DiskPace
{
    /// <summary>Jobs remembered: 10 s at the default interval of a disk that is part of every commit.</summary>
    public const int Capacity = 32;

    /// <summary>Fewer say nothing.</summary>
    private const int Enough = 16;

    /// <summary>A seek and a flush of a hard disk take about as long as writing so much: jobs of different sizes become comparable by adding it.</summary>
    private const double SeekBytes = 1 << 20;

    private readonly Lock _gate = new();
    private readonly (TimeSpan Duration, double PerByte)[] _latest = new (TimeSpan, double)[Capacity];
    private int _next;
    private int _count;

    /// <param name="bytes">Bytes that the job wrote.</param>
    /// <param name="duration">How long it took, with its flush.</param>
    public void Add(long bytes, TimeSpan duration)
    {
        lock (_gate)
        {
            _latest[_next] = (duration, duration.Ticks / (SeekBytes + bytes));
            _next = (_next + 1) % Capacity;
            _count = Math.Min(_count + 1, Capacity);
        }
    }

    /// <summary>Forgets all: the disk is judged anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _count = 0;
            _next = 0;
        }
    }

    /// <summary>The medians; <c>null</c> while there are too few jobs.</summary>
    public SlowDiskRule.Pace? Median
    {
        get
        {
            lock (_gate)
            {
                if (_count < Enough)
                {
                    return null;
                }

                TimeSpan[] durations = [.. _latest.Take(_count).Select(l => l.Duration).Order()];
                double[] perByte = [.. _latest.Take(_count).Select(l => l.PerByte).Order()];
                return new SlowDiskRule.Pace(durations[_count / 2], perByte[_count / 2]);
            }
        }
    }
}
