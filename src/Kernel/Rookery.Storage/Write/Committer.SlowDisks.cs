// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Which disks new chunks are put on: neither spares nor idle or slow disks, where the layout can do without.</summary>
internal sealed partial class Committer
{
    /// <summary>Disks are compared so often: a slow one costs some seconds of slow commits, and comparing costs next to nothing.</summary>
    private static readonly TimeSpan BetweenJudgements = TimeSpan.FromSeconds(5);

    private MonotonicTime _judgeAt;

    /// <summary>Of disks that work, those for new chunks.</summary>
    private List<PoolDisk> Preferred(List<PoolDisk> working) =>
        DiskChoice.Of(working, d => new DiskChoice.Facts(d.IsSpare, d.IsIdle || IsAsleep(d), d.Slowness.IsSlow), _state.WidestLayout);

    /// <summary>Compares the disks. Chunks that are open on one that is far slower than the others are sealed, if others can go on.</summary>
    private void JudgeDisks(MonotonicTime now)
    {
        if (now < _judgeAt)
        {
            return;
        }

        _judgeAt = now + BetweenJudgements;
        List<PoolDisk> working = [.. _state.Disks.All.Where(d => d.State == DiskState.Online)];
        List<(PoolDisk Disk, SlowDiskRule.Pace? Pace)> paces = working.ConvertAll(d => (d, d.Pace.Median));
        foreach ((PoolDisk disk, SlowDiskRule.Pace? pace) in paces)
        {
            List<SlowDiskRule.Pace> peers = [.. paces.Where(p => !ReferenceEquals(p.Disk, disk) && !p.Disk.Slowness.IsSlow && p.Pace is not null).Select(p => p.Pace!.Value)];
            bool wasSlow = disk.Slowness.IsSlow;
            disk.Slowness = SlowDiskRule.Judge(disk.Slowness, pace, peers, now);
            if (wasSlow != disk.Slowness.IsSlow)
            {
                disk.Pace.Clear();
            }

            if (disk.Slowness.IsSlow && !wasSlow && !Preferred(working).Contains(disk))
            {
                LeaveDisk(disk.Number);
            }
        }
    }
}
