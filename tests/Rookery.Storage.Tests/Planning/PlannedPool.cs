// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>A pool of numbers for forecasts: disks of 1000 zones of 256 MiB.</summary>
internal static class PlannedPool
{
    public const double Zone = 256L << 20;
    public const int Zones = 1000;

    public static PoolSurvey Of(int disks, int freePercent, params SurveyedClass[] classes) => new()
    {
        At = WallTime.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        ZoneBytes = (long)Zone,
        ZonesKeptFree = 2,
        Disks = [.. Enumerable.Range(0, disks).Select(i => Disk(i, freePercent))],
        Classes = classes,
        RebuildBytesPerSecond = 100 << 20,
        Rebuild = new RebuildStatus(0, 0, 0, 0, null),
        Scrub = new ScrubStatus(0, 0, IsFast: false, null, null, 0),
    };

    public static SurveyedDisk Disk(int number, int freePercent, DiskState state = DiskState.Online) => new(number, $"disk {number}", state, Zones, Zones * freePercent / 100);

    public static SurveyedClass Class(int id, double? rate, long zones = 0, int? maximumDays = null, ChunkLayout? layout = null) =>
        Class(new RetentionClass(new RetentionClassId((byte)id), maximumDays is { } days ? TimeSpan.FromDays(days) : null, null, layout), rate, zones);

    public static SurveyedClass Class(RetentionClass retentionClass, double? rate, long zones = 0) => new(retentionClass)
    {
        Layout = retentionClass.Layout ?? ChunkLayout.Single,
        RoomPerSecond = rate,
        Zones = zones,
        Bears = zones == 0 ? null : (retentionClass.Layout ?? ChunkLayout.Single).ParityColumns,
    };
}
