// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>What somebody may do to a pool.</summary>
public enum PoolChangeKind
{
    Add,
    Drain,
    UseAgain,
    Remove,
    Replace,

    /// <summary>An empty disk is kept until another one fails.</summary>
    Spare,

    /// <summary>A spare becomes a disk like the others.</summary>
    UseSpare,
}

/// <summary>A change that is thought of.</summary>
/// <param name="Kind">What.</param>
/// <param name="Disk">Number of the disk it is about; <c>null</c> when one is added.</param>
/// <param name="NewDiskBytes">Size of the disk that comes; <c>null</c> when none does.</param>
public sealed record PoolChange(PoolChangeKind Kind, int? Disk = null, long? NewDiskBytes = null);

/// <summary>What a change means for a class.</summary>
/// <param name="Class">The class.</param>
/// <param name="LayoutBefore">How new chunks lie now.</param>
/// <param name="LayoutAfter">And then.</param>
/// <param name="BearsNow">Disks that may fail now without loss of footage that is there; <c>null</c> without footage.</param>
/// <param name="BearsDuring">While footage moves or is rebuilt.</param>
/// <param name="BearsAfter">When all that can be moved has been.</param>
/// <param name="DaysBefore">How long it is kept at the present rate; <c>null</c> when that cannot be told yet.</param>
/// <param name="DaysAfter">And then.</param>
public sealed record ClassPreview(
    RetentionClass Class, ChunkLayout LayoutBefore, ChunkLayout LayoutAfter, int? BearsNow, int? BearsDuring, int? BearsAfter, double? DaysBefore, double? DaysAfter);
