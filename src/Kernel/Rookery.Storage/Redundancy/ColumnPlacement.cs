// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>A disk as placement sees it.</summary>
/// <param name="Number">Its number in the pool.</param>
/// <param name="FreeZones">Its free zones, at least one.</param>
internal readonly record struct PlacementDisk(int Number, long FreeZones);

/// <summary>
/// Chooses the disks of a chunk's columns. All different; each in proportion to its free zones, so that disks of any size fill up together, none has to bear what all record, and as many chunks fit
/// as can; among those whose turn it is, the ones that share the fewest chunks with each other, so that what a failed disk held is spread over all others (declustered). Design:
/// docs/design/redundancy.md.
/// </summary>
/// <remarks>
/// Decides only; the caller takes the zones and tells <see cref="PairCounts"/> and <see cref="PlacementDues"/>. The same arguments give the same disks. Time is proportional to disks × columns.
/// </remarks>
internal static class ColumnPlacement
{
    /// <summary>Disks whose dues differ by less are as good as each other. On equal disks dues differ by whole columns; on others this leaves some to choose from.</summary>
    private const double Tolerance = 0.5;

    /// <param name="disks">The disks that can take a column, in any order; none of <paramref name="kept"/>.</param>
    /// <param name="pairs">What shares chunks so far.</param>
    /// <param name="dues">Whose turn it is.</param>
    /// <param name="sequence">The chunk's number, or anything else that differs from one to the next: it decides between equals, and which disk gets which column.</param>
    /// <param name="kept">Disks that hold columns of the chunk already, for a rebuild; empty for a new chunk.</param>
    /// <param name="chosen">Gets the disks' numbers, column by column.</param>
    /// <returns><c>false</c> if there are fewer disks than columns: nothing is placed with fewer columns than it should have.</returns>
    public static bool TryChoose(ReadOnlySpan<PlacementDisk> disks, PairCounts pairs, PlacementDues dues, ulong sequence, ReadOnlySpan<int> kept, Span<int> chosen)
    {
        ArgumentOutOfRangeException.ThrowIfZero(chosen.Length);
        if (disks.Length < chosen.Length)
        {
            return false;
        }

        long chunksLeft = PlacementDues.ChunksLeft(disks, chosen.Length);
        var candidates = new Candidate[disks.Length];
        int certain = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            PlacementDisk disk = disks[i];
            long shared = 0;
            foreach (int other in kept)
            {
                shared += pairs[disk.Number, other];
            }

            certain += disk.FreeZones >= chunksLeft ? 1 : 0;
            candidates[i] = new Candidate(
                disk.Number, disk.FreeZones >= chunksLeft, dues[disk.Number] + PlacementDues.Share(disk, chunksLeft), shared, Mix(sequence ^ Mix((ulong)disk.Number + 1)));
        }

        // More than fit: then any of them may be left out without loss.
        bool areCertain = certain <= chosen.Length;
        Array.Sort(candidates, (a, b) => areCertain && a.IsCertain != b.IsCertain ? b.IsCertain.CompareTo(a.IsCertain) : a.Due != b.Due ? b.Due.CompareTo(a.Due) : a.Draw.CompareTo(b.Draw));
        Choose(candidates, areCertain ? certain : 0, pairs, chosen);
        Deal(chosen, sequence);
        return true;
    }

    /// <param name="candidates">Those that are certain first, then those to which most is due.</param>
    /// <param name="certain">How many are certain.</param>
    /// <param name="pairs">What shares chunks so far.</param>
    /// <param name="chosen">Gets the numbers.</param>
    private static void Choose(Span<Candidate> candidates, int certain, PairCounts pairs, Span<int> chosen)
    {
        // Well above the last that fits into the chunk: in it. About as much: one of those to choose from. Less: out.
        double level = candidates[chosen.Length - 1].Due;
        int first = certain;
        while (first < chosen.Length && candidates[first].Due > level + Tolerance)
        {
            first++;
        }

        int end = chosen.Length;
        while (end < candidates.Length && candidates[end].Due >= level - Tolerance)
        {
            end++;
        }

        for (int column = 0; column < chosen.Length; column++)
        {
            int best = column;
            for (int i = column + 1; column >= first && i < end; i++)
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
    /// <param name="IsCertain">It has a zone for each chunk that is left: leaving it out would cost one of them.</param>
    /// <param name="Due">What is due to it, with its share of this chunk.</param>
    /// <param name="Shared">Chunks that it shares with the disks chosen so far, summed. Taking the least each time adds least to the sum of the squares of all counts.</param>
    /// <param name="Draw">Decides between equals.</param>
    private record struct Candidate(int Number, bool IsCertain, double Due, long Shared, ulong Draw)
    {
        public readonly bool IsBetterThan(in Candidate other) => Shared != other.Shared ? Shared < other.Shared : Draw < other.Draw;
    }
}
