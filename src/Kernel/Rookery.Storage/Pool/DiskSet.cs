// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The disks of a pool that are here. Changed by the pool's thread; any thread may ask.</summary>
internal sealed class DiskSet
{
    private volatile PoolDisk[] _disks;

    /// <param name="disks">The disks.</param>
    /// <param name="clock">Time.</param>
    /// <param name="longestJob">See <see cref="StoreOptions.LongestDiskJob"/>.</param>
    public DiskSet(IEnumerable<PoolDisk> disks, TimeProvider clock, TimeSpan longestJob)
    {
        _disks = [.. disks.OrderBy(d => d.Number)];
        Patience = new DiskPatience(this, clock, longestJob);
        foreach (PoolDisk disk in _disks)
        {
            disk.Join(Patience);
        }
    }

    /// <summary>How long their jobs are waited for.</summary>
    public DiskPatience Patience { get; }

    public IReadOnlyList<PoolDisk> All => _disks;

    public PoolDisk? Find(int number)
    {
        foreach (PoolDisk disk in _disks)
        {
            if (disk.Number == number)
            {
                return disk;
            }
        }

        return null;
    }

    public void Add(PoolDisk disk)
    {
        disk.Join(Patience);
        _disks = [.. _disks.Append(disk).OrderBy(d => d.Number)];
    }

    public void Remove(PoolDisk disk) => _disks = [.. _disks.Where(d => !ReferenceEquals(d, disk))];

    /// <summary>What people call the disks, all together.</summary>
    public string Names => string.Join(", ", _disks.Select(d => d.Name));
}
