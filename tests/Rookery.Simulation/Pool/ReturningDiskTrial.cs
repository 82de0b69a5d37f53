// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>
/// One seed: disks of a pool are away for a while, or for two, and come back with what they held when they left; meanwhile others recorded on, retention freed chunks of theirs, and a disk that is not
/// of this pool may stand among them. Everything acknowledged is there, nothing that was gone comes back, and no foreign disk is written.
/// </summary>
public static class ReturningDiskTrial
{
    private const int Starts = 5;

    /// <param name="seed">Decides everything.</param>
    /// <param name="commits">Length of what is recorded between two starts.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int commits)
    {
        CrashReport report = new();
        Random random = new(seed);
        PoolWorkload plan = PoolWorkload.Draw(seed, commits, random.Next(2) == 0 ? (5, 9) : (20, 40));
        PoolLife life = new(plan);
        await using (life.ConfigureAwait(false))
        {
            int foreign = life.AddDisk(Foreign(plan.CapacitiesBytes[0], random));
            int[] away = [];
            for (int start = 0; start < Starts; start++)
            {
                try
                {
                    away = start == 0 ? [] : Away(plan, random);
                    report.Images++;
                    await LiveAsync(life, away, random.Next(2) == 0 && start > 0 ? foreign : null, start == 0 ? plan.Recording.Steps : More(plan, random), random).ConfigureAwait(false);
                }
                catch (Exception problem) when (problem is not OutOfMemoryException)
                {
                    throw new SimulationException($"Seed {seed}, {plan.Words}, start {start} without disks {string.Join(", ", away)}: {problem.Message}", problem);
                }
            }

            report.SimulatedTime += life.Lived;
        }

        return report;
    }

    private static async Task LiveAsync(PoolLife life, int[] away, int? foreign, IEnumerable<WorkloadStep> steps, Random random)
    {
        await life.StartAsync([.. Enumerable.Range(0, life.Plan.Disks).Except(away), .. foreign is { } stranger ? [stranger] : Array.Empty<int>()], random.Next(), joinsBlank: random.Next(2) == 0).ConfigureAwait(false);
        bool recordsFirst = random.Next(2) == 0;
        if (recordsFirst)
        {
            await life.Player.PlayAsync([new WorkloadStep.Append(0, [900, 20]), new WorkloadStep.Commit()]).ConfigureAwait(false);
        }

        life.Player.Recover();
        ShownStore shown = await life.CheckAsync(onlyAcknowledged: false).ConfigureAwait(false);
        life.Restarted(shown);
        await life.Player.PlayAsync(steps.Where(step => step is not WorkloadStep.Reopen)).ConfigureAwait(false);
        life.Player.Commit();
        await life.CheckAsync().ConfigureAwait(false);
        if (foreign is { } other && life.DiskHere(other).Log.Any(e => e is DiskEvent.Write))
        {
            throw new SimulationException("A disk that is not of this pool was written.");
        }

        await life.StopAsync(inOrder: random.Next(2) == 0).ConfigureAwait(false);
    }

    /// <summary>At most P disks, so that nothing may be missing, or one; also all that were there the last time, so that this start does not know of that one.</summary>
    private static int[] Away(PoolWorkload plan, Random random)
    {
        int most = Math.Min(Math.Max(1, plan.Layout.ParityColumns), plan.Disks - 1);
        return [.. Enumerable.Range(0, plan.Disks).OrderBy(_ => random.Next()).Take(random.Next(0, most + 1))];
    }

    private static IEnumerable<WorkloadStep> More(PoolWorkload plan, Random random) =>
        Workload.Draw(random.Next(), commits: 12).Steps.Where(step => PoolCrashTrial.IsFor(plan.Recording, step));

    /// <summary>A disk with a file system.</summary>
    private static DiskImage Foreign(long capacityBytes, Random random)
    {
        DiskImage image = new(capacityBytes);
        image.Overwrite(1024 + 56, [0x53, 0xEF]);
        byte[] bytes = new byte[8192];
        random.NextBytes(bytes);
        image.Overwrite(4096, bytes);
        return image;
    }
}
