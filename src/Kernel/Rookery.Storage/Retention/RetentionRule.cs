// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Decides which chunks go. Pure: facts and the time in, victims out.</summary>
internal static class RetentionRule
{
    /// <summary>What the rule looks at in a sealed chunk.</summary>
    /// <param name="Class">Its retention class.</param>
    /// <param name="CommitNumber">Of its last frame: the order in which chunks were written last, which no clock can upset.</param>
    /// <param name="NewestFootage">The latest capture time in it.</param>
    /// <param name="LastCommit">The recorder's clock at its last commit.</param>
    /// <param name="Zones">Zones it takes, on all of its disks together.</param>
    public readonly record struct Facts(byte Class, ulong CommitNumber, WallTime NewestFootage, WallTime LastCommit, int Zones = 1);

    /// <summary>Chunks whose class says that they are too old or too many, by index in <paramref name="chunks"/>.</summary>
    /// <param name="chunks">Sealed chunks, lowest commit number first.</param>
    /// <param name="classes">The classes with a limit.</param>
    /// <param name="zoneBytes">Size of a zone.</param>
    /// <param name="now">The present; <c>null</c> when no clock can be trusted: nothing is too old then.</param>
    public static List<int> Expired(IReadOnlyList<Facts> chunks, IReadOnlyList<RetentionClass> classes, long zoneBytes, WallTime? now)
    {
        var result = new List<int>();
        foreach (RetentionClass retentionClass in classes)
        {
            List<int> mine = [];
            for (int i = 0; i < chunks.Count; i++)
            {
                if (chunks[i].Class == retentionClass.Id.Value)
                {
                    mine.Add(i);
                }
            }

            int beyondQuota = retentionClass.MaximumBytes is { } quota ? BeyondQuota(chunks, mine, quota / zoneBytes) : 0;
            for (int i = 0; i < mine.Count; i++)
            {
                Facts chunk = chunks[mine[i]];
                bool isTooOld = retentionClass.MaximumAge is { } age && now is { } present
                    // Both clocks must agree: the footage's, and the recorder's when it wrote. A camera whose clock is years behind loses nothing by it.
                    && present - WallTime.Max(chunk.NewestFootage, chunk.LastCommit) > age;
                if (i < beyondQuota || isTooOld)
                {
                    result.Add(mine[i]);
                }
            }
        }

        result.Sort();
        return result;
    }

    /// <summary>How many of the oldest chunks of a class are too many.</summary>
    private static int BeyondQuota(IReadOnlyList<Facts> chunks, List<int> mine, long zones)
    {
        int kept = mine.Count;
        while (kept > 0 && (zones -= chunks[mine[kept - 1]].Zones) >= 0)
        {
            kept--;
        }

        return kept;
    }

    /// <summary>The chunk that goes when space is needed: the one written longest ago, of any class. <c>null</c>: nothing is sealed.</summary>
    public static int? Oldest(IReadOnlyList<Facts> chunks)
    {
        int? oldest = null;
        for (int i = 0; i < chunks.Count; i++)
        {
            if (oldest is not { } o || chunks[i].CommitNumber < chunks[o].CommitNumber)
            {
                oldest = i;
            }
        }

        return oldest;
    }
}
