// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>How long the latest commits took: one number hides either the usual commit or the bad one. Safe for any thread.</summary>
internal sealed class CommitTimes
{
    /// <summary>Commits remembered: 45 s at the default interval.</summary>
    public const int Capacity = 150;

    private readonly Lock _lock = new();
    private readonly TimeSpan[] _latest = new TimeSpan[Capacity];
    private readonly long[] _buckets = new long[CommitTimeSummary.BucketLimits.Count + 1];
    private int _next;
    private int _count;

    public void Add(TimeSpan duration)
    {
        int bucket = 0;
        while (bucket < CommitTimeSummary.BucketLimits.Count && duration > CommitTimeSummary.BucketLimits[bucket])
        {
            bucket++;
        }

        lock (_lock)
        {
            _buckets[bucket]++;
            _latest[_next] = duration;
            _next = (_next + 1) % Capacity;
            _count = Math.Min(_count + 1, Capacity);
        }
    }

    /// <summary>All since the start: how many fell below each of <see cref="CommitTimeSummary.BucketLimits"/>, and above the one before; the last entry counts those above all.</summary>
    public IReadOnlyList<long> Histogram()
    {
        lock (_lock)
        {
            return [.. _buckets];
        }
    }

    public CommitTimeSummary Summarize()
    {
        TimeSpan[] sorted;
        lock (_lock)
        {
            sorted = _latest[.._count];
        }

        Array.Sort(sorted);
        return sorted.Length == 0 ? default : new CommitTimeSummary(sorted.Length, At(50), At(99), sorted[^1]);

        // The smallest value that so many percent do not exceed.
        TimeSpan At(int percent) => sorted[((sorted.Length * percent) + 99) / 100 - 1];
    }
}
