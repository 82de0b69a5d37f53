// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Http;

/// <summary>A disk that is to come.</summary>
/// <param name="Path">Absolute path of a file that is made, or of a blank file or device.</param>
/// <param name="SizeBytes">Of a new file, or of the part of a device to use; null for what is there, or for a new file all but a tenth of the file system.</param>
internal sealed record NewDiskInput(string Path, long? SizeBytes = null);

/// <summary>A change that is thought of.</summary>
/// <param name="Change">What.</param>
/// <param name="Disk">Number of the disk; for add null.</param>
/// <param name="New">The disk that comes; for add and replace.</param>
internal sealed record ChangePreviewInput(PoolChangeKind Change, int? Disk = null, NewDiskInput? New = null);

/// <param name="Number">Number of the disk that came.</param>
internal sealed record NewDiskView(int Number);

/// <param name="Refusal">Why it would be refused, in words; null when it would not.</param>
/// <param name="BytesToMove">Bytes that are moved or computed anew.</param>
/// <param name="MoveSeconds">For that at least, because recording goes first; null when nothing moves.</param>
/// <param name="WithoutRoomBytes">Of these what finds no room elsewhere now, and stays until retention deletes it.</param>
/// <param name="LostBytes">Recordings that cannot be read any more afterwards.</param>
/// <param name="FootageRoomBefore">Room for recordings, without parity.</param>
/// <param name="FootageRoomAfter">And then.</param>
/// <param name="DaysLost">Days of retention lost by the class that loses most; null while that is not known.</param>
/// <param name="Classes">By class.</param>
/// <param name="Place">The disk that comes; null when none does.</param>
internal sealed record ChangePreview(
    string? Refusal,
    long BytesToMove,
    double? MoveSeconds,
    long WithoutRoomBytes,
    long LostBytes,
    long FootageRoomBefore,
    long FootageRoomAfter,
    double? DaysLost,
    IReadOnlyList<ClassChangeView> Classes,
    DiskPlaceView? Place)
{
    public static ChangePreview Of(PoolPreview p, DiskPlace? place) => new(
        p.Refusal, p.BytesToMove, p.MoveTime?.TotalSeconds, p.WithoutRoomBytes, p.LostBytes, p.FootageRoomBefore, p.FootageRoomAfter, p.DaysLost,
        [.. p.Classes.Select(ClassChangeView.Of)], place is null ? null : new DiskPlaceView(place.Path, place.Kind, place.Bytes, place.FileSystem, place.SharesWith));
}

/// <param name="Id">The class.</param>
/// <param name="Name">Its name; empty when built in.</param>
/// <param name="MaximumDays">Days of a built-in class.</param>
/// <param name="LayoutBefore">D+P of new recordings.</param>
/// <param name="LayoutAfter">And then.</param>
/// <param name="BearsNow">Disks that may fail without loss of what is recorded; null without recordings.</param>
/// <param name="BearsDuring">While it moves.</param>
/// <param name="BearsAfter">When all that can be moved has been.</param>
/// <param name="DaysBefore">Retention at the present rate; null while that is not known.</param>
/// <param name="DaysAfter">And then.</param>
internal sealed record ClassChangeView(
    int Id, string Name, double? MaximumDays, string LayoutBefore, string LayoutAfter, int? BearsNow, int? BearsDuring, int? BearsAfter, double? DaysBefore, double? DaysAfter)
{
    public static ClassChangeView Of(ClassPreview c) => new(
        c.Class.Id.Value, c.Class.Name, c.Class.MaximumAge?.TotalDays, c.LayoutBefore.ToString(), c.LayoutAfter.ToString(), c.BearsNow, c.BearsDuring, c.BearsAfter, c.DaysBefore, c.DaysAfter);
}

/// <param name="Path">Absolute.</param>
/// <param name="Kind">What is there.</param>
/// <param name="Bytes">What the disk has, or will have.</param>
/// <param name="FileSystem">Where its file system is mounted; null for a device.</param>
/// <param name="SharesWith">Disks of the pool on the same device: when it fails, all of them do.</param>
internal sealed record DiskPlaceView(string Path, DiskPlaceKind Kind, long Bytes, string? FileSystem, IReadOnlyList<string> SharesWith);
