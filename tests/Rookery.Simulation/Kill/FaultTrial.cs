// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// A disk of a pool begins to fail under a process that records. Recording goes on, nothing that was acknowledged is lost, the disk is shown as failed, and what it held is rebuilt onto the others: then the process is
/// killed, and everything must be there without that disk and without one more.
/// </summary>
public static class FaultTrial
{
    /// <summary>2+1 on five disks, with room.</summary>
    private const int Number = 0;

    /// <summary>Samples of each stream that become durable before the fault, and once more after the disk was given up.</summary>
    private const int Samples = 200;

    /// <param name="folder">An empty directory.</param>
    /// <param name="fault">What happens to the disk.</param>
    /// <returns>Samples that were acknowledged.</returns>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<long> RunAsync(string folder, DeviceFault fault)
    {
        KillCase pool = KillCase.All[Number];
        string[] disks = [.. Enumerable.Range(0, pool.Disks).Select(i => Path.Combine(folder, $"disk-{i}"))];
        string failing = disks[1];
        string catalog = Path.Combine(folder, "catalog.db");
        // Reads alone do not take a disk out of use.
        bool isGivenUp = fault != DeviceFault.Reads;
        using KilledProcess process = new(["poolkillchild", Number.ToString(CultureInfo.InvariantCulture), "1", catalog, !isGivenUp ? "" : fault == DeviceFault.Hangs ? KillTasks.OutlastHang : "outlast", .. disks]);
        await process.ReadUntilAsync(() => process.Durable.Min() >= Samples).ConfigureAwait(false);
        FaultyDevice.Set(failing, fault);
        if (isGivenUp)
        {
            await process.ReadUntilAsync(() => process.Said.Contains($"disk {failing} {DiskState.Failed}")).ConfigureAwait(false);
        }

        long after = process.Durable.Min();
        await process.ReadUntilAsync(() => process.Durable.Min() >= after + Samples).ConfigureAwait(false);
        if (isGivenUp)
        {
            await process.ReadUntilAsync(() => process.Said.Contains("nothing left to rebuild")).ConfigureAwait(false);
        }

        await process.KillAsync().ConfigureAwait(false);
        AcknowledgedLog log = new();
        KillPlan.Note(log, start: 1, process.Durable, stream => KillCase.ClassOf(1, stream));
        FaultyDevice.Clear(failing);
        // Of what was recorded while reads alone failed every column is there.
        await JudgeAsync(pool, catalog, isGivenUp ? [disks[0], disks[2], disks[3]] : [disks[0], disks[2], disks[3], disks[4]], log).ConfigureAwait(false);
        await JudgeAsync(pool, catalog, disks, log).ConfigureAwait(false);
        return process.Durable.Sum();
    }

    private static async Task JudgeAsync(KillCase pool, string catalog, IReadOnlyList<string> here, AcknowledgedLog log)
    {
        IReadOnlyList<FileBlockDevice> devices = FileBlockDevice.OpenPool([.. here.Select(path => new DiskSpec(path, SizeBytes: null))], here.ToHashSet(), _ => { });
        VideoStore store = await VideoStore.OpenAsync(devices, pool.Options(catalog) with { IsManual = true }, TimeProvider.System).ConfigureAwait(false);
        try
        {
            store.RecoverNow();
            ShownStore shown = await StoreReading.ReadAllAsync(store).ConfigureAwait(false);
            log.Check(shown, int.MaxValue, new Expectation { FewestChunks = int.MaxValue, FreesInOrder = false, IsBeyondRepair = log.IsFragile });
            log.Restarted(shown);
        }
        finally
        {
            await store.CrashAsync().ConfigureAwait(false);
            foreach (FileBlockDevice device in devices)
            {
                device.Dispose();
            }
        }
    }
}
