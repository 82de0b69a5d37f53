// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The pool thread's part in rebuilding columns: which one, where to, and what becomes true when it is done. Reading and writing are the <see cref="PoolKeeper"/>'s.</summary>
internal sealed partial class Committer
{
    /// <summary>Columns that were found damaged: bit i for column i of a chunk.</summary>
    private readonly Dictionary<ulong, ulong> _damaged = [];

    /// <summary>Chunks for which there is no target now; looked at again when disks or zones have changed.</summary>
    private readonly HashSet<ulong> _noTarget = [];

    /// <summary>Chooses the next column to be rebuilt and opens a zone for it.</summary>
    /// <param name="missingCount">Disks that are missing are given up; else they are waited for.</param>
    /// <returns><c>null</c> when there is nothing to do, or nowhere to put it.</returns>
    public RebuildJob? NextRebuild(bool missingCount)
    {
        foreach ((ulong generation, ulong columns) in _state.Repairs.Take())
        {
            _damaged[generation] = _damaged.GetValueOrDefault(generation) | columns;
        }

        if (MayFindColumns)
        {
            return null;
        }

        TakeSpares(missingCount);
        _noTarget.Clear();
        List<Chunk> chunks = _state.Chunks.Sealed();
        _state.Counters.ColumnsToRebuild = chunks.Sum(c => System.Numerics.BitOperations.PopCount(Lost(c, missingCount) | Leaving(c)));
        while (RebuildPlan.Next(chunks.ConvertAll(c => FactsOf(c, missingCount))) is { } next)
        {
            Chunk chunk = chunks[next.Chunk];
            if (OpenTarget(chunk, next.Column, missingCount) is { } job)
            {
                _state.Counters.ChunksWithoutTarget = _noTarget.Count;
                return job;
            }

            _noTarget.Add(chunk.Generation);
        }

        _state.Counters.ChunksWithoutTarget = _noTarget.Count;
        return null;
    }

    /// <summary>A rebuild ended.</summary>
    public void EndRebuild(RebuildJob job, bool isDone)
    {
        Chunk chunk = job.Chunk;
        chunk.Unpin();
        if (!isDone || chunk.State != ChunkState.Sealed)
        {
            job.Target.Ledger.GiveBack(job.Zone, chunk.Class, chunk.Generation, ZoneChange.Dropped);
            return;
        }

        ColumnPlace old = chunk.Columns[job.Column];
        job.Target.Ledger.Seal(job.Zone, chunk.Class, chunk.Generation);
        _state.Chunks.SetColumn(chunk, job.Column, new ColumnPlace(job.Target.Number, job.Zone));
        _catalog.Moved(chunk, [(job.Target.Number, job.Target.Ledger.LastTransition)]);
        // The new place is durable before the old one is given up: a crash between finds two, never none.
        if (WriteSuperblocks([job.Target], clean: false) is not null)
        {
            _state.Chunks.SetColumn(chunk, job.Column, old);
            job.Target.Ledger.Free(job.Zone, chunk.Class, chunk.Generation, ZoneChange.Dropped, () => chunk.IsUnread);
            _catalog.Moved(chunk, [(job.Target.Number, job.Target.Ledger.LastTransition)]);
            return;
        }

        if (!old.IsNone && _state.Disks.Find(old.Disk) is { } disk)
        {
            disk.Ledger.Free(old.Zone, chunk.Class, chunk.Generation, ZoneChange.Dropped, () => chunk.IsUnread);
            _catalog.Moved(chunk, [(disk.Number, disk.Ledger.LastTransition)]);
        }

        if (_damaged.TryGetValue(chunk.Generation, out ulong damaged))
        {
            _damaged[chunk.Generation] = damaged & ~(1UL << job.Column);
        }

        _state.Counters.CountRebuilt();
        WriteSuperblocks(Dirty(), clean: false);
    }

    /// <summary>The disk that a column was written to failed.</summary>
    public void RebuildTargetFailed(RebuildJob job, DeviceException failure) => DiskFailed(job.Target, failure);

    private RebuildPlan.Facts FactsOf(Chunk chunk, bool missingCount)
    {
        TimeSpan? age = _state.Classes.All.FirstOrDefault(c => c.Id.Value == chunk.Class)?.MaximumAge;
        return _noTarget.Contains(chunk.Generation)
            ? default
            : new RebuildPlan.Facts(chunk.Layout, Lost(chunk, missingCount), Leaving(chunk), chunk.CommitNumber, Holds.Known(chunk) is not { IsNone: true } ? null : age - (WallTime.Now(_state.Clock) - WallTime.Max(chunk.Wall.End, chunk.Committed.End)), _state.IsAsleep(chunk));
    }

    private ulong Lost(Chunk chunk, bool missingCount) => Mask(chunk, c => c.IsNone || (_state.Disks.Find(c.Disk) is { } disk
        ? disk.State == DiskState.Failed
        : missingCount || _state.Document.Members.FirstOrDefault(m => m.Number == c.Disk) is not { State: DiskState.Online or DiskState.Draining }));

    private ulong Leaving(Chunk chunk) =>
        Mask(chunk, c => _state.Disks.Find(c.Disk) is { State: DiskState.Draining }) | (_damaged.GetValueOrDefault(chunk.Generation) & Mask(chunk, static c => !c.IsNone));

    private static ulong Mask(Chunk chunk, Func<ColumnPlace, bool> which)
    {
        ulong mask = 0;
        for (int column = 0; column < chunk.Columns.Length; column++)
        {
            mask |= which(chunk.Columns[column]) ? 1UL << column : 0;
        }

        return mask;
    }

    private RebuildJob? OpenTarget(Chunk chunk, int column, bool missingCount)
    {
        foreach (PoolDisk disk in _state.Disks.All)
        {
            MakeReady(disk);
        }

        // Zones kept ahead of need stay for recording.
        List<PoolDisk> candidates = Candidates().FindAll(d =>
            d.State == DiskState.Online && !IsAsleep(d) && d.Ledger.FreeCount > _state.Options.FreeZonesAhead && !chunk.Columns.Where((_, i) => i != column).Any(c => c.Disk == d.Number));
        if (candidates.Count == 0 || !chunk.TryPin())
        {
            return null;
        }

        PoolDisk target = _placer.ForColumn(candidates, chunk, column)!;
        int zone = target.Ledger.TakeFree();
        target.Ledger.Open(new OpenColumn(zone, chunk.Head, chunk.Id, chunk.Generation, Column: (byte)column, Layout: chunk.Layout, IsRebuilt: true));
        // A damaged part is found by its checksum when the column is read; only columns that are gone need not be tried.
        var job = new RebuildJob(chunk, column, Lost(chunk, missingCount), target, zone);
        if (WriteSuperblocks([target], clean: false) is null)
        {
            return job;
        }

        EndRebuild(job, isDone: false);
        return null;
    }
}
