// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Http;

/// <param name="At">When it was looked at.</param>
/// <param name="CapacityBytes">All disks that are here.</param>
/// <param name="FreeBytes">Of these, free.</param>
/// <param name="FootageRoomBytes">What fits on the disks that take recordings, without parity.</param>
/// <param name="FootageBytes">What is recorded, without parity.</param>
/// <param name="HeldBytes">Room that holds keep.</param>
/// <param name="Layout">D+P of recordings whose class has no layout of its own.</param>
/// <param name="Bears">Disks that may fail now without loss of anything that can be read; null when nothing is recorded.</param>
/// <param name="DegradedChunks">Pieces of the recordings with a column on a disk that failed or is missing.</param>
/// <param name="UnreadableChunks">Of these, pieces of which too much is gone to be read now.</param>
/// <param name="RecoveringChunks">Pieces still to be verified after an unclean end.</param>
/// <param name="Loading">The index is still being read: older recordings may not be shown yet.</param>
/// <param name="Fault">What is wrong, in words; null when nothing is.</param>
/// <param name="Warnings">What will go wrong, in words.</param>
/// <param name="Disks">All of the pool, also missing ones, by number.</param>
/// <param name="CommitLimitsMs">Upper ends of the buckets of the disks' histograms; the last bucket counts what took longer than all.</param>
/// <param name="Classes">Retention classes with recordings, and class 0.</param>
/// <param name="Forecast">Where it goes at the present rate.</param>
/// <param name="Rebuild">What is rebuilt or moved.</param>
/// <param name="Scrub">What is verified.</param>
/// <param name="Cameras">Retention reached by cameras in service.</param>
internal sealed record StorageView(
    WallTime At,
    long CapacityBytes,
    long FreeBytes,
    long FootageRoomBytes,
    long FootageBytes,
    long HeldBytes,
    string Layout,
    int? Bears,
    int DegradedChunks,
    int UnreadableChunks,
    int RecoveringChunks,
    bool Loading,
    string? Fault,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<DiskView> Disks,
    IReadOnlyList<double> CommitLimitsMs,
    IReadOnlyList<StorageClassView> Classes,
    ForecastView Forecast,
    RebuildView Rebuild,
    ScrubView Scrub,
    IReadOnlyList<CameraReachView> Cameras)
{
    public static StorageView Of(StoreStatus status, PoolSurvey survey, PoolForecast forecast, IReadOnlyList<CameraReachView> cameras) => new(
        survey.At,
        status.CapacityBytes,
        status.FreeBytes,
        forecast.FootageRoomBytes,
        survey.Classes.Sum(c => c.FootageBytes),
        survey.HeldBytes,
        survey.Classes.First(c => c.Class.Id.Value == 0).Layout.ToString(),
        survey.Classes.Min(c => c.Bears),
        survey.DegradedChunks,
        survey.UnreadableChunks,
        status.RecoveringChunks,
        status.IsLoading,
        status.Fault,
        status.Warnings,
        [.. survey.Disks.Select(disk => DiskView.Of(disk, survey.ZoneBytes, status.Disks.FirstOrDefault(d => d.Number == disk.Number)))],
        [.. CommitTimeSummary.BucketLimits.Select(limit => limit.TotalMilliseconds)],
        [.. survey.Classes.Select((c, i) => StorageClassView.Of(c, forecast.Classes[i], survey.ZoneBytes))],
        new ForecastView(forecast.State, forecast.FullIn?.TotalDays, forecast.RoomPerSecond is { } rate ? Math.Round(rate) : null),
        new RebuildView(survey.Rebuild.Columns, survey.Rebuild.BytesLeft, survey.Rebuild.ColumnsDone, survey.Rebuild.WithoutTarget, survey.Rebuild.TimeLeft?.TotalSeconds),
        new ScrubView(
            survey.Scrub.ChunksDone, survey.Scrub.Chunks, survey.Scrub.IsFast, survey.Scrub.TimeLeft?.TotalSeconds, survey.Scrub.Completed, survey.Scrub.DamagedColumns),
        cameras);
}

/// <param name="Number">Its number, which no other disk ever gets.</param>
/// <param name="Name">Its path.</param>
/// <param name="State">How it is.</param>
/// <param name="Spare">It is kept empty until another disk fails.</param>
/// <param name="Slow">It takes several times as long as the others; nothing new is put on it where that is possible.</param>
/// <param name="DoesNotAnswer">It hangs: a write, flush or read of it has not returned for long.</param>
/// <param name="Activity">Whether it is recorded on, left in peace, or spun down.</param>
/// <param name="CapacityBytes">Room for recordings.</param>
/// <param name="FreeBytes">Of it unused.</param>
/// <param name="LiveBytes">What has to be moved to empty it.</param>
/// <param name="OnlyHereBytes">Recordings that cannot be read without this disk.</param>
/// <param name="WrittenBytes">Since the start.</param>
/// <param name="Errors">Reads, writes and flushes that failed since the start.</param>
/// <param name="MedianCommitMs">Of its last 150 writes: half took no longer.</param>
/// <param name="P99CommitMs">Of the same: 99 of 100 took no longer.</param>
/// <param name="LongestCommitMs">Of the same: the longest.</param>
/// <param name="CommitHistogram">Writes since the start by commitLimitsMs; empty when it is not here.</param>
/// <param name="Health">What it says of itself; null when it says nothing.</param>
internal sealed record DiskView(
    int Number,
    string Name,
    DiskState State,
    bool Spare,
    bool Slow,
    bool DoesNotAnswer,
    DiskActivity Activity,
    long CapacityBytes,
    long FreeBytes,
    long LiveBytes,
    long OnlyHereBytes,
    long WrittenBytes,
    long Errors,
    double MedianCommitMs,
    double P99CommitMs,
    double LongestCommitMs,
    IReadOnlyList<long> CommitHistogram,
    DiskHealthView? Health)
{
    public static DiskView Of(SurveyedDisk disk, long zoneBytes, DiskStatus? status) => new(
        disk.Number,
        disk.Name,
        disk.State,
        disk.IsSpare,
        status?.IsSlow ?? false,
        status?.DoesNotAnswer ?? false,
        status?.Activity ?? DiskActivity.Active,
        disk.Zones * zoneBytes,
        disk.FreeZones * zoneBytes,
        disk.LiveBytes,
        disk.OnlyHereBytes,
        status?.WrittenBytes ?? 0,
        status?.Errors ?? 0,
        Math.Round(status?.RecentCommits.Median.TotalMilliseconds ?? 0, 1),
        Math.Round(status?.RecentCommits.Percentile99.TotalMilliseconds ?? 0, 1),
        Math.Round(status?.RecentCommits.Longest.TotalMilliseconds ?? 0, 1),
        status?.CommitHistogram ?? [],
        status?.Health is { } health ? DiskHealthView.Of(health) : null);
}

/// <param name="At">When it was asked.</param>
/// <param name="Device">The device under the disk.</param>
/// <param name="Model">Its model.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="Passed">It does not expect to fail soon; null when it does not say.</param>
/// <param name="TemperatureCelsius">Now.</param>
/// <param name="HottestCelsius">Above it the disk is too hot, by its own word.</param>
/// <param name="PowerOnHours">In all its life.</param>
/// <param name="ReallocatedSectors">Bad ones that were replaced.</param>
/// <param name="PendingSectors">Bad ones that were not.</param>
/// <param name="UncorrectableErrors">Reads that failed for good.</param>
/// <param name="WearPercent">Flash that is used up.</param>
/// <param name="Sleeps">It slept, and was left alone.</param>
/// <param name="Warnings">In words.</param>
internal sealed record DiskHealthView(
    WallTime At,
    string Device,
    string? Model,
    string? Serial,
    bool? Passed,
    double? TemperatureCelsius,
    double? HottestCelsius,
    long? PowerOnHours,
    long? ReallocatedSectors,
    long? PendingSectors,
    long? UncorrectableErrors,
    int? WearPercent,
    bool Sleeps,
    IReadOnlyList<string> Warnings)
{
    public static DiskHealthView Of(DiskHealth h) => new(
        h.At, h.Device, h.Model, h.Serial, h.Passed, h.TemperatureCelsius, h.HottestCelsius, h.PowerOnHours, h.ReallocatedSectors, h.PendingSectors, h.UncorrectableErrors, h.WearPercent,
        h.Sleeps, h.Warnings);
}

/// <param name="Id">Its number.</param>
/// <param name="Name">Empty when built in, and for 255: copies of what is held.</param>
/// <param name="Layout">D+P that it is to have.</param>
/// <param name="LayoutNow">D+P of what is recorded now: narrower while disks are missing.</param>
/// <param name="Bears">Disks that may fail now without loss of what is recorded; null without recordings.</param>
/// <param name="Chunks">Pieces of recordings.</param>
/// <param name="FootageBytes">What is recorded, without parity.</param>
/// <param name="RoomBytes">Room it takes, with parity.</param>
/// <param name="RoomBytesPerSecond">Room without parity that it takes in a second, over the last day; null while that is not known.</param>
/// <param name="Oldest">When the oldest of it was written.</param>
/// <param name="ReachedDays">Since then.</param>
/// <param name="ExpectedDays">How old it gets at the present rate; null while that is not known.</param>
/// <param name="MinimumDays">What it is meant to reach at least.</param>
/// <param name="MaximumDays">What goes is older.</param>
internal sealed record StorageClassView(
    int Id,
    string Name,
    string Layout,
    string LayoutNow,
    int? Bears,
    int Chunks,
    long FootageBytes,
    long RoomBytes,
    double? RoomBytesPerSecond,
    WallTime? Oldest,
    double? ReachedDays,
    double? ExpectedDays,
    double? MinimumDays,
    double? MaximumDays)
{
    public static StorageClassView Of(SurveyedClass c, ClassForecast forecast, long zoneBytes) => new(
        c.Class.Id.Value, c.Class.Name, c.Layout.ToString(), forecast.Layout.ToString(), c.Bears, c.Chunks, c.FootageBytes, c.Zones * zoneBytes,
        c.RoomPerSecond is { } rate ? Math.Round(rate) : null, c.Oldest, forecast.Reached?.TotalDays, forecast.Expected?.TotalDays, c.Class.MinimumAge?.TotalDays, c.Class.MaximumAge?.TotalDays);
}

/// <param name="State">Where the pool goes.</param>
/// <param name="FullInDays">Only while it fills.</param>
/// <param name="RoomBytesPerSecond">Room that recording takes, with parity; null while that is not known.</param>
internal sealed record ForecastView(FillState State, double? FullInDays, double? RoomBytesPerSecond);

/// <param name="Columns">Still to be rebuilt or moved.</param>
/// <param name="BytesLeft">In them.</param>
/// <param name="ColumnsDone">Since the start.</param>
/// <param name="WithoutTarget">Wait because no disk has room for them.</param>
/// <param name="SecondsLeft">At the pace of the last minutes; null when nothing moves or it is not known yet.</param>
internal sealed record RebuildView(int Columns, long BytesLeft, long ColumnsDone, int WithoutTarget, double? SecondsLeft);

/// <param name="ChunksDone">Pieces that were verified lately or are too young to be; while fast those verified since it began.</param>
/// <param name="Chunks">Of so many.</param>
/// <param name="Fast">It was asked for, and goes as fast as a rebuild.</param>
/// <param name="SecondsLeft">While fast, at its pace; null while that is not known.</param>
/// <param name="Completed">When such a verification ended last since the start.</param>
/// <param name="DamagedColumns">Found since the start.</param>
internal sealed record ScrubView(int ChunksDone, int Chunks, bool Fast, double? SecondsLeft, WallTime? Completed, long DamagedColumns);

/// <param name="Id">The camera.</param>
/// <param name="RetentionClass">Its class.</param>
/// <param name="Oldest">Begin of its oldest recording, but for what only holds keep; null without one.</param>
/// <param name="Days">Since then.</param>
internal sealed record CameraReachView(string Id, int RetentionClass, WallTime? Oldest, double? Days);
