// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What a start reads of a disk that is nearly full of footage, after a crash and without a catalog: the dearest start there is.</summary>
/// <param name="CapacityBytes">Size of the disk.</param>
/// <param name="ToRecordBytes">Read before recording could begin.</param>
/// <param name="ToRecoverBytes">Read until every record was known again.</param>
public sealed record StartCost(long CapacityBytes, long ToRecordBytes, long ToRecoverBytes)
{
    public static async Task<StartCost> MeasureAsync()
    {
        const int Zones = 48;
        Workload workload = new()
        {
            Seed = 0,
            CapacityBytes = (2 << 20) + (Zones << 20),
            Options = new StoreOptions { ZoneBytes = 1 << 20, MaximumFrameBytes = 256 << 10, IsManual = true, Identity = 1 },
            Streams = 4,
            Classes = 1,
            Steps = [],
        };
        SimulatedClock clock = new();
        SimulatedDisk disk = new(new DiskImage(workload.CapacityBytes), seed: 0, clock);
        AcknowledgedLog log = new();
        int[] sizes = [12_000, .. Enumerable.Repeat(4_000, 9)];
        IEnumerable<WorkloadStep> commit = [.. Enumerable.Range(0, workload.Streams).Select(stream => new WorkloadStep.Append(stream, sizes)), new WorkloadStep.Commit()];
        await using (WorkloadPlayer player = await WorkloadPlayer.OpenAsync(workload, disk, clock, log).ConfigureAwait(false))
        {
            for (int i = 0; i < 230; i++)
            {
                await player.PlayAsync(commit).ConfigureAwait(false);
            }
        }

        SimulatedDisk after = new(disk.Current);
        await using WorkloadPlayer again = await WorkloadPlayer.OpenAsync(workload, after, clock, log).ConfigureAwait(false);
        long toRecord = after.BytesRead;
        again.Recover();
        long toRecover = after.BytesRead;
        log.Check(
            await StoreReading.ReadAllAsync(again.Store).ConfigureAwait(false), disk.Boundary, Losses.None, onlyAcknowledged: true, fewestChunks: Zones - 4);
        return new StartCost(workload.CapacityBytes, toRecord, toRecover);
    }
}
