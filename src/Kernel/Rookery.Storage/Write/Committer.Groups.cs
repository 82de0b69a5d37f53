// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Group rotation: only one group of disks is recorded on at a time, the others may spin down. Design: docs/design/pool.md, "Idle disks".</summary>
internal sealed partial class Committer
{
    /// <summary>The oldest chunk of each group is looked for so often while no group has room: a zone takes longer to fill.</summary>
    private static readonly TimeSpan BetweenSearches = TimeSpan.FromSeconds(10);

    /// <summary>What a disk that sleeps is to be told, and what is to go from it, waits for so long at most.</summary>
    private static readonly TimeSpan LongestOwed = TimeSpan.FromHours(24);

    private static readonly TimeSpan ShortestOwed = TimeSpan.FromMinutes(10);

    private HashSet<int> _activeGroup = [];
    private MonotonicTime _activeSince;
    private MonotonicTime _searchAt;

    /// <summary>Footage on disks that sleep goes so much later than its class says, like that in a chunk which is not full: an eighth of the days of the class, a day at most.</summary>
    private TimeSpan Gathering
    {
        get
        {
            TimeSpan age = _state.Classes.All.Min(c => c.MaximumAge) ?? TimeSpan.MaxValue;
            return age / 8 < ShortestOwed ? ShortestOwed : age / 8 > LongestOwed ? LongestOwed : age / 8;
        }
    }

    /// <summary>Disks that sleep are written to when that cannot wait, and otherwise when somebody has woken them.</summary>
    private bool IsAsleep(PoolDisk disk) => disk.Sleep.IsAsleep(MonotonicTime.Now(_state.Clock));

    /// <summary>Sees whose turn it is, and who may sleep or must not.</summary>
    private void TurnGroups(MonotonicTime now)
    {
        if (_state.Options.ActiveDisks is not { } activeDisks)
        {
            return;
        }

        int widest = _state.WidestLayout;
        List<PoolDisk> members = [.. _state.Disks.All.Where(d => !d.IsSpare && d.State is DiskState.Online or DiskState.Suspect)];
        List<int[]> groups = DiskGroups.Of(members.Select(d => d.Number), Math.Max(activeDisks, widest));
        if (groups.Count < 2)
        {
            members.ForEach(d => d.IsIdle = false);
        }
        else
        {
            Rotate(groups, widest, now);
        }

        foreach (PoolDisk disk in _state.Disks.All)
        {
            SleepOrWake(disk, now);
        }
    }

    private void Rotate(List<int[]> groups, int widest, MonotonicTime now)
    {
        int active = ActiveOf(groups);
        if (!_activeGroup.SetEquals(groups[active]))
        {
            // The first time, or disks came and went.
            Activate(groups[active], now);
        }

        bool isTime = _state.Options.RotateAfter is { } time && now - _activeSince >= time;
        List<DiskGroups.Facts> facts = groups.ConvertAll(g => FactsOf(g, oldest: null));
        if (!isTime && facts[active].Ready >= widest)
        {
            return;
        }

        if (!facts.Exists(f => f.Ready >= widest))
        {
            if (now < _searchAt)
            {
                return;
            }

            _searchAt = now + BetweenSearches;
            List<Chunk> chunks = _state.Chunks.Sealed();
            facts = groups.ConvertAll(g => FactsOf(g, OldestOn(g, chunks)));
        }

        if (DiskGroups.Next(facts, active, widest, isTime) is { } next && AreAwake(groups[next], now))
        {
            Activate(groups[next], now);
        }
    }

    /// <summary>The group with most of the disks that were active; at a start, with most columns that are open.</summary>
    private int ActiveOf(List<int[]> groups)
    {
        int best = 0;
        for (int i = 1; i < groups.Count; i++)
        {
            best = Weight(groups[i]) > Weight(groups[best]) ? i : best;
        }

        return best;

        int Weight(int[] group) => group.Sum(number => _activeGroup.Count > 0 ? _activeGroup.Contains(number) ? 1 : 0 : _state.Disks.Find(number)?.Ledger.OpenCount ?? 0);
    }

    private DiskGroups.Facts FactsOf(int[] group, ulong? oldest)
    {
        List<PoolDisk> online = [.. group.Select(_state.Disks.Find).OfType<PoolDisk>().Where(d => d.State == DiskState.Online)];
        // One more than are kept ahead of need: else retention would free here, while there is room elsewhere.
        return new DiskGroups.Facts(online.Count, online.Count(d => d.Ledger.FreeCount + d.Ledger.ReleasingCount + d.Ledger.AheadCount > _state.Options.FreeZonesAhead), oldest);
    }

    private static ulong? OldestOn(int[] group, List<Chunk> chunks)
    {
        ulong? oldest = null;
        foreach (Chunk chunk in chunks)
        {
            oldest = (oldest is null || chunk.CommitNumber < oldest) && Array.Exists(chunk.Columns, c => group.Contains(c.Disk)) ? chunk.CommitNumber : oldest;
        }

        return oldest;
    }

    /// <summary>A group is woken before its turn: a commit must not wait until disks have come up to speed.</summary>
    private bool AreAwake(int[] group, MonotonicTime now)
    {
        bool areAwake = true;
        foreach (PoolDisk disk in group.Select(_state.Disks.Find).OfType<PoolDisk>())
        {
            disk.Sleep.Wake(disk, _state.Clock);
            areAwake &= !disk.Sleep.IsAsleep(now);
        }

        return areAwake;
    }

    private void Activate(int[] group, MonotonicTime now)
    {
        _activeGroup = [.. group];
        _activeSince = now;
        foreach (PoolDisk disk in _state.Disks.All)
        {
            bool wasIdle = disk.IsIdle;
            disk.IsIdle = !disk.IsSpare && !_activeGroup.Contains(disk.Number);
            if (disk.IsIdle && !wasIdle)
            {
                LeaveDisk(disk.Number);
            }
        }
    }

    private void SleepOrWake(PoolDisk disk, MonotonicTime now)
    {
        if (disk.State != DiskState.Online || disk.IsHung)
        {
            return;
        }

        if (disk.Sleep.IsAsleep(now))
        {
            if (disk.Sleep.OwesDocument)
            {
                disk.Sleep.Owe(now);
            }

            // What a superblock should say, and the catalog waits for, cannot wait: the list of the latest transitions is short.
            if (disk.TakesChunks || disk.Ledger.IsDirty || disk.Sleep.IsDue(now, Gathering))
            {
                disk.Sleep.Wake(disk, _state.Clock);
            }

            return;
        }

        disk.Sleep.Settle();
        if (disk is { IsIdle: true, Ledger.OpenCount: > 0 })
        {
            // Recovery may have found a chunk there to be gone on with.
            LeaveDisk(disk.Number);
        }

        if (disk.Sleep.OwesDocument)
        {
            SaveDocumentOn([disk]);
        }

        if ((disk.IsIdle || disk.IsSpare) && disk.Ledger is { OpenCount: 0, IsDirty: false } && disk.Sleep.IsUnused(now, _state.Options.StandbyAfter))
        {
            disk.Sleep.Standby(disk, _state.Clock);
        }
    }
}
