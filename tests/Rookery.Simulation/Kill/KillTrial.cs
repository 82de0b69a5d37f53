// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// A real process on a real file or block device, killed with SIGKILL again and again; after each kill the store is opened and must show all that the process had said to be durable.
/// The kill comes after a drawn number of lines from the process, so that a slow machine changes nothing.
/// </summary>
public static class KillTrial
{
    /// <param name="disk">A path where there is no file yet, or a blank block device.</param>
    /// <param name="kills">How often.</param>
    /// <param name="seed">Decides after how many lines.</param>
    /// <returns>Samples that were acknowledged in all.</returns>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<long> RunAsync(string disk, int kills, int seed)
    {
        Random random = new(seed);
        AcknowledgedLog log = new();
        long acknowledged = 0;
        for (int start = 1; start <= kills; start++)
        {
            long[] durable = await RecordUntilKilledAsync(disk, start, lines: random.Next(0, 5 * KillPlan.Streams)).ConfigureAwait(false);
            acknowledged += durable.Sum();
            KillPlan.Note(log, start, durable, _ => default);
            try
            {
                await JudgeAsync(disk, log, closesInOrder: random.Next(3) == 0).ConfigureAwait(false);
            }
            catch (SimulationException problem)
            {
                throw new SimulationException($"Seed {seed}, kill {start}: {problem.Message}", problem);
            }
        }

        return acknowledged;
    }

    private static async Task<long[]> RecordUntilKilledAsync(string disk, int start, int lines)
    {
        using KilledProcess process = new("killchild", disk, start.ToString(CultureInfo.InvariantCulture));
        await process.ReadAsync(lines).ConfigureAwait(false);
        await process.KillAsync().ConfigureAwait(false);
        return process.Durable;
    }

    private static async Task JudgeAsync(string disk, AcknowledgedLog log, bool closesInOrder)
    {
        FileBlockDevice device = FileBlockDevice.OpenOrCreate(new DiskSpec(disk, SizeBytes: null));
        VideoStore store = await VideoStore.OpenAsync(device, KillPlan.Options, TimeProvider.System).ConfigureAwait(false);
        await store.Recovered.ConfigureAwait(false);
        ShownStore shown = await StoreReading.ReadAllAsync(store).ConfigureAwait(false);
        int fewest = (int)(KillPlan.DiskBytes / KillPlan.Options.ZoneBytes!.Value) - KillPlan.Options.FreeZonesAhead - 5;
        log.Check(shown, int.MaxValue, Losses.None, onlyAcknowledged: false, fewest);
        log.Restarted(shown);
        if (closesInOrder)
        {
            await store.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            await store.CrashAsync().ConfigureAwait(false);
        }
    }
}
