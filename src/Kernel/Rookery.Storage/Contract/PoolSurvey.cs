// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What is on the disks at one time: what forecasts and previews are made from.</summary>
public sealed record PoolSurvey
{
    public required WallTime At { get; init; }

    /// <summary>Size of a zone, the same on all disks.</summary>
    public required long ZoneBytes { get; init; }

    /// <summary>Zones of each disk that are kept free ahead of need.</summary>
    public int ZonesKeptFree { get; init; }

    /// <summary>Layout of classes without one of their own; <c>null</c> goes by the number of disks.</summary>
    public ChunkLayout? StoreLayout { get; init; }

    /// <summary>Most disks that are recorded on at a time; <c>null</c> for all.</summary>
    public int? ActiveDisks { get; init; }

    /// <summary>Every member, also those that are missing; by number.</summary>
    public required IReadOnlyList<SurveyedDisk> Disks { get; init; }

    /// <summary>Class 0, and every other one that is defined or has footage; by number.</summary>
    public required IReadOnlyList<SurveyedClass> Classes { get; init; }

    /// <summary>Room that holds keep; an estimate.</summary>
    public long HeldBytes { get; init; }

    /// <summary>Most that a rebuild may read and write in a second.</summary>
    public long RebuildBytesPerSecond { get; init; }

    /// <summary>Chunks with a column that is nowhere, on a failed disk, or on one that is not here.</summary>
    public int DegradedChunks { get; init; }

    /// <summary>Of these, chunks of which more columns are gone than they have parity: their footage cannot be read now, but for records that lie in a column that is here.</summary>
    public int UnreadableChunks { get; init; }

    public required RebuildStatus Rebuild { get; init; }
    public required ScrubStatus Scrub { get; init; }

    /// <summary>How the chunks of a class lie when so many disks belong to the pool.</summary>
    internal ChunkLayout LayoutOf(RetentionClass retentionClass, int disks) => retentionClass.Layout ?? StoreLayout ?? ChunkLayout.For(Math.Min(ActiveDisks ?? int.MaxValue, disks));
}

/// <summary>A disk as the survey found it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Name">Its path.</param>
/// <param name="State">How it is.</param>
/// <param name="Zones">Of the whole disk.</param>
/// <param name="FreeZones">Of these, unused.</param>
public sealed record SurveyedDisk(int Number, string Name, DiskState State, long Zones, long FreeZones)
{
    /// <summary>Columns that lie on it, by the layout of their chunks.</summary>
    public IReadOnlyList<ColumnsOnDisk> Columns { get; init; } = [];

    /// <summary>Footage that cannot be read without this disk: its chunks bear no further loss, or not even this one. Of a missing disk at most so much: without a catalog nobody knows what lies there.</summary>
    public long OnlyHereBytes { get; init; }

    /// <summary>Bytes that have to be read and written to move all of it.</summary>
    public long LiveBytes => Columns.Sum(c => c.LiveBytes);

    public int Chunks => Columns.Sum(c => c.Count);

    /// <summary>It waits for another disk to fail.</summary>
    public bool IsSpare { get; init; }

    /// <summary>It gets new chunks, now or when its group's turn comes.</summary>
    public bool TakesChunks => State == DiskState.Online && !IsSpare;

    /// <summary>It counts for the layout of a pool that goes by its number of disks.</summary>
    internal bool CountsForLayout => !IsSpare && State is (DiskState.Online or DiskState.Suspect or DiskState.Missing);
}

/// <summary>Columns of one layout on one disk.</summary>
/// <param name="Layout">Of their chunks.</param>
/// <param name="Count">How many.</param>
/// <param name="LiveBytes">Frames and footers in them.</param>
public readonly record struct ColumnsOnDisk(ChunkLayout Layout, int Count, long LiveBytes);

/// <summary>What a retention class has on the disks, and how fast it grows.</summary>
/// <param name="Class">The class, with its limits.</param>
public sealed record SurveyedClass(RetentionClass Class)
{
    /// <summary>How its new chunks are to lie.</summary>
    public required ChunkLayout Layout { get; init; }
    public int Chunks { get; init; }

    /// <summary>Zones its chunks take, parity included.</summary>
    public long Zones { get; init; }

    /// <summary>Frames in its data columns.</summary>
    public long FootageBytes { get; init; }

    /// <summary>When the oldest of its chunks was written.</summary>
    public WallTime? Oldest { get; init; }

    /// <summary>Fewest further disks that may fail without loss for any of its chunks that can be read; <c>null</c> without such chunks.</summary>
    public int? Bears { get; init; }

    /// <summary>Room in data columns that it takes in a second while it records; <c>null</c> while that cannot be told.</summary>
    public double? RoomPerSecond { get; init; }
}

/// <summary>How far a rebuild or a drain is.</summary>
/// <param name="Columns">Columns that are to be rebuilt or moved.</param>
/// <param name="BytesLeft">What is live in them.</param>
/// <param name="ColumnsDone">Since the start.</param>
/// <param name="WithoutTarget">Chunks that wait because no disk has room for their column.</param>
/// <param name="TimeLeft">At the pace of the last minutes; <c>null</c> when nothing moves, or it cannot be told yet.</param>
public sealed record RebuildStatus(int Columns, long BytesLeft, long ColumnsDone, int WithoutTarget, TimeSpan? TimeLeft);

/// <summary>How far the verification of everything is.</summary>
/// <param name="ChunksDone">Those that are not due: verified lately, or so young that they are not yet; while <paramref name="IsFast"/> those verified since it began.</param>
/// <param name="Chunks">Of so many.</param>
/// <param name="IsFast">Somebody asked for it: everything is verified as fast as a rebuild goes, not slowly when it is due.</param>
/// <param name="TimeLeft">While <paramref name="IsFast"/>, at its pace; <c>null</c> when that cannot be told yet.</param>
/// <param name="Completed">When such a verification ended; <c>null</c> when none did since the start.</param>
/// <param name="DamagedColumns">Found since the start, by reads as well.</param>
public sealed record ScrubStatus(int ChunksDone, int Chunks, bool IsFast, TimeSpan? TimeLeft, WallTime? Completed, long DamagedColumns);
