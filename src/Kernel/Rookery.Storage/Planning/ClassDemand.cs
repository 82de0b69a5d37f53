// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What a class asks of the disks, parity included.</summary>
/// <param name="Class">The class.</param>
/// <param name="Layout">How its new chunks lie.</param>
/// <param name="UsedBytes">What it has.</param>
/// <param name="RoomPerSecond">How it grows; <c>null</c> when that is not known.</param>
/// <param name="Oldest">When its oldest chunk was written.</param>
internal sealed record ClassDemand(RetentionClass Class, ChunkLayout Layout, double UsedBytes, double? RoomPerSecond, WallTime? Oldest)
{
    public static ClassDemand Of(SurveyedClass c, ChunkLayout layout, long zoneBytes) =>
        new(c.Class, layout, c.Zones * (double)zoneBytes, c.RoomPerSecond * layout.Columns / layout.DataColumns, c.Oldest);

    /// <summary>Most it ever takes, by its days and its quota.</summary>
    public double MostBytes => Math.Min(
        Class.MaximumAge is { } age && RoomPerSecond is { } rate ? rate * age.TotalSeconds : double.PositiveInfinity,
        Class.MaximumBytes ?? double.PositiveInfinity);

    /// <summary>Until it takes no more room; not above 0 when it does so already, or does not grow.</summary>
    public double SecondsToMost => RoomPerSecond is > 0 and { } rate ? (MostBytes - UsedBytes) / rate : 0;

    /// <summary>Oldest age that it may get.</summary>
    public double MostSeconds => RoomPerSecond is > 0 and { } rate ? Math.Min(MostBytes / rate, PoolForecast.Farthest.TotalSeconds) : 0;

    /// <summary>Age to which it is promised to be kept.</summary>
    public double LeastSeconds => Math.Min(Class.MinimumAge?.TotalSeconds ?? 0, MostSeconds);
}
