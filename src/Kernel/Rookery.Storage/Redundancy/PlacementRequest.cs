// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>A disk as placement sees it.</summary>
/// <param name="Number">Its number in the pool, 0 … 1023.</param>
/// <param name="FreeZones">Zones that a chunk could begin in now.</param>
/// <param name="ZoneBytes">Size of its zones.</param>
/// <param name="Group">Disks that turn together; 0 where nobody forms groups.</param>
/// <param name="TakesChunks">In order, and neither being drained nor slow. What that means is the disk's state machine's to say.</param>
internal readonly record struct PlacementDisk(int Number, long FreeZones, long ZoneBytes, int Group = 0, bool TakesChunks = true);

/// <summary>What is to be placed.</summary>
internal readonly record struct PlacementRequest
{
    /// <summary>Columns to be placed: D + P for a new chunk, the number of lost ones for a rebuild. At least one.</summary>
    public required int Columns { get; init; }

    /// <summary>Only disks with zones of this size: columns of a chunk are equally large.</summary>
    public required long ZoneBytes { get; init; }

    /// <summary>Only disks of this group; null: of any.</summary>
    public int? Group { get; init; }

    /// <summary>The chunk's number, or anything else that differs from one to the next: it decides between equals, and which disk gets which column.</summary>
    public required ulong Sequence { get; init; }
}
