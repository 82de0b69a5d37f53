// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Decides which head of its class a new run is put on. Pure: facts in, a number out. As few heads as the channels need, because each has a chunk open on several disks and its own write in each
/// commit; among those in use, the one with the least to write. Design: docs/design/storage.md, "Write heads".
/// </summary>
internal static class HeadChoice
{
    /// <summary>A head goes out of use when one less would be filled to this part: channels that come and go at the limit must not open and close one each time.</summary>
    private const double FilledBeforeAnother = 0.8;

    /// <summary>A stream stays with its head up to so many times the load of the least loaded: each change of head costs the index a run, 64 bytes.</summary>
    private const double ToleratedLoad = 1.25;

    /// <summary>A head of the class.</summary>
    /// <param name="Number">Its number.</param>
    /// <param name="Channels">Channels with runs on it.</param>
    /// <param name="BytesPerSecond">What they sent lately, with a guess for those that began just now.</param>
    /// <param name="MeasuredBytesPerSecond">The same without guesses: after a start all streams come back, and in what order means nothing.</param>
    public readonly record struct Facts(byte Number, int Channels, double BytesPerSecond, double MeasuredBytesPerSecond);

    /// <param name="heads">The heads of the class, lowest number first; may be none.</param>
    /// <param name="latest">The head that the stream was written by before, if it was of this class.</param>
    /// <param name="mostChannels">Channels that share a head at most, as long as there may be another.</param>
    /// <param name="mayOpen">There may be one more head.</param>
    /// <returns>The number of a head, perhaps of one that does not exist yet.</returns>
    public static byte Choose(IReadOnlyList<Facts> heads, byte? latest, int mostChannels, bool mayOpen)
    {
        if (heads.Count == 0)
        {
            return 0;
        }

        int inUse = CountInUse(heads, mostChannels);
        for (int count = inUse; count <= heads.Count; count++)
        {
            if (LeastLoaded(heads, count, mostChannels) is { } least)
            {
                foreach (Facts head in heads.Take(count))
                {
                    if (head.Number == latest && head.Channels < mostChannels && head.MeasuredBytesPerSecond <= least.MeasuredBytesPerSecond * ToleratedLoad)
                    {
                        return head.Number;
                    }
                }

                return least.Number;
            }
        }

        return mayOpen && FirstUnused(heads) is { } another ? another : LeastLoaded(heads, heads.Count, int.MaxValue)!.Value.Number;
    }

    private static int CountInUse(IReadOnlyList<Facts> heads, int mostChannels)
    {
        int channels = heads.Sum(static h => h.Channels) + 1;
        int count = heads.Count;
        while (count > 1 && channels <= (count - 1) * mostChannels * FilledBeforeAnother)
        {
            count--;
        }

        return count;
    }

    private static Facts? LeastLoaded(IReadOnlyList<Facts> heads, int count, int mostChannels)
    {
        Facts? least = null;
        foreach (Facts head in heads.Take(count))
        {
            bool isLess = least is not { } l || (head.BytesPerSecond, head.Channels).CompareTo((l.BytesPerSecond, l.Channels)) < 0;
            least = head.Channels < mostChannels && isLess ? head : least;
        }

        return least;
    }

    private static byte? FirstUnused(IReadOnlyList<Facts> heads)
    {
        for (int number = 0; number <= byte.MaxValue; number++)
        {
            if (heads.All(h => h.Number != number))
            {
                return (byte)number;
            }
        }

        return null;
    }
}
