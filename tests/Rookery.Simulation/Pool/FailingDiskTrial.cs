// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>
/// One seed: one disk of a pool fails while it is recorded to, at its k-th write or flush, for every k: once, for good, or so that it cannot be read either. Nothing acknowledged is lost, recording
/// goes on on the others within the same commit, and the pool opens afterwards, with that disk and without it.
/// </summary>
public static class FailingDiskTrial
{
    private enum Failure
    {
        Once,
        ForGood,
        Gone,

        /// <summary>One job hangs, and lands twenty seconds later, while others go on.</summary>
        Hangs,
    }

    /// <param name="seed">Decides pool, workload and which disk.</param>
    /// <param name="commits">Length of the workload.</param>
    /// <param name="mostCalls">At most so many k are tried, spread evenly.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int commits, int mostCalls)
    {
        CrashReport report = new();
        Random random = new(seed);
        PoolWorkload plan = PoolWorkload.Draw(seed, commits, (12, 20));
        int victim = random.Next(plan.Disks);
        (int allCalls, int allJobs) = await CountCallsAsync(plan, victim).ConfigureAwait(false);
        foreach (Failure failure in Enum.GetValues<Failure>())
        {
            int calls = failure == Failure.Hangs ? allJobs : allCalls;
            double step = Math.Max(1, (double)calls / mostCalls);
            for (double at = random.NextDouble() * (step - 1); at < calls; at += step)
            {
                report.Boundaries++;
                try
                {
                    await FailAsync(plan, victim, (int)at, failure, report).ConfigureAwait(false);
                }
                catch (Exception problem) when (problem is not OutOfMemoryException)
                {
                    throw new SimulationException($"Seed {seed}, {plan.Words}, disk {victim} fails {failure} from call {(int)at} of {calls}: {problem.Message}", problem);
                }
            }
        }

        return report;
    }

    private static async Task<(int Calls, int Jobs)> CountCallsAsync(PoolWorkload plan, int victim)
    {
        PoolLife life = new(plan);
        await using (life.ConfigureAwait(false))
        {
            await life.StartAsync(Enumerable.Range(0, plan.Disks), plan.Seed).ConfigureAwait(false);
            await life.Player.PlayAsync(Steps(plan)).ConfigureAwait(false);
            return (life.DiskHere(victim).Changes, life.DiskHere(victim).Jobs);
        }
    }

    private static async Task FailAsync(PoolWorkload plan, int victim, int call, Failure failure, CrashReport report)
    {
        PoolLife life = new(plan);
        await using (life.ConfigureAwait(false))
        {
            await life.StartAsync(Enumerable.Range(0, plan.Disks), plan.Seed).ConfigureAwait(false);
            life.Player.Recover();
            life.SetFaults(victim, failure == Failure.Hangs
                ? new DiskFaults { HangingJob = call }
                : new DiskFaults { FailingCalls = (call, failure == Failure.Once ? call + 1 : int.MaxValue), ReadsFailToo = failure == Failure.Gone });
            await life.Player.PlayAsync(Steps(plan)).ConfigureAwait(false);
            // A single copy goes with its disk.
            bool isSingle = plan.Layout.ParityColumns == 0;
            if (!isSingle || failure != Failure.Gone)
            {
                await life.CheckAsync().ConfigureAwait(false);
            }

            if (failure == Failure.Gone)
            {
                life.SetFaults(victim, DiskFaults.None);
                await life.CheckAsync().ConfigureAwait(false);
            }

            await life.StopAsync(inOrder: (call & 1) == 0).ConfigureAwait(false);
            await ReopenAsync(life.Fork(), Enumerable.Range(0, plan.Disks)).ConfigureAwait(false);
            if (plan.Disks > 1)
            {
                await ReopenAsync(life.Fork(), Enumerable.Range(0, plan.Disks).Where(disk => disk != victim)).ConfigureAwait(false);
            }

            if (failure is Failure.Once or Failure.Hangs && !isSingle)
            {
                // What was acknowledged, before and after, stands on all disks of its chunk: any other may go.
                await ReopenAsync(life.Fork(), Enumerable.Range(0, plan.Disks).Where(disk => disk != (victim + 1) % plan.Disks)).ConfigureAwait(false);
            }

            report.Images += 2;
            report.SimulatedTime += life.Lived;
        }
    }

    private static async Task ReopenAsync(PoolLife life, IEnumerable<int> disks)
    {
        await using (life.ConfigureAwait(false))
        {
            await life.StartAsync(disks, life.Plan.Seed).ConfigureAwait(false);
            life.Player.Recover();
            ShownStore shown = await life.CheckAsync(onlyAcknowledged: false).ConfigureAwait(false);
            life.Restarted(shown);
            await life.Player.PlayAsync([new WorkloadStep.Append(0, [700, 20]), new WorkloadStep.Commit()]).ConfigureAwait(false);
            await life.CheckAsync().ConfigureAwait(false);
        }
    }

    private static IEnumerable<WorkloadStep> Steps(PoolWorkload plan) => plan.Recording.Steps.Where(step => step is not WorkloadStep.Reopen);
}
