// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What disks say of themselves, as it was asked last. Answers from memory.</summary>
public interface IDiskHealth
{
    /// <param name="disk">Path of a pool's disk: a file or a device.</param>
    /// <returns><c>null</c> when nothing is known.</returns>
    DiskHealth? Of(string disk);
}

/// <summary>What a disk says of itself. Everything that it does not say is <c>null</c>.</summary>
public sealed record DiskHealth
{
    public required WallTime At { get; init; }

    /// <summary>Device under the disk, such as <c>/dev/sda</c>.</summary>
    public required string Device { get; init; }
    public string? Model { get; init; }
    public string? Serial { get; init; }

    /// <summary>It does not expect to fail soon (SMART overall health).</summary>
    public bool? Passed { get; init; }

    public double? TemperatureCelsius { get; init; }

    /// <summary>Above it the disk is too hot, by its own word.</summary>
    public double? HottestCelsius { get; init; }
    public long? PowerOnHours { get; init; }

    /// <summary>Sectors that were bad and were replaced (ATA attribute 5), and those that wait for it because they cannot be read (197).</summary>
    public long? ReallocatedSectors { get; init; }
    public long? PendingSectors { get; init; }

    /// <summary>Reads that failed for good (ATA attribute 198, or media errors of NVMe).</summary>
    public long? UncorrectableErrors { get; init; }

    /// <summary>Flash that is used up, in percent of what it was made for; may be above 100.</summary>
    public int? WearPercent { get; init; }

    /// <summary>It slept when it was asked, and was left alone: what is said is older, or nothing.</summary>
    public bool Sleeps { get; init; }

    /// <summary>What somebody should know, each the end of a sentence that begins with the disk's name.</summary>
    public IReadOnlyList<string> Warnings => HealthRule.WarningsOf(this);
}
