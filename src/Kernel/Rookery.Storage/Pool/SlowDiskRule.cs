// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Decides which disks are far slower than their peers, and when such a disk is tried again. Pure: facts and time in, decision out. A commit takes as long as the slowest of its disks, so that one dying disk, which
/// still answers without an error, would slow down all. Design: docs/design/pool.md, "A disk is slow".
/// </summary>
internal static class SlowDiskRule
{
    /// <summary>Disks of one kind differ by a factor of 2 between their outer and inner tracks, and shingled ones or such that are read much by another 2.</summary>
    public const double Factor = 4;

    /// <summary>Faster than this a disk does no harm, however fast the others are: commits have 200 ms of the half second that is promised, and a flash disk may well be ten times as fast as a hard disk.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(100);

    /// <summary>A disk that was slow is tried again after this, then after twice the time, and so on: a rebuild of a RAID below, or a long self-test, is over some time; a dying disk costs 16 slow commits each time.</summary>
    public static readonly TimeSpan FirstBackOff = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongestBackOff = TimeSpan.FromHours(4);

    /// <summary>How fast a disk is.</summary>
    /// <param name="Duration">What half of its latest jobs did not exceed.</param>
    /// <param name="PerByte">The same in relation to what they wrote.</param>
    public readonly record struct Pace(TimeSpan Duration, double PerByte);

    /// <summary>What is known of a disk from one time to the next.</summary>
    /// <param name="Since">It has been slow since; <c>null</c>: it is not.</param>
    /// <param name="TryAt">It is tried again then; while it is not slow, when its back-off is forgotten.</param>
    /// <param name="BackOff">How long it is left alone the next time; zero for the first.</param>
    public readonly record struct Verdict(MonotonicTime? Since, MonotonicTime TryAt, TimeSpan BackOff)
    {
        public bool IsSlow => Since is not null;
    }

    /// <param name="disk">Its pace; <c>null</c> when too little is known.</param>
    /// <param name="peers">The paces of the other disks that are not slow.</param>
    public static bool IsSlow(Pace? disk, IReadOnlyList<Pace> peers)
    {
        if (disk is not { } pace || peers.Count == 0 || pace.Duration < Floor)
        {
            return false;
        }

        double[] sorted = [.. peers.Select(p => p.PerByte).Order()];
        return pace.PerByte > Factor * sorted[sorted.Length / 2];
    }

    /// <summary>What follows for a disk.</summary>
    /// <param name="before">The verdict so far.</param>
    /// <param name="disk">Its pace since it was last tried.</param>
    /// <param name="peers">See <see cref="IsSlow"/>.</param>
    /// <param name="now">The present.</param>
    public static Verdict Judge(Verdict before, Pace? disk, IReadOnlyList<Pace> peers, MonotonicTime now)
    {
        if (before.IsSlow)
        {
            // Used once more: what it does from now on is compared again.
            return before.TryAt > now ? before : new Verdict(null, now + before.BackOff, before.BackOff);
        }

        if (!IsSlow(disk, peers))
        {
            return before.BackOff > TimeSpan.Zero && before.TryAt <= now ? default : before;
        }

        TimeSpan backOff = before.BackOff == TimeSpan.Zero ? FirstBackOff : TimeSpan.FromTicks(Math.Min(before.BackOff.Ticks * 2, LongestBackOff.Ticks));
        return new Verdict(now, now + backOff, backOff);
    }
}
