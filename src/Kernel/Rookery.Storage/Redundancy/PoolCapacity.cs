// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>How many chunks still fit when each wants zones on so many different disks.</summary>
/// <param name="Chunks">n chunks fit exactly if Σ min(free, n) ≥ columns·n: no disk can serve a chunk twice, and beyond that no arrangement is impossible.</param>
/// <param name="SpareZones">Σ min(free, n) − columns·n.</param>
internal readonly record struct PoolCapacity(long Chunks, long SpareZones)
{
    /// <param name="freeZones">Of each disk, not negative.</param>
    /// <param name="columns">Zones of a chunk, at least one.</param>
    public static PoolCapacity Of(ReadOnlySpan<long> freeZones, int columns)
    {
        long fits = 0, total = 0;
        foreach (long free in freeZones)
        {
            total += free;
        }

        // What fits is a prefix of the numbers: each chunk less leaves at least its zones.
        long beyond = (total / columns) + 1;
        while (beyond - fits > 1)
        {
            long middle = fits + ((beyond - fits) / 2);
            (fits, beyond) = Usable(freeZones, middle) >= columns * middle ? (middle, beyond) : (fits, middle);
        }

        return new(fits, Usable(freeZones, fits) - (columns * fits));
    }

    private static long Usable(ReadOnlySpan<long> freeZones, long chunks)
    {
        long usable = 0;
        foreach (long free in freeZones)
        {
            usable += Math.Min(free, chunks);
        }

        return usable;
    }
}
