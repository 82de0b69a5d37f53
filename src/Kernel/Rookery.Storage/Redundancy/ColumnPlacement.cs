// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Chooses the disks of a chunk's columns. All different; those with the most free zones, so that all fill alike and as many chunks fit as can; among equals those that
/// share the fewest chunks with each other, so that what a failed disk held is spread over all others (declustered). Design: docs/design/redundancy.md.
/// </summary>
/// <remarks>
/// Decides only; the caller takes the zones and tells <see cref="PairCounts"/>. The same arguments give the same disks. Time is proportional to disks × columns.
/// </remarks>
internal static class ColumnPlacement
{
    /// <param name="disks">All disks of the pool, in any order.</param>
    /// <param name="pairs">What shares chunks so far.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="kept">Disks that hold columns of the chunk already, for a rebuild; empty for a new chunk. None of them is chosen.</param>
    /// <param name="chosen">Gets the disks' numbers, column by column; its length is <see cref="PlacementRequest.Columns"/>.</param>
    /// <param name="usableDisks">How many disks could take a column, for the message if they are too few.</param>
    /// <returns>False if fewer disks than columns are usable: nothing is placed with fewer columns than it should have.</returns>
    public static bool TryChoose(
        ReadOnlySpan<PlacementDisk> disks, PairCounts pairs, in PlacementRequest request, ReadOnlySpan<int> kept, Span<int> chosen, out int usableDisks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(chosen.Length, request.Columns);
        Candidate[] candidates = Usable(disks, pairs, request, kept);
        usableDisks = candidates.Length;
        if (usableDisks < request.Columns)
        {
            return false;
        }

        Array.Sort(candidates, static (a, b) => a.FreeZones != b.FreeZones ? b.FreeZones.CompareTo(a.FreeZones) : a.Draw.CompareTo(b.Draw));
        Choose(candidates, pairs, chosen);
        Deal(chosen, request.Sequence);
        return true;
    }

    private static Candidate[] Usable(ReadOnlySpan<PlacementDisk> disks, PairCounts pairs, in PlacementRequest request, ReadOnlySpan<int> kept)
    {
        List<Candidate> usable = new(disks.Length);
        foreach (PlacementDisk disk in disks)
        {
            if (!disk.TakesChunks || disk.FreeZones < 1 || disk.ZoneBytes != request.ZoneBytes || disk.Group != (request.Group ?? disk.Group) || kept.Contains(disk.Number))
            {
                continue;
            }

            long shared = 0;
            foreach (int other in kept)
            {
                shared += pairs[disk.Number, other];
            }

            usable.Add(new(disk.Number, disk.FreeZones, shared, Mix(request.Sequence ^ Mix((ulong)disk.Number + 1))));
        }

        return [.. usable];
    }

    /// <param name="candidates">Most free zones first.</param>
    /// <param name="pairs">What shares chunks so far.</param>
    /// <param name="chosen">Gets the numbers.</param>
    private static void Choose(Span<Candidate> candidates, PairCounts pairs, Span<int> chosen)
    {
        // More free zones than the last that fits into the chunk: sure to be in it. As many: one of those to choose from. Fewer: out.
        long level = candidates[chosen.Length - 1].FreeZones;
        for (int column = 0; column < chosen.Length; column++)
        {
            int best = column;
            for (int i = column; candidates[column].FreeZones == level && i < candidates.Length && candidates[i].FreeZones == level; i++)
            {
                best = candidates[i].IsBetterThan(candidates[best]) ? i : best;
            }

            (candidates[column], candidates[best]) = (candidates[best], candidates[column]);
            chosen[column] = candidates[column].Number;
            for (int i = column + 1; i < candidates.Length; i++)
            {
                candidates[i].Shared += pairs[candidates[i].Number, chosen[column]];
            }
        }
    }

    /// <summary>Any disk gets any column equally often: players read data columns only.</summary>
    private static void Deal(Span<int> chosen, ulong sequence)
    {
        chosen.Sort();
        ulong state = Mix(sequence);
        for (int i = chosen.Length - 1; i > 0; i--)
        {
            state = Mix(state);
            int other = (int)(state % (ulong)(i + 1));
            (chosen[i], chosen[other]) = (chosen[other], chosen[i]);
        }
    }

    /// <summary>The finalizer of SplitMix64: numbers in a row come out as if drawn.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }

    /// <param name="Number">The disk.</param>
    /// <param name="FreeZones">Its free zones.</param>
    /// <param name="Shared">Chunks that it shares with the disks chosen so far, summed. Taking the least each time adds least to the sum of the squares of all counts.</param>
    /// <param name="Draw">Decides between equals.</param>
    private record struct Candidate(int Number, long FreeZones, long Shared, ulong Draw)
    {
        public readonly bool IsBetterThan(in Candidate other) => Shared != other.Shared ? Shared < other.Shared : Draw < other.Draw;
    }
}
