// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Sealed chunks that a rebuild of the index has come across and whose tails are still to be read, the one written longest ago first.</summary>
/// <remarks>Belongs to the pool's thread. Commit numbers of openings that did not see each other may be the same, so the generation stands beside them.</remarks>
internal sealed class FoundChunks
{
    private readonly SortedDictionary<(ulong Commit, ulong Generation), (WallRange Wall, List<(PoolDisk Disk, int Zone)> Columns)> _found = [];
    private readonly HashSet<ulong> _freed = [];

    /// <summary>A look at a zone found a column.</summary>
    public void Add(ulong commitNumber, ulong generation, WallRange wall, PoolDisk disk, int zone)
    {
        if (_freed.Contains(generation))
        {
            disk.Ledger.FreeFound(zone, generation);
            return;
        }

        if (!_found.TryGetValue((commitNumber, generation), out (WallRange, List<(PoolDisk Disk, int Zone)> Columns) known))
        {
            known = (wall, []);
            _found.Add((commitNumber, generation), known);
        }

        known.Columns.Add((disk, zone));
    }

    /// <summary>The tail of a found chunk is here. <c>false</c>: the chunk was freed meanwhile.</summary>
    public bool Take(ulong commitNumber, ulong generation) => _found.Remove((commitNumber, generation));

    /// <summary>The one written longest ago of those that may go and have a column on certain disks; <c>null</c> when there is none.</summary>
    /// <param name="disks">The disks.</param>
    /// <param name="mayGo">Whether footage of a time may go.</param>
    public (ulong Commit, ulong Generation)? FindOldest(Func<PoolDisk, bool> disks, Func<WallRange, bool> mayGo)
    {
        foreach (((ulong, ulong) chunk, (WallRange wall, List<(PoolDisk Disk, int Zone)> columns)) in _found)
        {
            if (mayGo(wall) && columns.Exists(c => disks(c.Disk)))
            {
                return chunk;
            }
        }

        return null;
    }

    /// <summary>Generations that <see cref="Free"/> took.</summary>
    public IReadOnlyCollection<ulong> Freed => _freed;

    /// <summary>Frees a chunk that the index does not know yet, so that nobody reads from it.</summary>
    public void Free((ulong Commit, ulong Generation) chunk)
    {
        (_, List<(PoolDisk Disk, int Zone)> columns) = _found[chunk];
        _found.Remove(chunk);
        _freed.Add(chunk.Generation);
        foreach ((PoolDisk disk, int zone) in columns)
        {
            disk.Ledger.FreeFound(zone, chunk.Generation);
        }
    }
}
