// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>
/// One seed: a pool is recorded to once; then, for every boundary between two writes or flushes of any disk, images of all disks that a crash of the machine at that instant can leave are opened and
/// judged. From some of them recording goes on, also before recovery, and crashes again. Where no disk had failed before, up to P disks may be gone after the crash besides.
/// </summary>
public static class PoolCrashTrial
{
    private const int MostFutures = 2;
    private const int MostBoundariesOfLongLife = 80;

    /// <param name="seed">Decides pool, workload, images and faults.</param>
    /// <param name="commits">Length of the workload.</param>
    /// <param name="imagesPerBoundary">At most about so many images at each boundary.</param>
    /// <param name="hasErrors">Writes and flushes of some disks fail now and then.</param>
    /// <param name="hasPolicies">Holds are made and released, and classes change: a long life, of which some boundaries are tried.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int commits, int imagesPerBoundary, bool hasErrors, bool hasPolicies = false)
    {
        CrashReport report = new();
        PoolWorkload plan = PoolWorkload.Draw(seed, commits, new Random(seed).Next(2) == 0 ? (5, 8) : (12, 16));
        plan = hasPolicies ? plan with { Recording = PolicySteps.Into(plan.Recording, plan.Disks) } : plan;
        PoolLife life = new(plan);
        await using (life.ConfigureAwait(false))
        {
            try
            {
                await life.StartAsync(Enumerable.Range(0, plan.Disks), seed).ConfigureAwait(false);
                await RecordAsync(life, plan.Recording.Steps, unrecovered: 0, hasErrors, new Random(seed)).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                throw new SimulationException($"Seed {seed}, {plan.Words}, while recording: {problem.Message}", problem);
            }

            await EveryBoundaryAsync(life, imagesPerBoundary, generation: 0, mayLoseDisks: !hasErrors && !hasPolicies, report, most: hasPolicies ? MostBoundariesOfLongLife : int.MaxValue).ConfigureAwait(false);
            report.SimulatedTime += life.Lived;
        }

        return report;
    }

    /// <summary>Opens, after a crash at every boundary of a life that was played, what the crash can leave.</summary>
    internal static async Task EveryBoundaryAsync(PoolLife life, int imagesPerBoundary, int generation, bool mayLoseDisks, CrashReport report, int from = 0, int most = int.MaxValue)
    {
        Random random = new(life.Plan.Seed ^ (generation * 31337));
        PoolImages crash = new(life.Running, random.Next(4) == 0 ? 512 : 4096);
        int end = life.Running.Boundary;
        int step = Math.Max(1, (end - from) / most);
        for (int boundary = from + random.Next(step); boundary <= end; boundary += step)
        {
            crash.MoveTo(boundary);
            report.Boundaries++;
            int number = 0;
            foreach (DiskImage[] images in crash.Images(imagesPerBoundary, random))
            {
                report.Images++;
                try
                {
                    await OneImageAsync(life, images, boundary, generation, mayLoseDisks, most, random, report).ConfigureAwait(false);
                }
                catch (Exception problem) when (problem is not OutOfMemoryException)
                {
                    throw new SimulationException(
                        $"Seed {life.Plan.Seed}, {life.Plan.Words}, generation {generation}, crash at boundary {boundary} of {end}, image {number}: {problem.Message}", problem);
                }

                number++;
            }
        }
    }

    private static async Task OneImageAsync(PoolLife before, DiskImage[] images, int boundary, int generation, bool mayLoseDisks, int most, Random random, CrashReport report)
    {
        PoolLife life = before.CrashedAt(boundary, images);
        await using (life.ConfigureAwait(false))
        {
            int[] here = [.. before.Here.Except(mayLoseDisks && life.Log.HasAcknowledged && random.Next(4) == 0 ? Lost(before.Plan, random) : [])];
            await life.StartAsync(here, random.Next()).ConfigureAwait(false);
            if (random.Next(4) == 0)
            {
                // Recording resumes before anything is recovered.
                await life.Player.PlayAsync([new WorkloadStep.Append(0, [700, 20]), new WorkloadStep.Commit()]).ConfigureAwait(false);
            }

            life.Player.Recover();
            ShownStore shown = await life.CheckAsync(onlyAcknowledged: false).ConfigureAwait(false);
            life.Restarted(shown);

            // Going on costs as much as a whole trial, so only a few images get a future.
            if (generation < 2 && here.Length == images.Length && report.Futures < MostFutures && random.Next(40) == 0)
            {
                report.Futures++;
                await life.StopAsync(inOrder: false).ConfigureAwait(false);
                await GoOnAsync(life, generation + 1, most, random, report).ConfigureAwait(false);
            }
        }
    }

    private static async Task GoOnAsync(PoolLife life, int generation, int most, Random random, CrashReport report)
    {
        Workload future = Workload.Draw(random.Next(), commits: 6);
        await life.StartAsync(Enumerable.Range(0, life.Plan.Disks), random.Next()).ConfigureAwait(false);
        await RecordAsync(life, future.Steps.Where(step => IsFor(life.Plan.Recording, step)), unrecovered: random.Next(0, 30), hasErrors: false, random).ConfigureAwait(false);
        await EveryBoundaryAsync(life, imagesPerBoundary: 3, generation, mayLoseDisks: false, report, most: most).ConfigureAwait(false);
    }

    /// <summary>Plays steps, checks the running store, and closes it in order.</summary>
    private static async Task RecordAsync(PoolLife life, IEnumerable<WorkloadStep> steps, int unrecovered, bool hasErrors, Random random)
    {
        await life.Player.PlayAsync(steps.Take(unrecovered).Where(step => step is not WorkloadStep.Reopen)).ConfigureAwait(false);
        life.Player.Recover();
        if (hasErrors)
        {
            int failing = random.Next(1, life.Plan.Disks + 1);
            foreach (int disk in Enumerable.Range(0, life.Plan.Disks).OrderBy(_ => random.Next()).Take(failing))
            {
                life.SetFaults(disk, new DiskFaults { WriteError = 0.03, FlushError = 0.03, Stall = 0.02 });
            }
        }

        await life.Player.PlayAsync(steps.Skip(unrecovered)).ConfigureAwait(false);
        foreach (SimulatedDisk disk in life.Running.Disks)
        {
            disk.Faults = DiskFaults.None;
        }

        life.Clock.Advance(TimeSpan.FromSeconds(30));
        life.Player.Commit();
        await life.CheckAsync().ConfigureAwait(false);
        await life.Player.CloseAsync().ConfigureAwait(false);
    }

    private static int[] Lost(PoolWorkload plan, Random random) =>
        [.. Enumerable.Range(0, plan.Disks).OrderBy(_ => random.Next()).Take(random.Next(0, Math.Min(plan.Layout.ParityColumns, plan.Disks - 1) + 1))];

    internal static bool IsFor(Workload workload, WorkloadStep step) => step switch
    {
        WorkloadStep.Append append => append.Stream < workload.Streams,
        WorkloadStep.ChangeFormat change => change.Stream < workload.Streams,
        WorkloadStep.EndRun end => end.Stream < workload.Streams,
        _ => true,
    };
}
