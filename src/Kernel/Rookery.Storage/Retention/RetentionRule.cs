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

    /// <summary>Chunks whose class says that they are too old or too many, and copies of what was held, by index in <paramref name="chunks"/>.</summary>
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
                if (i < beyondQuota || IsTooOld(chunks[mine[i]], retentionClass, now))
                {
                    result.Add(mine[i]);
                }
            }
        }

        for (int i = 0; i < chunks.Count; i++)
        {
            if (chunks[i].Class == RetentionClassId.Held.Value)
            {
                // Their own time was over when they were copied.
                result.Add(i);
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

    /// <summary>A chunk that may go when space is needed.</summary>
    /// <param name="Index">Its index.</param>
    /// <param name="BreaksMinimum">Its class wants it kept: it goes only because nothing else is left, and somebody must be told.</param>
    public readonly record struct Candidate(int Index, bool BreaksMinimum);

    /// <summary>
    /// All chunks in the order in which they go when space is needed: what has expired; then what is past the minimum of its class, by priority of the class, then what was written longest ago;
    /// last what its class wants kept, in the same order. Recording goes on at the price of the last group: an empty disk keeps no minimum either. What is held is not the rule's concern:
    /// it is passed over, whatever its place here.
    /// </summary>
    /// <param name="chunks">Sealed chunks, lowest commit number first.</param>
    /// <param name="classes">The classes that are defined; others have no limits.</param>
    /// <param name="zoneBytes">Size of a zone.</param>
    /// <param name="now">The present; <c>null</c> when no clock can be trusted: then a class with a minimum counts as within it, so that others go first.</param>
    public static List<Candidate> ForSpace(IReadOnlyList<Facts> chunks, IReadOnlyList<RetentionClass> classes, long zoneBytes, WallTime? now)
    {
        var known = classes.ToDictionary(c => c.Id.Value);
        HashSet<int> expired = [.. Expired(chunks, classes, zoneBytes, now)];
        Place PlaceOf(int index) => RetentionRule.PlaceOf(chunks[index], expired.Contains(index), known.GetValueOrDefault(chunks[index].Class), now);
        return [.. Enumerable.Range(0, chunks.Count).Select(i => (Index: i, Place: PlaceOf(i))).OrderBy(static c => c.Place).Select(c => new Candidate(c.Index, c.Place.IsWithinMinimum && now is not null))];
    }

    /// <summary>Where a chunk comes in the order of <see cref="ForSpace"/>: the lowest goes first.</summary>
    /// <param name="Group">What has expired, what may go, what its class wants kept.</param>
    /// <param name="Priority">Of its class; what has expired has none.</param>
    /// <param name="CommitNumber">Of its last frame.</param>
    public readonly record struct Place(int Group, int Priority, ulong CommitNumber) : IComparable<Place>
    {
        public bool IsWithinMinimum => Group == 2;

        public int CompareTo(Place other) =>
            Group != other.Group ? Group.CompareTo(other.Group) : Priority != other.Priority ? Priority.CompareTo(other.Priority) : CommitNumber.CompareTo(other.CommitNumber);
    }

    /// <summary>The place of a chunk, where no class has a quota: then it follows from the chunk alone, and the first of all is found in one pass.</summary>
    /// <param name="chunk">A sealed chunk.</param>
    /// <param name="its">Its class; <c>null</c> when that is not defined.</param>
    /// <param name="now">The present; <c>null</c> when no clock can be trusted.</param>
    public static Place PlaceOf(in Facts chunk, RetentionClass? its, WallTime? now) =>
        PlaceOf(chunk, chunk.Class == RetentionClassId.Held.Value || IsTooOld(chunk, its, now), its, now);

    private static Place PlaceOf(in Facts chunk, bool isExpired, RetentionClass? its, WallTime? now) => isExpired
        ? new Place(0, 0, chunk.CommitNumber)
        : new Place(IsWithinMinimum(chunk, its, now) ? 2 : 1, its?.Priority ?? RetentionClass.DefaultPriority, chunk.CommitNumber);

    private static bool IsTooOld(in Facts chunk, RetentionClass? its, WallTime? now) =>
        its?.MaximumAge is { } age && now is { } present
        // Both clocks must agree: the footage's, and the recorder's when it wrote. A camera whose clock is years behind loses nothing by it.
        && present - WallTime.Max(chunk.NewestFootage, chunk.LastCommit) > age;

    private static bool IsWithinMinimum(in Facts chunk, RetentionClass? its, WallTime? now) =>
        // By the later of both clocks, as for the maximum: a camera whose clock is years behind is not to lose what it recorded yesterday.
        its?.MinimumAge is { } minimum && (now is not { } present || present - WallTime.Max(chunk.NewestFootage, chunk.LastCommit) < minimum);
}
