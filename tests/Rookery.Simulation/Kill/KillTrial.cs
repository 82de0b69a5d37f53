// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// A real process on a real file or block device, killed with SIGKILL again and again; after each kill the store is opened and must show all that the process had said to be durable.
/// The kill comes after a drawn number of lines from the process, so that a slow machine changes nothing.
/// </summary>
public static class KillTrial
{
    /// <summary>More than a child can have appended past its last line: it stays within its lead of the watermark.</summary>
    private const int SamplesBeyond = 400;

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
            Note(log, start, durable);
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
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Rookery.Simulation"))
            {
                ArgumentList = { "killchild", disk, start.ToString(CultureInfo.InvariantCulture) },
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        process.Start();
        long[] durable = new long[KillPlan.Streams];
        try
        {
            for (int seen = 0; seen < lines && await ReadAsync(process, durable).ConfigureAwait(false); seen++)
            {
            }
        }
        finally
        {
            process.Kill();
        }

        // What was said before the kill counts as well; the last line may be half.
        while (await ReadAsync(process, durable).ConfigureAwait(false))
        {
        }

        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 128 + 9
            ? durable
            : throw new SimulationException($"The recording process ended by itself with code {process.ExitCode}.");
    }

    private static async Task<bool> ReadAsync(Process process, long[] durable)
    {
        string? line = await process.StandardOutput.ReadLineAsync().ConfigureAwait(false);
        if (line is null)
        {
            return false;
        }

        // A cut line must not be taken for a smaller number of another stream; it is the last, and is not counted.
        string[] words = line.Split(' ');
        if (words.Length == 2 && int.TryParse(words[0], CultureInfo.InvariantCulture, out int stream)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out long samples) && samples > durable[stream])
        {
            durable[stream] = samples;
        }

        return true;
    }

    private static void Note(AcknowledgedLog log, int start, long[] durable)
    {
        List<(LoggedRun, long)> watermarks = [];
        for (int stream = 0; stream < durable.Length; stream++)
        {
            LoggedRun run = log.Begin(KillPlan.Run(start, stream));
            for (int i = 0; i < durable[stream] + SamplesBeyond; i++)
            {
                log.Append(run, KillPlan.Sample(start, stream, i));
            }

            watermarks.Add((run, durable[stream]));
        }

        log.Acknowledge(boundary: start, watermarks, _ => false);
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
