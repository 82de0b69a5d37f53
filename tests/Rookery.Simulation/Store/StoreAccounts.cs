// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;
using static Rookery.Simulation.BrokenPromise;

namespace Rookery.Simulation;

/// <summary>What must add up in a running store after each step: every zone of every disk is free, or on its way to be, or holds one column of one chunk; and nothing grows beyond its bound.</summary>
internal static class StoreAccounts
{
    /// <param name="state">A store at rest between two commits.</param>
    /// <param name="isRecovered">All of its disks are surveyed: no zone is unknown but those that could not be read.</param>
    /// <exception cref="SimulationException">Something does not add up.</exception>
    public static void Check(StoreState state, bool isRecovered)
    {
        List<Chunk> chunks = state.Chunks.All();
        foreach (PoolDisk disk in state.Disks.All)
        {
            CheckZones(disk, chunks, isRecovered && state.Counters.ZonesLeftAlone == 0);
        }

        Demand(state.Budget.UsedBytes >= 0 && state.Budget.UsedBytes <= state.Budget.LimitBytes, $"{state.Budget.UsedBytes} of {state.Budget.LimitBytes} bytes wait.");
    }

    private static void CheckZones(PoolDisk disk, List<Chunk> chunks, bool isSurveyed)
    {
        int[] count = new int[Enum.GetValues<ZoneState>().Length];
        for (int zone = 0; zone < disk.Geometry.ZoneCount; zone++)
        {
            count[(int)disk.Ledger.StateOf(zone)]++;
        }

        Demand(count[(int)ZoneState.Free] == disk.Ledger.FreeCount, $"{disk.Name}: {count[(int)ZoneState.Free]} zones are free, {disk.Ledger.FreeCount} are counted.");
        Demand(count[(int)ZoneState.Releasing] == disk.Ledger.ReleasingCount, $"{disk.Name}: {count[(int)ZoneState.Releasing]} zones are being released, {disk.Ledger.ReleasingCount} are counted.");
        Demand(!isSurveyed || count[(int)ZoneState.Unknown] == 0, $"{disk.Name}: of {count[(int)ZoneState.Unknown]} zones nobody knows what they hold.");
        HashSet<int> taken = [];
        int live = 0;
        foreach (Chunk chunk in chunks)
        {
            foreach (ColumnPlace place in chunk.Columns.Where(place => place.Disk == disk.Number))
            {
                Demand(taken.Add(place.Zone), $"{disk.Name}: zone {place.Zone} is said to hold two columns.");
                ZoneState expected = chunk.State == ChunkState.Sealed ? ZoneState.Sealed : ZoneState.Open;
                Demand(disk.Ledger.StateOf(place.Zone) == expected, $"{disk.Name}: zone {place.Zone} holds a column of the {chunk.State} chunk {chunk.Id} and is {disk.Ledger.StateOf(place.Zone)}.");
                live += expected == ZoneState.Sealed ? 1 : 0;
            }
        }

        Demand(!isSurveyed || live == count[(int)ZoneState.Sealed], $"{disk.Name}: {count[(int)ZoneState.Sealed]} zones are sealed, {live} hold a column.");
    }
}
