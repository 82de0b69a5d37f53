// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Where the pool goes at the present rate.</summary>
public enum FillState
{
    /// <summary>Too little was recorded to tell.</summary>
    Unknown,

    /// <summary>Free room gets less, and will be used up.</summary>
    Filling,

    /// <summary>What comes and what goes by its days or quotas are in balance before the pool is full.</summary>
    Balanced,

    /// <summary>No free room: the oldest makes room for the newest. The normal state of a recorder.</summary>
    Full,
}

/// <summary>How long a class is kept.</summary>
/// <param name="Class">The class.</param>
/// <param name="Layout">How new chunks of it lie, with the disks that take chunks now.</param>
/// <param name="Reached">Age of its oldest chunk; <c>null</c> without one.</param>
/// <param name="Expected">How old its footage gets at the present rate, by its limits and by the room there is; <c>null</c> when that cannot be told.</param>
public sealed record ClassForecast(RetentionClass Class, ChunkLayout Layout, TimeSpan? Reached, TimeSpan? Expected)
{
    /// <summary>The room does not suffice for the minimum of the class.</summary>
    public bool MissesMinimum => Expected < Class.MinimumAge;
}

/// <summary>What follows if everything goes on as in the last day. Pure: a survey in, the forecast out. Room counts with parity here, because that is what disks have.</summary>
public sealed record PoolForecast
{
    /// <summary>Nobody plans further, and a rate says nothing about it.</summary>
    public static readonly TimeSpan Farthest = TimeSpan.FromDays(36_500);

    /// <summary>With less than this free in 100 a pool counts as full: heads have chunks open, and some zones are kept free.</summary>
    private const int FullPercent = 2;

    public required FillState State { get; init; }

    /// <summary>Until the free room is used up; only while <see cref="FillState.Filling"/>.</summary>
    public TimeSpan? FullIn { get; init; }

    /// <summary>Room that recording takes in a second, parity included; <c>null</c> while that is not known.</summary>
    public double? RoomPerSecond { get; init; }

    /// <summary>Room for chunks on the disks that take them: less than their sizes when these differ too much for the layout.</summary>
    public required long RoomBytes { get; init; }

    /// <summary>Of <see cref="RoomBytes"/> what is for footage, the rest being parity.</summary>
    public required long FootageRoomBytes { get; init; }
    public required IReadOnlyList<ClassForecast> Classes { get; init; }

    public static PoolForecast Of(PoolSurvey survey)
    {
        int disks = survey.Disks.Count(d => d.CountsForLayout);
        int writable = Math.Max(1, survey.Disks.Count(d => d.TakesChunks));
        List<ClassDemand> demands = [.. survey.Classes.Select(c => ClassDemand.Of(c, survey.LayoutOf(c.Class, disks).Within(writable), survey.ZoneBytes))];
        // Of several layouts the one that most is recorded with decides what fits; class 0 before anything is.
        ClassDemand leading = demands.MaxBy(d => d.RoomPerSecond ?? 0)!;
        long room = RoomFor(survey, leading.Layout);
        bool isKnown = demands.Exists(d => d.RoomPerSecond > 0);
        long left = Math.Max(0, room - survey.HeldBytes);
        IReadOnlyList<TimeSpan?> expected = RetentionReach.Of(demands, left);
        double used = demands.Sum(d => d.UsedBytes);
        bool isFull = room - used < room / 100.0 * FullPercent;
        TimeSpan? fullIn = isKnown ? FullAfter(demands, room) : null;
        return new PoolForecast
        {
            State = !isKnown ? FillState.Unknown
                : isFull ? FillState.Full
                : fullIn is null ? FillState.Balanced : FillState.Filling,
            FullIn = isFull ? null : fullIn,
            RoomPerSecond = isKnown ? demands.Sum(d => d.RoomPerSecond ?? 0) : null,
            RoomBytes = room,
            FootageRoomBytes = room / leading.Layout.Columns * leading.Layout.DataColumns,
            Classes = [.. demands.Select((d, i) => new ClassForecast(d.Class, d.Layout, d.Oldest is { } oldest ? survey.At - oldest : null, expected[i]))],
        };
    }

    private static long RoomFor(PoolSurvey survey, ChunkLayout layout)
    {
        long[] zones = [.. survey.Disks.Where(d => d.TakesChunks).Select(d => Math.Max(0, d.Zones - survey.ZonesKeptFree))];
        return PoolCapacity.Of(zones, layout.Columns).Chunks * layout.Columns * survey.ZoneBytes;
    }

    /// <summary>Each class grows by its rate until its days or its quota stop it: a sum of lines with a bend each.</summary>
    /// <returns><c>null</c> when the room suffices for ever.</returns>
    private static TimeSpan? FullAfter(List<ClassDemand> demands, long room)
    {
        double used = demands.Sum(d => Math.Min(d.UsedBytes, d.MostBytes));
        double rate = demands.Sum(d => d.SecondsToMost > 0 ? d.RoomPerSecond ?? 0 : 0);
        double at = 0;
        foreach (ClassDemand next in demands.Where(d => d.SecondsToMost > 0).OrderBy(d => d.SecondsToMost))
        {
            double until = next.SecondsToMost;
            if (rate > 0 && used + (rate * (until - at)) >= room)
            {
                break;
            }

            if (double.IsPositiveInfinity(until))
            {
                return null;
            }

            used += rate * (until - at);
            rate -= next.RoomPerSecond ?? 0;
            at = until;
        }

        // What is left of the rate after all bends may be rounding.
        return rate < 1 ? null : TimeSpan.FromSeconds(Math.Min(Farthest.TotalSeconds, at + Math.Max(0, (room - used) / rate)));
    }
}
