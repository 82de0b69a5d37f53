// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Sealed chunks that a rebuild of the index has come across and whose tails are still to be read, the one written longest ago first.</summary>
/// <remarks>Belongs to the pool's thread.</remarks>
internal sealed class FoundChunks
{
    private readonly SortedDictionary<ulong, (ulong Generation, List<(PoolDisk Disk, int Zone)> Columns)> _found = [];
    private readonly HashSet<ulong> _freed = [];

    /// <summary>A look at a zone found a column.</summary>
    public void Add(ulong commitNumber, ulong generation, PoolDisk disk, int zone)
    {
        if (_freed.Contains(generation))
        {
            disk.Ledger.FreeFound(zone, generation);
            return;
        }

        if (!_found.TryGetValue(commitNumber, out (ulong, List<(PoolDisk Disk, int Zone)> Columns) known))
        {
            known = (generation, []);
            _found.Add(commitNumber, known);
        }

        known.Columns.Add((disk, zone));
    }

    /// <summary>The tail of a found chunk is here. <c>false</c>: the chunk was freed meanwhile.</summary>
    public bool Take(ulong commitNumber) => _found.Remove(commitNumber);

    /// <summary>Lowest commit number of all; <c>null</c> when there is none.</summary>
    public ulong? Oldest => _found.Count > 0 ? _found.First().Key : null;

    /// <summary>The oldest has a column on one of these disks.</summary>
    public bool OldestLiesOn(Func<PoolDisk, bool> disks) => _found.Count > 0 && _found.First().Value.Columns.Exists(c => disks(c.Disk));

    /// <summary>Generations that <see cref="FreeOldest"/> took.</summary>
    public IReadOnlyCollection<ulong> Freed => _freed;

    /// <summary>Frees a chunk that the index does not know yet, so that nobody reads from it.</summary>
    public void FreeOldest()
    {
        (ulong commitNumber, (ulong generation, List<(PoolDisk Disk, int Zone)> columns)) = _found.First();
        _found.Remove(commitNumber);
        _freed.Add(generation);
        foreach ((PoolDisk disk, int zone) in columns)
        {
            disk.Ledger.FreeFound(zone, generation);
        }
    }
}
