// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// How many columns each disk is behind its share. A disk's share of a chunk of w columns is what makes all disks fill up at the same time: min(free, n) / n, where n chunks still fit
/// (<see cref="PoolCapacity"/>); the shares of all add up to w. Kept by the one who places chunks; a start begins with nothing due. Not safe for several threads.
/// </summary>
internal sealed class PlacementDues
{
    private readonly Dictionary<int, double> _due = [];

    public double this[int disk] => _due.GetValueOrDefault(disk);

    /// <summary>A chunk was placed.</summary>
    /// <param name="usable">The disks that could have been chosen, as they were.</param>
    /// <param name="chosen">The numbers of those that were.</param>
    public void Placed(ReadOnlySpan<PlacementDisk> usable, ReadOnlySpan<int> chosen)
    {
        long chunks = ChunksLeft(usable, chosen.Length);
        foreach (PlacementDisk disk in usable)
        {
            // A disk that was full, or away, does not save up for later.
            _due[disk.Number] = Math.Clamp(this[disk.Number] + Share(disk, chunks) - (chosen.Contains(disk.Number) ? 1 : 0), -1, 1);
        }
    }

    /// <summary>How much of a chunk is a disk's.</summary>
    public static double Share(in PlacementDisk disk, long chunksLeft) => Math.Min(disk.FreeZones, chunksLeft) / (double)chunksLeft;

    /// <summary>Chunks that still fit, at least one.</summary>
    public static long ChunksLeft(ReadOnlySpan<PlacementDisk> usable, int columns)
    {
        Span<long> free = usable.Length <= 64 ? stackalloc long[usable.Length] : new long[usable.Length];
        for (int i = 0; i < usable.Length; i++)
        {
            free[i] = usable[i].FreeZones;
        }

        return Math.Max(1, PoolCapacity.Of(free, columns).Chunks);
    }
}
