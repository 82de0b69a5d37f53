// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// The disks of a pool that is killed, and what an operator does to them next, drawn from the seed. As many disks as the layout has parity are <em>unlucky</em>: these, and no others, are away at times. So nothing
/// that was acknowledged may ever be missing, whatever else happens.
/// </summary>
internal sealed class KillDisks
{
    private const int MostHolds = 3;
    private readonly KillCase _case;
    private readonly Queue<string> _unused;
    private readonly HashSet<string> _unlucky;
    private readonly HashSet<string> _away = [];
    private Dictionary<string, DiskState> _members = [];
    private IReadOnlyList<string> _holds = [];

    /// <summary>A disk that was being added when the process was killed: nobody knows whether it belongs to the pool.</summary>
    private string? _adding;

    /// <param name="pool">The pool.</param>
    /// <param name="paths">Places for all disks that it may ever have.</param>
    public KillDisks(KillCase pool, IEnumerable<string> paths)
    {
        _case = pool;
        _unused = new Queue<string>(paths);
        for (int i = 0; i < pool.Disks; i++)
        {
            _members.Add(_unused.Dequeue(), DiskState.Online);
        }

        _unlucky = [.. _members.Keys.Take(pool.Layout.ParityColumns)];
    }

    /// <summary>Disks that are given to the next start.</summary>
    public IReadOnlyList<string> Here => [.. _members.Keys.Where(path => !_away.Contains(path)), .. _adding is null ? Array.Empty<string>() : [_adding]];

    public IReadOnlyCollection<string> Away => _away;

    /// <summary>Retention is not bound to the order of all disks any more: chunks do not lie on all of them, or holds are in its way.</summary>
    public bool WasDisturbed { get; private set; }

    /// <summary>Disks are pulled, and put back.</summary>
    public void Move(Random random)
    {
        foreach (string disk in _unlucky.Where(_members.ContainsKey))
        {
            if (_away.Contains(disk) ? random.Next(2) == 0 : random.Next(4) == 0)
            {
                WasDisturbed = true;
                if (!_away.Remove(disk))
                {
                    _away.Add(disk);
                }
            }
        }
    }

    public void BringAllBack() => _away.Clear();

    /// <summary>What is done during the next start.</summary>
    public IReadOnlyList<string> DrawTasks(Random random)
    {
        List<string> tasks = [];
        if (random.Next(4) == 0 && _holds.Count < MostHolds)
        {
            tasks.Add("hold");
        }
        else if (random.Next(4) == 0 && _holds.Count > 0)
        {
            tasks.Add($"release:{_holds[0]}");
        }

        string? leaving = _members.FirstOrDefault(member => member.Value == DiskState.Draining).Key;
        switch (random.Next(6))
        {
            case 0 when _members.Count < _case.MostDisks && _adding is null && _unused.TryDequeue(out _adding):
                tasks.Add($"add:{_adding}");
                break;
            case 1 when leaving is null && ToDrain(random) is { } disk:
                tasks.Add($"drain:{disk}");
                break;
            case 2 or 3 when leaving is not null:
                tasks.Add($"remove:{leaving}");
                break;
            case 4 when leaving is not null && !_away.Contains(leaving):
                tasks.Add($"use:{leaving}");
                break;
            case 5 when _away.Count > 0:
                tasks.Add("give-up");
                break;
        }

        WasDisturbed |= tasks.Count > 0;
        return tasks;
    }

    /// <summary>What the pool says of itself after a start.</summary>
    public void Learn(StoreStatus status, IEnumerable<Hold> holds)
    {
        Dictionary<string, DiskState> members = status.Disks.ToDictionary(disk => disk.Name, disk => disk.State);
        if (_adding is not null)
        {
            // Not a member: its formatting was cut short before the pool was told. It is blank, and may be added again.
            if (!members.ContainsKey(_adding))
            {
                _unused.Enqueue(_adding);
            }

            _adding = null;
        }

        _members = members;
        _away.IntersectWith(members.Keys);
        _holds = [.. holds.Select(hold => hold.Id)];
    }

    /// <summary>A disk that the others can do without while all unlucky ones are away: or else recording would go to fewer disks than bear the loss.</summary>
    private string? ToDrain(Random random)
    {
        string[] disks = [.. _members.Where(member => member.Value == DiskState.Online && !_away.Contains(member.Key)).Select(member => member.Key)];
        return _members.Count > _case.Layout.Columns + _case.Layout.ParityColumns && disks.Length > 0 ? disks[random.Next(disks.Length)] : null;
    }
}
