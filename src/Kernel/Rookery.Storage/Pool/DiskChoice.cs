// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Decides which of the disks that work new chunks may be put on. Pure. Nothing is ever avoided at the cost of protection or width.</summary>
internal static class DiskChoice
{
    /// <param name="IsSpare">Waits for another disk to fail.</param>
    /// <param name="IsIdle">Belongs to a group whose turn it is not, or sleeps.</param>
    /// <param name="IsSlow">Is far slower than the others.</param>
    public readonly record struct Facts(bool IsSpare, bool IsIdle, bool IsSlow);

    /// <param name="disks">Disks that work, by number.</param>
    /// <param name="factsOf">What is to be known of one.</param>
    /// <param name="widest">Disks that the widest layout in use takes.</param>
    /// <returns>Those to be used, in the same order. Empty only when there are none.</returns>
    public static List<T> Of<T>(IReadOnlyList<T> disks, Func<T, Facts> factsOf, int widest)
    {
        List<T> members = [.. disks.Where(d => !factsOf(d).IsSpare)];
        if (members.Count == 0)
        {
            return [.. disks];
        }

        List<T> active = members.FindAll(d => !factsOf(d).IsIdle);
        active = active.Count >= Math.Min(widest, members.Count) ? active : members;
        int missing = Math.Min(widest, active.Count) - active.Count(d => !factsOf(d).IsSlow);
        // As many slow ones as are needed, always the same: the others need not be tried by every chunk.
        return active.FindAll(d => !factsOf(d).IsSlow || missing-- > 0);
    }
}
