// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// How fast a class took room lately, from what was written and when. A day, because nights are quieter than days; only the time in which something was written, because a recorder that was
/// off for a while does not record less when it is on.
/// </summary>
/// <param name="now">The present by the recorder's clock.</param>
internal sealed class ChunkRate(WallTime now)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(1);

    /// <summary>Less recording than this says nothing about days.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    private readonly WallRange _window = new(now - Window, now);
    private readonly List<WallRange> _times = [];
    private double _bytes;

    /// <param name="committed">The recorder's clock at the first and last commit of a chunk.</param>
    /// <param name="roomBytes">What it takes of data columns.</param>
    public void Add(WallRange committed, long roomBytes)
    {
        if (!committed.Overlaps(_window))
        {
            return;
        }

        WallRange inside = committed.Intersect(_window);
        _bytes += roomBytes * (inside.Duration / committed.Duration);
        _times.Add(inside);
    }

    /// <summary>Bytes a second; <c>null</c> when too little was recorded.</summary>
    public double? PerSecond
    {
        get
        {
            TimeSpan recorded = TimeSpan.Zero;
            WallTime until = WallTime.MinValue;
            foreach (WallRange time in _times.OrderBy(t => t.Start))
            {
                WallTime from = WallTime.Max(time.Start, until);
                recorded += time.End > from ? time.End - from : TimeSpan.Zero;
                until = WallTime.Max(until, time.End);
            }

            return recorded < Shortest ? null : _bytes / recorded.TotalSeconds;
        }
    }
}
