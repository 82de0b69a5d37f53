// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

/// <summary>Disks that are only a number of free zones, and the chunks on them.</summary>
internal sealed class PoolOfNumbers(IEnumerable<long> freeZones)
{
    private ulong _sequence;

    public List<PlacementDisk> Disks { get; } = [.. freeZones.Select((free, i) => new PlacementDisk(i, free))];

    public PairCounts Pairs { get; } = new();

    public PlacementDues Dues { get; } = new();

    /// <summary>A disk that failed.</summary>
    public int? Lost { get; set; }

    public PlacementDisk[] Usable(params int[] kept) => [.. Disks.Where(disk => disk.FreeZones > 0 && disk.Number != Lost && !kept.Contains(disk.Number))];

    public List<int[]> Chunks { get; } = [];

    /// <summary>Places one chunk and takes its zones; null if it cannot be placed.</summary>
    public int[]? Place(int columns)
    {
        int[] chosen = new int[columns];
        PlacementDisk[] usable = Usable();
        if (!ColumnPlacement.TryChoose(usable, Pairs, Dues, _sequence++, [], chosen))
        {
            return null;
        }

        Dues.Placed(usable, chosen);

        chosen.Distinct().Count().ShouldBe(columns, "columns of a chunk on different disks");
        Take(chosen, -1);
        Pairs.Add(chosen);
        Chunks.Add(chosen);
        return chosen;
    }

    public void Free(int index)
    {
        Pairs.Remove(Chunks[index]);
        Take(Chunks[index], 1);
        Chunks.RemoveAt(index);
    }

    /// <summary>How many live chunks each two disks share, counted from the chunks.</summary>
    public int[] SharedByPairs()
    {
        List<int> shared = [];
        for (int a = 1; a < Disks.Count; a++)
        {
            for (int b = 0; b < a; b++)
            {
                int count = Chunks.Count(chunk => chunk.Contains(a) && chunk.Contains(b));
                Pairs[a, b].ShouldBe(count);
                Pairs[b, a].ShouldBe(count);
                shared.Add(count);
            }
        }

        return [.. shared];
    }

    private void Take(int[] disks, long zones)
    {
        foreach (int disk in disks)
        {
            Disks[disk] = Disks[disk] with { FreeZones = Disks[disk].FreeZones + zones };
            Disks[disk].FreeZones.ShouldBeGreaterThanOrEqualTo(0);
        }
    }
}
