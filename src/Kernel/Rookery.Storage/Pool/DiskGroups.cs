// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Decides which disks form a group, and when it is another group's turn to be recorded on. Pure. Design: docs/design/pool.md, "Idle disks".</summary>
internal static class DiskGroups
{
    /// <summary>What is to be known of a group.</summary>
    /// <param name="Online">Its disks that work.</param>
    /// <param name="Ready">Of these, those with more free zones than are kept ahead of need.</param>
    /// <param name="Oldest">Number of the commit that wrote its oldest chunk last; <c>null</c> when it has none.</param>
    public readonly record struct Facts(int Online, int Ready, ulong? Oldest);

    /// <summary>Disks in the order of their numbers, as equal groups as can be, each of at least so many.</summary>
    /// <param name="numbers">Numbers of the disks, in any order.</param>
    /// <param name="activeDisks">How many disks are active at a time, at least.</param>
    public static List<int[]> Of(IEnumerable<int> numbers, int activeDisks)
    {
        int[] sorted = [.. numbers.Order()];
        int count = Math.Max(1, sorted.Length / activeDisks);
        return [.. Enumerable.Range(0, count).Select(g => sorted[(g * sorted.Length / count)..((g + 1) * sorted.Length / count)])];
    }

    /// <summary>
    /// The group whose turn it is next: the next one with room; when none has room, the one that holds what was written longest ago, because that is what goes for the new. So a full pool goes around, and a group is
    /// active for as long as it takes to write it over.
    /// </summary>
    /// <param name="groups">The groups.</param>
    /// <param name="active">Which is active now.</param>
    /// <param name="widest">Disks that the widest layout takes.</param>
    /// <param name="isTime">It has been active for as long as it is to be.</param>
    /// <returns><c>null</c>: it goes on.</returns>
    public static int? Next(IReadOnlyList<Facts> groups, int active, int widest, bool isTime)
    {
        if (!isTime && groups[active].Ready >= widest)
        {
            return null;
        }

        for (int i = 1; i < groups.Count; i++)
        {
            int next = (active + i) % groups.Count;
            if (groups[next].Ready >= widest)
            {
                return next;
            }
        }

        if (groups[active].Ready >= widest)
        {
            return null;
        }

        int oldest = active;
        for (int i = 0; i < groups.Count; i++)
        {
            oldest = groups[i].Online >= widest && groups[i].Oldest < (groups[oldest].Oldest ?? ulong.MaxValue) ? i : oldest;
        }

        return oldest == active ? null : oldest;
    }
}
