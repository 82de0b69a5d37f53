// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>How long a job of a disk is waited for. Safe for any thread.</summary>
internal interface IDiskPatience
{
    MonotonicTime Now { get; }

    /// <summary>When a job that was begun then is left to itself; <c>null</c>: it is waited for, however long it takes. Asked again and again: disks come and go while one hangs.</summary>
    MonotonicTime? Deadline(MonotonicTime begun);

    /// <summary>The disk is read or written now.</summary>
    void Used();
}

/// <summary>
/// The patience of a pool. A disk is left when another one can go on for it: what is being recorded waits in memory meanwhile, and viewers in front of a still picture. The last disk that works is waited
/// for without limit, because nothing is gained by leaving it; only a store that closes comes to an end.
/// </summary>
/// <param name="disks">The disks that are here.</param>
/// <param name="clock">Time.</param>
/// <param name="longestJob">See <see cref="StoreOptions.LongestDiskJob"/>.</param>
internal sealed class DiskPatience(DiskSet disks, TimeProvider clock, TimeSpan longestJob)
{
    /// <summary>A store that closes waits so long for its last disk: error recovery of desktop disks takes up to half a minute, and what waits in memory is lost afterwards.</summary>
    public static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(30);

    private long _closing = long.MaxValue;

    public MonotonicTime Now => MonotonicTime.Now(clock);

    /// <summary>The store closes.</summary>
    public void Close() => Volatile.Write(ref _closing, Now.Nanoseconds);

    public MonotonicTime? Deadline(PoolDisk disk, MonotonicTime begun)
    {
        if (CanBeLeft(disk))
        {
            MonotonicTime usual = begun + longestJob;
            MonotonicTime spunUp = disk.Sleep.PatientUntil;
            return usual > spunUp ? usual : spunUp;
        }

        long closing = Volatile.Read(ref _closing);
        return closing == long.MaxValue ? null : new MonotonicTime(Math.Max(closing, begun.Nanoseconds)) + LongestClose;
    }

    /// <summary>There is another disk that works, or one that hung as well and has come back.</summary>
    private bool CanBeLeft(PoolDisk disk)
    {
        foreach (PoolDisk other in disks.All)
        {
            if (!ReferenceEquals(other, disk) && (other.IsHung ? other.HasReturned : other.State is DiskState.Online or DiskState.Draining))
            {
                return true;
            }
        }

        return false;
    }
}
