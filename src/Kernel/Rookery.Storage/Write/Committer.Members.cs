// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Disks that join the pool, leave it, or change how they are used. The document says so before anything follows from it.</summary>
internal sealed partial class Committer
{
    /// <summary>The member that a blank disk is to become, and the document with it. Nothing is written yet.</summary>
    /// <exception cref="StoreException">The disk cannot join, or the pool has as many as it may.</exception>
    public (PoolMember Member, PoolDocument Document) PlanDisk(IBlockDevice device, SuperblockSet.Found found, bool isBlank, bool isSpare)
    {
        if (_state.Disks.All.Count >= PoolOpening.MaximumDisks)
        {
            throw new StoreException($"A pool has at most {PoolOpening.MaximumDisks} disks.");
        }

        if (found.Newest is { } known && known.Pool == _state.Pool && _state.Document.Find(known.Disk) is { State: not DiskState.Removed } itself)
        {
            throw new StoreException($"{device.Name} is disk number {itself.Number} of this pool already. Start the recorder again to have it used.");
        }

        if (!isBlank)
        {
            throw new StoreException($"{device.Name} is not blank. If nothing on it is needed, fill its first and last MiB with zeros.");
        }

        // Too small is found before anything is written.
        _ = StoreGeometry.Choose(device.CapacityBytes, _state.ZoneBytes);
        PoolMember member = PoolFormat.Member(device, _state.Document.Members.Max(m => m.Number) + 1, _state.Options) with { IsSpare = isSpare ? true : null };
        PoolDocument next = _state.Document.With(member);
        return (member, next with { Sequence = next.Sequence + 1 });
    }

    /// <summary>The document names the disk, from before it has a superblock: a crash leaves one that the next start finishes.</summary>
    public void DeclareDisk(PoolMember member)
    {
        _state.Document = _state.Document.With(member);
        SaveDocument();
    }

    /// <summary>The disk could not be formatted after all. Its number is not given again.</summary>
    public void TakeBackDisk(PoolMember member) => SaveMember(member with { State = DiskState.Removed });

    /// <summary>The disk is formatted: from here on chunks may lie on it.</summary>
    public void JoinDisk(IBlockDevice device, Superblock root, bool isSpare)
    {
        var disk = new PoolDisk(device, root, DiskState.Online, firstPair: 0, _state.Numbers, _state.Options);
        for (int zone = 0; zone < disk.Geometry.ZoneCount; zone++)
        {
            if (disk.Ledger.StateOf(zone) == ZoneState.Unknown)
            {
                disk.Ledger.AddFree(zone);
            }
        }

        disk.IsSpare = isSpare;
        _state.Disks.Add(disk);
        _state.Counters.Joined(disk.Name);
        WriteSuperblocks([disk], clean: false);
    }

    public void SetMemberState(int number, DiskState state)
    {
        PoolMember member = MemberOf(number);
        PoolDisk? disk = _state.Disks.Find(number);
        if (disk is null && state == DiskState.Online)
        {
            throw new StoreException($"The disk {member.Name} is not here.");
        }

        SaveMember(member with { State = state, HasSubstitute = state == DiskState.Online ? null : member.HasSubstitute });
        if (disk is not null)
        {
            disk.RetryNow();
            disk.State = state;
            if (state == DiskState.Draining)
            {
                LeaveDisk(number);
            }
        }
    }

    public PoolDisk? RemoveDisk(int number)
    {
        PoolMember member = MemberOf(number);
        PoolDisk? disk = _state.Disks.Find(number);
        if (disk is not null && _state.Disks.All.Count == 1)
        {
            throw new StoreException("The last disk of a pool cannot be removed.");
        }

        if (disk is not null && _state.IsRecovering)
        {
            throw new StoreException($"What {disk.Name} holds is not known yet: the store is still looking at what the last run left. Try again when it is done.");
        }

        if (disk is not null && UsesDisk(number))
        {
            throw new StoreException($"{disk.Name} still holds footage. Drain it first, or take it away and remove it then.");
        }

        SaveMember(member with { State = DiskState.Removed });
        if (disk is not null)
        {
            _state.Disks.Remove(disk);
        }

        return disk;
    }

    /// <summary>Chunks that are open on a disk are sealed, so that they can move.</summary>
    private void LeaveDisk(int number)
    {
        foreach (WriteHead head in _heads.All)
        {
            if (head.Current is { } current && current.Chunk.ColumnOn(number) >= 0)
            {
                PutAway(current);
            }

            if (head.Resumable is { } resumable && resumable.Chunk.ColumnOn(number) >= 0)
            {
                head.Resumable = null;
                SealSoon(resumable.Chunk, wasCut: false);
            }

            if (head.Ahead is { } ahead && ahead.Chunk.ColumnOn(number) >= 0)
            {
                GiveBackAhead(head);
            }
        }
    }

    /// <summary>Chunks opened ahead of need with a column on the disk hold nothing yet.</summary>
    private void GiveBackAheadOn(int number)
    {
        foreach (WriteHead head in _heads.All)
        {
            if (head.Ahead?.Chunk.ColumnOn(number) >= 0)
            {
                GiveBackAhead(head);
            }
        }
    }

    /// <summary>A chunk that is sealed or open has a column on the disk.</summary>
    private bool UsesDisk(int number) =>
        // A column that is being rebuilt there belongs to no chunk yet.
        _state.Disks.Find(number) is { Ledger.OpenCount: > 0 } || _state.Chunks.All().Exists(c => c.ColumnOn(number) >= 0)
        || _heads.All.Any(h => h.Open.Any(open => open.Chunk.ColumnOn(number) >= 0));

    private PoolMember MemberOf(int number) =>
        _state.Document.Members.FirstOrDefault(m => m.Number == number && m.State != DiskState.Removed) ?? throw new StoreException($"The pool has no disk number {number}.");
}
