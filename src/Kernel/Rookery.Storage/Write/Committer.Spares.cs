// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Hot spares: disks of the pool that take no chunk until another one has failed. Then one becomes a disk like all others, and the rebuild finds room on it.</summary>
internal sealed partial class Committer
{
    /// <summary>Makes a disk without footage a spare, or a spare a disk like the others.</summary>
    /// <exception cref="StoreException">It is not here, still holds footage, is the only one, or no disk took the change.</exception>
    public void SetSpare(int number, bool isSpare)
    {
        PoolMember member = MemberOf(number);
        if (_state.Disks.Find(number) is not { } disk)
        {
            throw new StoreException($"The disk {member.Name} is not here.");
        }

        if (isSpare && !_state.Disks.All.Any(d => d.Number != number && !d.IsSpare))
        {
            throw new StoreException($"{disk.Name} is the only disk of the pool that is no spare.");
        }

        if (isSpare)
        {
            GiveBackAheadOn(number);
        }

        if (isSpare && UsesDisk(number))
        {
            throw new StoreException($"{disk.Name} holds footage. Drain it first; a spare is empty.");
        }

        // One that was drained to become a spare is drained no more.
        SaveMember(member with { IsSpare = isSpare ? true : null, State = member.State == DiskState.Draining && isSpare ? DiskState.Online : member.State });
        disk.State = disk.State == DiskState.Draining && isSpare ? DiskState.Online : disk.State;
        SetSpares();
    }

    /// <summary>For each disk that has failed, or been missing for long, one spare becomes a disk like the others.</summary>
    private void TakeSpares(bool missingCount)
    {
        if (!_state.Disks.All.Any(d => d.IsSpare))
        {
            return;
        }

        foreach (PoolMember lost in _state.Document.Members.Where(m => m.HasSubstitute is null && m.IsSpare is null && IsLost(m, missingCount)).ToList())
        {
            PoolDisk? spare = _state.Disks.All.FirstOrDefault(d => d is { IsSpare: true, State: DiskState.Online });
            if (spare is null || _state.Document.Find(spare.Identity) is not { } member)
            {
                return;
            }

            PoolDocument before = _state.Document;
            _state.Document = before.With(member with { IsSpare = null }).With(lost with { HasSubstitute = true });
            if (!SaveDocument())
            {
                _state.Document = before with { Sequence = _state.Document.Sequence };
                return;
            }

            SetSpares();
            spare.Sleep.Wake(spare, _state.Clock);
        }
    }

    /// <summary>What the document says, for those who choose disks.</summary>
    private void SetSpares()
    {
        foreach (PoolDisk disk in _state.Disks.All)
        {
            disk.IsSpare = _state.Document.Find(disk.Identity)?.IsSpare == true;
        }
    }

    private bool IsLost(PoolMember member, bool missingCount) =>
        member.State == DiskState.Failed || (missingCount && member.State is DiskState.Online or DiskState.Draining && _state.Disks.Find(member.Number) is null);

    private void SaveMember(PoolMember member)
    {
        PoolDocument before = _state.Document;
        _state.Document = before.With(member);
        if (!SaveDocument())
        {
            _state.Document = before with { Sequence = _state.Document.Sequence };
            throw new StoreException("No disk of the pool takes writes now: nothing was changed for good.");
        }
    }
}
