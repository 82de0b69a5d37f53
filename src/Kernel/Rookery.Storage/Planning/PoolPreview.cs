// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// What a change of the pool would lead to, told before it is made. Pure: a survey and the change in, consequences out. Amounts are estimates: recording, retention and rebuild go on
/// meanwhile, and which disk a column goes to is chosen when it moves.
/// </summary>
public sealed record PoolPreview
{
    /// <summary>Why the change would be refused, in words; <c>null</c> when it would not be.</summary>
    public string? Refusal { get; init; }

    /// <summary>Live bytes that are moved or computed anew.</summary>
    public long BytesToMove { get; init; }

    /// <summary>For that at least, with recording going first; <c>null</c> when nothing moves.</summary>
    public TimeSpan? MoveTime { get; init; }

    /// <summary>Of <see cref="BytesToMove"/> what finds no room on the other disks now: it stays where it is until retention deletes it.</summary>
    public long WithoutRoomBytes { get; init; }

    /// <summary>Footage that cannot be read any more afterwards.</summary>
    public long LostBytes { get; init; }

    /// <summary>Room for footage now and then, without parity.</summary>
    public long FootageRoomBefore { get; init; }
    public long FootageRoomAfter { get; init; }
    public IReadOnlyList<ClassPreview> Classes { get; init; } = [];

    /// <summary>Days of retention that the class which loses most loses; 0 when none does; <c>null</c> when that cannot be told yet.</summary>
    public double? DaysLost => Classes.Where(c => c.DaysBefore is not null && c.DaysAfter is not null).Select(c => (double?)Math.Max(0, c.DaysBefore!.Value - c.DaysAfter!.Value)).Max();

    public static PoolPreview Of(PoolSurvey survey, PoolChange change)
    {
        SurveyedDisk? disk = survey.Disks.FirstOrDefault(d => d.Number == change.Disk);
        PoolSurvey then = survey with { Disks = After(survey, change) };
        PoolForecast before = PoolForecast.Of(survey);
        PoolForecast after = PoolForecast.Of(then);
        List<ColumnsOnDisk> moving = [.. Moving(disk, change)];
        return new PoolPreview
        {
            Refusal = RefusalOf(survey, disk, change),
            BytesToMove = moving.Sum(c => c.LiveBytes),
            MoveTime = TimeFor(moving, survey.RebuildBytesPerSecond),
            WithoutRoomBytes = WithoutRoom(moving, then),
            LostBytes = disk is not null && IsGone(disk) && change.Kind is PoolChangeKind.Remove ? disk.OnlyHereBytes : 0,
            FootageRoomBefore = before.FootageRoomBytes,
            FootageRoomAfter = after.FootageRoomBytes,
            Classes = [.. survey.Classes.Select((c, i) => Compare(c, before.Classes[i], after.Classes[i], disk, change))],
        };
    }

    private static List<SurveyedDisk> After(PoolSurvey survey, PoolChange change)
    {
        List<SurveyedDisk> disks = change.Kind switch
        {
            PoolChangeKind.Drain or PoolChangeKind.Replace => [.. survey.Disks.Select(d => d.Number == change.Disk ? d with { State = DiskState.Draining } : d)],
            PoolChangeKind.UseAgain => [.. survey.Disks.Select(d => d.Number == change.Disk ? d with { State = DiskState.Online } : d)],
            PoolChangeKind.Spare or PoolChangeKind.UseSpare =>
                [.. survey.Disks.Select(d => d.Number == change.Disk ? d with { IsSpare = change.Kind == PoolChangeKind.Spare, State = d.State == DiskState.Draining ? DiskState.Online : d.State } : d)],
            PoolChangeKind.Remove => [.. survey.Disks.Where(d => d.Number != change.Disk)],
            _ => [.. survey.Disks],
        };
        if (change.NewDiskBytes is { } bytes)
        {
            long zones = Math.Max(0, bytes / survey.ZoneBytes);
            disks.Add(new SurveyedDisk(survey.Disks.Select(d => d.Number).DefaultIfEmpty(-1).Max() + 1, "", DiskState.Online, zones, zones));
        }

        return disks;
    }

    /// <summary>What leaves the disk. One that is removed while it is gone is computed anew, as far as that is possible.</summary>
    private static IEnumerable<ColumnsOnDisk> Moving(SurveyedDisk? disk, PoolChange change) =>
        disk is null || !Moves(change.Kind) ? [] : disk.Columns;

    private static bool Moves(PoolChangeKind kind) => kind is PoolChangeKind.Drain or PoolChangeKind.Replace or PoolChangeKind.Remove;

    private static bool IsGone(SurveyedDisk disk) => disk.State is DiskState.Missing or DiskState.Failed;

    /// <summary>Of each column its D sources are read at most, and it is written.</summary>
    private static TimeSpan? TimeFor(List<ColumnsOnDisk> moving, long bytesPerSecond) => moving.Count == 0 || bytesPerSecond <= 0
        ? null
        : TimeSpan.FromSeconds(moving.Sum(c => c.LiveBytes * (double)(c.Layout.DataColumns + 1)) / bytesPerSecond);

    private static long WithoutRoom(List<ColumnsOnDisk> moving, PoolSurvey then)
    {
        List<SurveyedDisk> targets = [.. then.Disks.Where(d => d.TakesChunks)];
        long free = targets.Sum(d => Math.Max(0, d.FreeZones - then.ZonesKeptFree));
        long without = 0;
        foreach (ColumnsOnDisk columns in moving)
        {
            // Each other disk has a column of the chunk already when there are no more disks than columns are left.
            long fits = targets.Count < columns.Layout.Columns ? 0 : Math.Min(columns.Count, free);
            free -= fits;
            without += columns.Count == 0 ? 0 : (long)(columns.LiveBytes * ((columns.Count - fits) / (double)columns.Count));
        }

        return without;
    }

    private static ClassPreview Compare(SurveyedClass c, ClassForecast before, ClassForecast after, SurveyedDisk? disk, PoolChange change)
    {
        // A disk that is here is read until the last of it has moved. One that was taken out for good still counts as a loss until what it held is computed anew.
        int? after0 = c.Bears is null ? null
            : !Moves(change.Kind) || disk is null ? c.Bears
            : Math.Max(c.Bears.Value, Math.Min(before.Layout.ParityColumns, after.Layout.ParityColumns));
        return new ClassPreview(c.Class, before.Layout, after.Layout, c.Bears, c.Bears, after0, before.Expected?.TotalDays, after.Expected?.TotalDays);
    }

    private static string? RefusalOf(PoolSurvey survey, SurveyedDisk? disk, PoolChange change)
    {
        if (change.Kind != PoolChangeKind.Add && disk is null)
        {
            return $"The pool has no disk number {change.Disk}.";
        }

        bool othersTake = survey.Disks.Any(d => d.Number != change.Disk && d.TakesChunks);
        return change.Kind switch
        {
            PoolChangeKind.Drain when disk!.State == DiskState.Missing => $"{disk.Name} is not here: nothing can be read from it. Remove it, or replace it.",
            PoolChangeKind.Drain when !othersTake => "No other disk takes recordings. Add one first.",
            PoolChangeKind.UseAgain when disk!.State == DiskState.Missing => $"{disk.Name} is not here. Bring it back, and start the recorder again.",
            PoolChangeKind.Spare or PoolChangeKind.UseSpare when disk!.State == DiskState.Missing => $"{disk.Name} is not here.",
            PoolChangeKind.Spare when !othersTake => "No other disk takes recordings. Add one first.",
            PoolChangeKind.Spare when disk!.Chunks > 0 => $"{disk.Name} holds footage. Drain it first; a spare is empty.",
            PoolChangeKind.UseSpare when !disk!.IsSpare => $"{disk.Name} is no spare.",
            PoolChangeKind.Remove when survey.Disks.Count == 1 || (!othersTake && disk!.TakesChunks) => "The last disk of a pool cannot be removed.",
            PoolChangeKind.Remove when disk!.State == DiskState.Draining && disk.Chunks > 0 => $"{disk.Name} is not empty yet: {new Foundation.ByteSize(disk.LiveBytes)} are still to be moved.",
            PoolChangeKind.Remove when disk!.State != DiskState.Missing && disk.Chunks > 0 =>
                $"{disk.Name} still holds footage. Drain it first, or take it away, start the recorder without it, and remove it then.",
            _ => null,
        };
    }
}
