// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>Disks of mixed sizes, a layout, and what is recorded on them, all drawn from one seed.</summary>
internal sealed record PoolWorkload
{
    private static readonly ChunkLayout[] Layouts = [new(1, 0), new(1, 1), new(1, 2), new(2, 1), new(3, 1), new(4, 1), new(2, 2), new(3, 2), new(4, 2)];

    /// <summary>Streams, steps and options.</summary>
    public required Workload Recording { get; init; }
    public required ChunkLayout Layout { get; init; }
    public required IReadOnlyList<long> CapacitiesBytes { get; init; }

    public int Seed => Recording.Seed;

    public int Disks => CapacitiesBytes.Count;

    /// <summary>Each chunk lies on all disks, and they fill up together.</summary>
    public bool FreesInOrder => Layout.Columns == Disks && CapacitiesBytes.Distinct().Count() == 1;

    /// <summary>
    /// Chunks below which retention has no reason to free any: all zones of the smallest disk, of which a chunk takes one at most, but those kept free ahead (one besides what is open ahead), and per head one
    /// being written, one just begun and one given back after a crash.
    /// </summary>
    public int FewestChunks =>
        (int)Math.Max(1, ((CapacitiesBytes.Min() - (1 << 20) - (128 << 10)) / Recording.Options.ZoneBytes!.Value) - Math.Max(2, Recording.Options.FreeZonesAhead) - 1 - (2 * Recording.Heads));

    public string Words => $"{Layout} on {Disks} disks";

    /// <summary>Draws pool and workload.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="commits">How many commits it has, about.</param>
    /// <param name="zones">Zones of the disks: few fill up and retention begins, many do not.</param>
    public static PoolWorkload Draw(int seed, int commits, (int Fewest, int Most) zones)
    {
        Random random = new(seed * 31);
        ChunkLayout layout = Layouts[random.Next(Layouts.Length)];
        int disks = Math.Min(8, layout.Columns + random.Next(0, 3));
        Workload recording = Workload.Draw(seed, commits);
        long zone = recording.Options.ZoneBytes!.Value;
        int equal = random.Next(zones.Fewest, zones.Most + 1);
        bool areEqual = random.Next(2) == 0;
        return Of(recording, layout, [.. Enumerable.Range(0, disks).Select(_ => Capacity(areEqual ? equal : random.Next(zones.Fewest, zones.Most + 1), zone))]);
    }

    public static PoolWorkload Of(Workload recording, ChunkLayout layout, IReadOnlyList<long> capacities) => new()
    {
        Recording = recording with { Options = recording.Options with { Layout = layout } },
        Layout = layout,
        CapacitiesBytes = capacities,
    };

    /// <summary>Size of a disk with so many zones.</summary>
    public static long Capacity(int zones, long zoneBytes) => (1 << 20) + (128 << 10) + (zones * zoneBytes);
}
