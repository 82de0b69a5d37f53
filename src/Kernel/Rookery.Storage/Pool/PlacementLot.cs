// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Chooses the disks of a chunk: by lot, each disk with a chance that grows with its free zones. So disks of any size fill up together, every set of disks comes up, and what one disk
/// held is rebuilt from all the others; and parity falls on every disk alike, because the order is drawn too.
/// </summary>
internal static class PlacementLot
{
    /// <summary>What the lot looks at in a disk.</summary>
    public readonly record struct Candidate(int Number, int FreeZones);

    /// <summary>Draws disks without putting them back; the same chunk and disks always draw the same.</summary>
    /// <param name="candidates">Disks with at least one free zone.</param>
    /// <param name="count">How many; at most all.</param>
    /// <param name="generation">Decides the lot.</param>
    /// <returns>Indices in <paramref name="candidates"/>, one for each column.</returns>
    public static int[] Choose(IReadOnlyList<Candidate> candidates, int count, ulong generation)
    {
        // With u even in (0, 1), the smallest values of -ln(u) / weight are a draw by weight (Efraimidis and Spirakis).
        (double Key, int Index)[] keys = [.. candidates.Select((c, i) => (-Math.Log(Even(generation, c.Number)) / Math.Max(1, c.FreeZones), i))];
        Array.Sort(keys);
        return [.. keys.Take(count).Select(k => k.Index)];
    }

    private static double Even(ulong generation, int number)
    {
        // SplitMix64: every bit of generation and number moves every bit of the result.
        ulong z = (generation * 0x9E3779B97F4A7C15) ^ ((ulong)(number + 1) * 0xD1B54A32D192ED03);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return ((z >> 11) + 0.5) / (1UL << 53);
    }
}
