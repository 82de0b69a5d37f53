// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// How old footage gets when room is short and everything goes on as it does. It follows <see cref="RetentionRule"/>: minimums first, then the higher priority to its limit before the lower
/// one gets more; among equals the oldest goes first, so all of them reach the same age.
/// </summary>
internal static class RetentionReach
{
    /// <param name="demands">The classes.</param>
    /// <param name="roomBytes">Room for all of them.</param>
    /// <returns>For each class; <c>null</c> for one whose rate is not known.</returns>
    public static IReadOnlyList<TimeSpan?> Of(IReadOnlyList<ClassDemand> demands, double roomBytes)
    {
        double[] ages = new double[demands.Count];
        foreach (Func<ClassDemand, double> limit in (ReadOnlySpan<Func<ClassDemand, double>>)[d => d.LeastSeconds, d => d.MostSeconds])
        {
            foreach (IGrouping<int, int> group in Enumerable.Range(0, demands.Count)
                .Where(i => demands[i].RoomPerSecond > 0).GroupBy(i => demands[i].Class.Priority).OrderByDescending(g => g.Key))
            {
                roomBytes = Fill(demands, [.. group], limit, ages, roomBytes);
            }
        }

        return [.. demands.Select((d, i) => d.RoomPerSecond > 0 ? (TimeSpan?)TimeSpan.FromSeconds(ages[i]) : null)];
    }

    /// <summary>Raises the ages of a group together, each as far as its limit, while there is room.</summary>
    /// <returns>Room that is left.</returns>
    private static double Fill(IReadOnlyList<ClassDemand> demands, int[] group, Func<ClassDemand, double> limit, double[] ages, double room)
    {
        double Age(int i, double level) => Math.Max(ages[i], Math.Min(level, limit(demands[i])));
        double Cost(double level) => group.Sum(i => (Age(i, level) - ages[i]) * demands[i].RoomPerSecond!.Value);

        double low = 0, high = PoolForecast.Farthest.TotalSeconds;
        if (Cost(high) <= room)
        {
            low = high;
        }

        // Cost grows with the level; 64 halvings of 100 years end far below a second.
        for (int i = 0; i < 64 && low < high; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Cost(middle) <= room ? (middle, high) : (low, middle);
        }

        double left = room - Cost(low);
        foreach (int i in group)
        {
            ages[i] = Age(i, low);
        }

        return Math.Max(0, left);
    }
}
