// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Sealed chunks that a rebuild of the index has come across and whose tails are still to be read, the one written longest ago first.</summary>
/// <remarks>Belongs to the pool's thread.</remarks>
internal sealed class FoundChunks
{
    private readonly SortedDictionary<ulong, (ulong Generation, WallRange Wall, List<(PoolDisk Disk, int Zone)> Columns)> _found = [];
    private readonly HashSet<ulong> _freed = [];

    /// <summary>A look at a zone found a column.</summary>
    public void Add(ulong commitNumber, ulong generation, WallRange wall, PoolDisk disk, int zone)
    {
        if (_freed.Contains(generation))
        {
            disk.Ledger.FreeFound(zone, generation);
            return;
        }

        if (!_found.TryGetValue(commitNumber, out (ulong, WallRange, List<(PoolDisk Disk, int Zone)> Columns) known))
        {
            known = (generation, wall, []);
            _found.Add(commitNumber, known);
        }

        known.Columns.Add((disk, zone));
    }

    /// <summary>The tail of a found chunk is here. <c>false</c>: the chunk was freed meanwhile.</summary>
    public bool Take(ulong commitNumber) => _found.Remove(commitNumber);

    /// <summary>The lowest commit number of those that may go and have a column on certain disks; <c>null</c> when there is none.</summary>
    /// <param name="disks">The disks.</param>
    /// <param name="mayGo">Whether footage of a time may go.</param>
    public ulong? FindOldest(Func<PoolDisk, bool> disks, Func<WallRange, bool> mayGo)
    {
        foreach ((ulong commitNumber, (_, WallRange wall, List<(PoolDisk Disk, int Zone)> columns)) in _found)
        {
            if (mayGo(wall) && columns.Exists(c => disks(c.Disk)))
            {
                return commitNumber;
            }
        }

        return null;
    }

    /// <summary>Generations that <see cref="Free"/> took.</summary>
    public IReadOnlyCollection<ulong> Freed => _freed;

    /// <summary>Frees a chunk that the index does not know yet, so that nobody reads from it.</summary>
    public void Free(ulong commitNumber)
    {
        (ulong generation, _, List<(PoolDisk Disk, int Zone)> columns) = _found[commitNumber];
        _found.Remove(commitNumber);
        _freed.Add(generation);
        foreach ((PoolDisk disk, int zone) in columns)
        {
            disk.Ledger.FreeFound(zone, generation);
        }
    }
}
