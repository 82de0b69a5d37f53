// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Decides which column is rebuilt next. Pure: facts in, the next one out.</summary>
internal static class RebuildPlan
{
    /// <summary>Footage that expires so soon is not worth the reads: about what a zone takes next to recording on a busy disk, with reserve.</summary>
    public static readonly TimeSpan NotWorthIt = TimeSpan.FromHours(1);

    /// <summary>What the plan looks at in a sealed chunk.</summary>
    /// <param name="Layout">D+P.</param>
    /// <param name="Lost">Columns that cannot be read: bit i for column i.</param>
    /// <param name="Leaving">Columns that can be read, but not for long: on a disk that is drained, or with a part that is damaged.</param>
    /// <param name="CommitNumber">Of its last frame.</param>
    /// <param name="ExpiresIn">Until its class lets it go; <c>null</c> for never.</param>
    /// <param name="IsAsleep">Its disks would have to be woken.</param>
    public readonly record struct Facts(ChunkLayout Layout, ulong Lost, ulong Leaving, ulong CommitNumber, TimeSpan? ExpiresIn, bool IsAsleep = false);

    /// <summary>The most endangered first: what bears the fewest further losses; of these, what leaves a drained disk last, what lies on disks that are awake, so that one group is done before the next is woken, and the newest first, because it is kept longest.</summary>
    /// <returns>Index in <paramref name="chunks"/> and the column; <c>null</c> when nothing is to be done.</returns>
    public static (int Chunk, int Column)? Next(IReadOnlyList<Facts> chunks)
    {
        int? best = null;
        for (int i = 0; i < chunks.Count; i++)
        {
            if (IsWorthIt(chunks[i]) && (best is not { } b || Rank(chunks[i]).CompareTo(Rank(chunks[b])) < 0))
            {
                best = i;
            }
        }

        return best is { } chosen ? (chosen, System.Numerics.BitOperations.TrailingZeroCount(chunks[chosen].Lost != 0 ? chunks[chosen].Lost : chunks[chosen].Leaving)) : null;
    }

    private static bool IsWorthIt(in Facts chunk)
    {
        int lost = System.Numerics.BitOperations.PopCount(chunk.Lost);
        return (chunk.Lost | chunk.Leaving) != 0 && lost <= chunk.Layout.ParityColumns && !(chunk.ExpiresIn < NotWorthIt);
    }

    private static (int Spare, int IsOnlyLeaving, int IsAsleep, ulong Age) Rank(in Facts chunk) =>
        (chunk.Layout.ParityColumns - System.Numerics.BitOperations.PopCount(chunk.Lost), chunk.Lost == 0 ? 1 : 0, chunk.IsAsleep ? 1 : 0, ulong.MaxValue - chunk.CommitNumber);
}
