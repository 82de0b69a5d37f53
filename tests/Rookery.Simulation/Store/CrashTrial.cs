// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What a trial did.</summary>
public sealed record CrashReport
{
    /// <summary>Places between two events of the disk where a crash was tried.</summary>
    public int Boundaries { get; set; }

    /// <summary>Images opened and judged, of all boundaries together.</summary>
    public int Images { get; set; }

    /// <summary>Images from which recording went on, to crash again.</summary>
    public int Futures { get; set; }

    /// <summary>Virtual time that went by while the stores ran.</summary>
    public TimeSpan SimulatedTime { get; set; }

    /// <summary>Most bytes that one start read before it could record.</summary>
    public long MostReadToStart { get; set; }

    /// <summary>Most bytes that one start read until recovery was done.</summary>
    public long MostReadToRecover { get; set; }

    public void Add(CrashReport other)
    {
        Boundaries += other.Boundaries;
        Images += other.Images;
        Futures += other.Futures;
        SimulatedTime += other.SimulatedTime;
        MostReadToStart = Math.Max(MostReadToStart, other.MostReadToStart);
        MostReadToRecover = Math.Max(MostReadToRecover, other.MostReadToRecover);
    }
}

/// <summary>
/// One seed: a workload is played once on a simulated disk; then, for every boundary between two writes or flushes, images that a crash there can leave are opened and judged by
/// <see cref="AcknowledgedLog"/>. From some of them recording goes on, and crashes again.
/// </summary>
public static class CrashTrial
{
    private const int MostFutures = 2;

    /// <param name="seed">Decides workload, images and faults.</param>
    /// <param name="commits">Length of the workload.</param>
    /// <param name="imagesPerBoundary">At most so many images at each boundary.</param>
    /// <param name="faults">How a disk of so many bytes misbehaves while it is recorded to.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int commits, int imagesPerBoundary, Func<long, DiskFaults> faults)
    {
        CrashReport report = new();
        Workload workload = Workload.Draw(seed, commits);
        SimulatedClock clock = new();
        SimulatedDisk disk = new(new DiskImage(workload.CapacityBytes), seed, clock);
        AcknowledgedLog log = new();
        await PlayAsync(workload, workload.Steps, disk, clock, log, faults(workload.CapacityBytes), unrecovered: 0).ConfigureAwait(false);
        await EveryBoundaryAsync(workload, disk, log, imagesPerBoundary, generation: 0, report).ConfigureAwait(false);
        return report;
    }

    /// <summary>Plays steps, checks the running store, and closes it in order.</summary>
    /// <remarks>The first <paramref name="unrecovered"/> steps come before recovery, as they do when recording begins at once.</remarks>
    private static async Task PlayAsync(
        Workload workload, IEnumerable<WorkloadStep> steps, SimulatedDisk disk, SimulatedClock clock, AcknowledgedLog log, DiskFaults faults, int unrecovered)
    {
        await using WorkloadPlayer player = await WorkloadPlayer.OpenAsync(workload, disk, clock, log).ConfigureAwait(false);
        await player.PlayAsync(steps.Take(unrecovered).Where(step => step is not WorkloadStep.Reopen)).ConfigureAwait(false);
        player.Recover();
        disk.Faults = faults;
        await player.PlayAsync(steps.Skip(unrecovered)).ConfigureAwait(false);
        disk.Faults = DiskFaults.None;
        player.Commit();
        log.Check(
            await StoreReading.ReadAllAsync(player.Store).ConfigureAwait(false), disk.Boundary, Losses.None, onlyAcknowledged: true, FewestChunks(workload));
        await player.CloseAsync().ConfigureAwait(false);
    }

    private static async Task EveryBoundaryAsync(Workload workload, SimulatedDisk disk, AcknowledgedLog log, int imagesPerBoundary, int generation, CrashReport report)
    {
        IReadOnlyList<DiskEvent> events = disk.Log;
        Random random = new(workload.Seed ^ (generation * 31337));
        CrashImages crash = new(disk.Initial, events, random.Next(4) == 0 ? 512 : 4096);
        for (int boundary = 0; boundary <= events.Count; boundary++)
        {
            crash.MoveTo(boundary);
            report.Boundaries++;
            int number = 0;
            foreach (DiskImage image in crash.Images(imagesPerBoundary, random))
            {
                report.Images++;
                try
                {
                    await OneImageAsync(workload, image, log, boundary, generation, random, report).ConfigureAwait(false);
                }
                catch (Exception problem) when (problem is not OutOfMemoryException)
                {
                    throw new SimulationException($"Seed {workload.Seed}, generation {generation}, crash at boundary {boundary} of {events.Count}, image {number}: {problem.Message}", problem);
                }

                number++;
            }
        }
    }

    private static async Task OneImageAsync(Workload workload, DiskImage image, AcknowledgedLog log, int boundary, int generation, Random random, CrashReport report)
    {
        SimulatedDisk disk = new(image, random.Next());
        AcknowledgedLog branch = log.CopyAt(boundary);
        SimulatedClock clock = new();
        clock.Advance(TimeSpan.FromDays(1));
        await using (WorkloadPlayer player = await WorkloadPlayer.OpenAsync(workload, disk, clock, branch).ConfigureAwait(false))
        {
            report.MostReadToStart = Math.Max(report.MostReadToStart, disk.BytesRead);
            player.Recover();
            report.MostReadToRecover = Math.Max(report.MostReadToRecover, disk.BytesRead);
            ShownStore shown = await StoreReading.ReadAllAsync(player.Store).ConfigureAwait(false);
            branch.Check(shown, int.MinValue, Losses.None, onlyAcknowledged: false, FewestChunks(workload));
            branch.Restarted(shown);
        }

        // Going on costs as much as a whole trial, so only a few images get a future.
        if (generation < 2 && report.Futures < MostFutures && random.Next(30) == 0)
        {
            report.Futures++;
            clock = new SimulatedClock();
            clock.Advance(TimeSpan.FromHours(log.Runs.Count));
            SimulatedDisk next = new(image, random.Next(), clock);
            Workload future = Workload.Draw(random.Next(), commits: 12);
            await PlayAsync(workload, future.Steps.Where(step => IsFor(workload, step)), next, clock, branch, DiskFaults.None, unrecovered: random.Next(0, 60)).ConfigureAwait(false);
            await EveryBoundaryAsync(workload with { Seed = random.Next() }, next, branch, imagesPerBoundary: 4, generation + 1, report).ConfigureAwait(false);
        }
    }

    private static bool IsFor(Workload workload, WorkloadStep step) => step switch
    {
        WorkloadStep.Append append => append.Stream < workload.Streams,
        WorkloadStep.ChangeFormat change => change.Stream < workload.Streams,
        WorkloadStep.EndRun end => end.Stream < workload.Streams,
        _ => true,
    };

    /// <summary>
    /// Chunks below which retention has no reason to free any: all zones but those kept free ahead, and per head one being written, one just begun and one given
    /// back after a crash.
    /// </summary>
    private static int FewestChunks(Workload workload)
    {
        long zones = (workload.CapacityBytes - (1 << 20) - (128 << 10)) / workload.Options.ZoneBytes!.Value;
        return (int)Math.Max(1, zones - workload.Options.FreeZonesAhead - 1 - (2 * workload.Heads));
    }
}
