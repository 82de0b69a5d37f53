// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The disks of a pool that are here. Changed by the pool's thread; any thread may ask.</summary>
internal sealed class DiskSet(IEnumerable<PoolDisk> disks)
{
    private volatile PoolDisk[] _disks = [.. disks.OrderBy(d => d.Number)];

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

    public void Add(PoolDisk disk) => _disks = [.. _disks.Append(disk).OrderBy(d => d.Number)];

    public void Remove(PoolDisk disk) => _disks = [.. _disks.Where(d => !ReferenceEquals(d, disk))];

    /// <summary>What people call the disks, all together.</summary>
    public string Names => string.Join(", ", _disks.Select(d => d.Name));
}
