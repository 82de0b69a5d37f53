// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// For each two disks, how many live chunks have a column on both: when one of them fails, so many columns are read from the other. Kept by the one who frees and
/// places chunks, and counted anew from the chunks at a start. Not safe for several threads.
/// </summary>
internal sealed class PairCounts
{
    /// <summary>Disks with numbers from here on are not counted: only a pool that has had so many, one after another, gives such numbers. The counts take 2 MB at most, and far less with the numbers that pools have.</summary>
    public const int MaximumDisks = 1024;

    // Row b holds the counts of b with 0 … b − 1, so a higher number only adds to the end.
    private int[] _counts = [];

    public int this[int a, int b]
    {
        get
        {
            return IsCounted(a) && IsCounted(b) && Index(a, b) is var index && index < _counts.Length ? _counts[index] : 0;
        }
    }

    /// <summary>A chunk with columns on these disks came to be.</summary>
    public void Add(ReadOnlySpan<int> disks) => Change(disks, 1);

    /// <summary>A chunk with columns on these disks was freed, or is about to be added with other disks.</summary>
    public void Remove(ReadOnlySpan<int> disks) => Change(disks, -1);

    private void Change(ReadOnlySpan<int> disks, int by)
    {
        for (int i = 1; i < disks.Length; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (!IsCounted(disks[i]) || !IsCounted(disks[k]) || disks[i] == disks[k])
                {
                    continue;
                }

                int index = Index(disks[i], disks[k]);
                if (index >= _counts.Length)
                {
                    int rows = Math.Max(disks[i], disks[k]) + 1;
                    Array.Resize(ref _counts, rows * (rows - 1) / 2);
                }

                _counts[index] += by;
            }
        }
    }

    private static int Index(int a, int b)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(a, b);
        (int low, int high) = a < b ? (a, b) : (b, a);
        return (high * (high - 1) / 2) + low;
    }

    /// <summary>A column that is nowhere has the number −1.</summary>
    private static bool IsCounted(int disk) => (uint)disk < MaximumDisks;
}
