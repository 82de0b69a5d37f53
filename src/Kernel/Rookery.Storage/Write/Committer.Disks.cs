// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The health of the disks, and what is made durable on all of them: superblocks and the pool's document.</summary>
internal sealed partial class Committer
{
    /// <summary>A disk that fails for so long, while others work, has failed for good.</summary>
    private static readonly TimeSpan LongestSuspicion = TimeSpan.FromMinutes(2);

    /// <summary>Chunks that were given up, with the disks whose superblock does not say so yet.</summary>
    private readonly List<(ulong Generation, ushort Frames, HashSet<int> Unsaved)> _giveUps = [];

    /// <summary>Disks that can be written: all that work; when there is none, those that are due to be tried again.</summary>
    private List<PoolDisk> Writable(MonotonicTime now)
    {
        List<PoolDisk> working = [.. _state.Disks.All.Where(d => d.State is DiskState.Online or DiskState.Draining)];
        return working.Count > 0 ? working : [.. _state.Disks.All.Where(d => d.State == DiskState.Suspect && d.RetryAt <= now && !d.IsHung)];
    }

    private bool IsUsable(PoolDisk disk) => Writable(MonotonicTime.Now(_state.Clock)).Contains(disk);

    /// <summary>Every column of the chunk lies on a disk that can be written.</summary>
    private bool IsUsable(Chunk chunk)
    {
        List<PoolDisk> writable = Writable(MonotonicTime.Now(_state.Clock));
        return Array.TrueForAll(chunk.Columns, c => writable.Exists(d => d.Number == c.Disk));
    }

    private List<PoolDisk> Dirty() => [.. Writable(MonotonicTime.Now(_state.Clock)).Where(d => d.Ledger.IsDirty && !IsAsleep(d))];

    /// <summary>Makes the superblocks of some disks durable, side by side.</summary>
    /// <returns>The first failure; <c>null</c> when all are durable.</returns>
    private DeviceException? WriteSuperblocks(IReadOnlyList<PoolDisk> disks, bool clean)
    {
        WallTime now = WallTime.Now(_state.Clock);
        bool[] giveUps = [.. disks.Select(d => d.Ledger.HasUnsavedGiveUp)];
        ulong[] transitions = [.. disks.Select(d => d.Ledger.LastTransition)];
        foreach (PoolDisk disk in disks)
        {
            disk.BeginSuperblock(now, clean);
        }

        DeviceException? first = null;
        for (int i = 0; i < disks.Count; i++)
        {
            PoolDisk disk = disks[i];
            if (disk.Writer.Wait() is { } failure)
            {
                first ??= failure;
                disk.Ledger.Unsaved(giveUps[i]);
                DiskFailed(disk, failure);
                continue;
            }

            _catalog.Durable(disk.Number, transitions[i]);
            SetAnnounced(disk);
            _giveUps.ForEach(g => g.Unsaved.Remove(disk.Number));
            if (disk.FailingSince is not null)
            {
                // A superblock is a probe as good as any, but a disk that takes no frames does not work because of it.
                disk.Works(WantedState(disk));
            }
        }

        _giveUps.RemoveAll(static g => g.Unsaved.Count == 0);
        _catalog.Apply();
        return first;
    }

    /// <summary>A superblock lists every chunk that has a column on the disk as memory has it.</summary>
    private void SetAnnounced(PoolDisk disk)
    {
        foreach (WriteHead head in _heads.All)
        {
            foreach (OpenChunk open in head.Open)
            {
                if (open.Chunk.ColumnOn(disk.Number) is >= 0 and var column && disk.Ledger.FindOpen(open.Chunk.Generation) is { } entry)
                {
                    open.SetAnnounced(column, entry.IsAhead);
                }
            }
        }
    }

    /// <summary>
    /// A frame that failed may stand whole on a disk that is gone for now. Before its samples are written anew elsewhere, the pool's document says that it does not count, where that disk's own
    /// superblock cannot.
    /// </summary>
    /// <returns><c>false</c> when no disk took the document.</returns>
    private bool SaveGiveUps()
    {
        List<PoolGiveUp> unsaid = [.. _giveUps.Select(g => new PoolGiveUp(g.Generation, g.Frames)).Except(_state.Document.GiveUps)];
        if (unsaid.Count == 0)
        {
            return true;
        }

        PoolDocument before = _state.Document;
        _state.Document = before with { GiveUps = [.. before.GiveUps.Concat(unsaid).TakeLast(PoolDocument.MaximumGiveUps)] };
        if (SaveDocument())
        {
            return true;
        }

        // The number is used up: a document of it may stand somewhere, or land there later.
        _state.Document = before with { Sequence = _state.Document.Sequence };
        return false;
    }

    /// <summary>Makes the document durable on every disk that can be written.</summary>
    /// <returns><c>false</c> when not one took it.</returns>
    private bool SaveDocument()
    {
        _state.Document = _state.Document with { Sequence = _state.Document.Sequence + 1 };
        List<PoolDisk> writable = Writable(MonotonicTime.Now(_state.Clock));
        List<PoolDisk> awake = writable.FindAll(d => !IsAsleep(d));
        writable.ForEach(static d => d.Sleep.OwesDocument = true);
        return SaveDocumentOn(awake.Count > 0 ? awake : writable);
    }

    /// <summary>Makes the document durable on some disks.</summary>
    /// <returns><c>false</c> when not one took it.</returns>
    private bool SaveDocumentOn(List<PoolDisk> disks)
    {
        PoolDocument document = _state.Document;
        foreach (PoolDisk disk in disks)
        {
            disk.Writer.Begin(device => PoolDocumentSet.Write(device, document, _state.Pool, disk.Identity));
        }

        bool any = false;
        foreach (PoolDisk disk in disks)
        {
            if (disk.Writer.Wait() is { } failure)
            {
                DiskFailed(disk, failure);
            }
            else
            {
                any = true;
                disk.Sleep.OwesDocument = false;
            }
        }

        return any;
    }

    private void DiskFailed(PoolDisk disk, DeviceException failure)
    {
        disk.Failed(MonotonicTime.Now(_state.Clock));
        bool isLast = !_state.Disks.All.Any(d => d.State is DiskState.Online or DiskState.Draining);
        Fault(isLast
            ? $"The disk {disk.Name} failed: {failure.Message} What is being recorded waits in memory until the disk takes writes again."
            : $"The disk {disk.Name} failed: {failure.Message} Recording goes on on the other disks.");
        WallTime now = WallTime.Now(_state.Clock);
        _state.Counters.LastError = new DiskError(now, $"The disk {disk.Name} failed at {now} and took writes again later: {failure.Message} Nothing was lost by it; have the disk checked.");
    }

    private void DiskWorks(PoolDisk disk)
    {
        bool wasFailing = disk.Works(WantedState(disk));
        if ((wasFailing || _state.Counters.Fault is not null) && !_state.Disks.All.Any(d => d.FailingSince is not null))
        {
            Fault(null);
        }
    }

    /// <summary>What a disk that works is to be, as the document has it.</summary>
    private DiskState WantedState(PoolDisk disk) => _state.Document.Find(disk.Identity)?.State == DiskState.Draining ? DiskState.Draining : DiskState.Online;

    /// <summary>Tries disks again whose time has come while others work, and calls those failed that never recover.</summary>
    private void TryFailingDisks(MonotonicTime now)
    {
        foreach (PoolDisk disk in _state.Disks.All)
        {
            if (disk.IsHung && disk.TryReturn())
            {
                // Whatever became of the job: a probe tells how the disk is.
                disk.RetryNow();
            }
        }

        if (!_state.Disks.All.Any(d => d.State is DiskState.Online or DiskState.Draining))
        {
            return;
        }

        foreach (PoolDisk disk in _state.Disks.All)
        {
            if (disk.State != DiskState.Suspect || disk.RetryAt > now)
            {
                continue;
            }

            if (disk.FailingSince is { } since && now - since > LongestSuspicion)
            {
                disk.State = DiskState.Failed;
                if (_state.Document.Find(disk.Identity) is { } member)
                {
                    _state.Document = _state.Document.With(member with { State = DiskState.Failed });
                    SaveDocument();
                }

                continue;
            }

            if (disk.IsHung)
            {
                continue;
            }

            WriteSuperblocks([disk], clean: false);
            if (disk.FailingSince is null)
            {
                DiskWorks(disk);
            }
        }
    }

    private void Fault(string? words) => _state.Counters.Fault = words;
}
