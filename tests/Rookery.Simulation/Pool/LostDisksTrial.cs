// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>
/// One seed: a pool is recorded to, and then opened again and again with disks gone: every set of up to P of them must cost nothing, one more may cost the chunks that lost more than P columns, and
/// never shows a wrong byte. Recording goes on at once on what is left.
/// </summary>
public static class LostDisksTrial
{
    private const int MostSets = 24;

    /// <param name="seed">Decides everything.</param>
    /// <param name="commits">Length of the workload.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int commits)
    {
        CrashReport report = new();
        Random random = new(seed);
        PoolWorkload plan = PoolWorkload.Draw(seed, commits, random.Next(2) == 0 ? (5, 9) : (16, 24));
        PoolLife life = new(plan);
        await using (life.ConfigureAwait(false))
        {
            await RecordAsync(life, random).ConfigureAwait(false);
            foreach (int[] lost in Sets(plan, random))
            {
                report.Images++;
                try
                {
                    await LoseAsync(life, lost, random.Next(), report).ConfigureAwait(false);
                }
                catch (Exception problem) when (problem is not OutOfMemoryException)
                {
                    throw new SimulationException($"Seed {seed}, {plan.Words}, without disks {string.Join(", ", lost)}: {problem.Message}", problem);
                }
            }

            report.SimulatedTime += life.Lived;
        }

        return report;
    }

    private static async Task RecordAsync(PoolLife life, Random random)
    {
        await life.StartAsync(Enumerable.Range(0, life.Plan.Disks), life.Plan.Seed).ConfigureAwait(false);
        life.Player.Recover();
        await life.Player.PlayAsync(life.Plan.Recording.Steps).ConfigureAwait(false);
        life.Player.Commit();
        await life.CheckAsync().ConfigureAwait(false);
        await life.StopAsync(inOrder: random.Next(2) == 0).ConfigureAwait(false);
    }

    private static async Task LoseAsync(PoolLife whole, int[] lost, int seed, CrashReport report)
    {
        PoolLife life = whole.Fork();
        await using (life.ConfigureAwait(false))
        {
            await life.StartAsync(Enumerable.Range(0, life.Plan.Disks).Except(lost), seed).ConfigureAwait(false);
            Random random = new(seed);
            WorkloadStep[] more = [new WorkloadStep.Append(0, [900, 400, 1200]), new WorkloadStep.Commit()];
            if (random.Next(2) == 0)
            {
                // Recording resumes before anything is recovered.
                await life.Player.PlayAsync(more).ConfigureAwait(false);
            }

            life.Player.Recover();
            ShownStore shown = await life.CheckAsync(onlyAcknowledged: false).ConfigureAwait(false);
            life.Restarted(shown);
            await life.Player.PlayAsync(more).ConfigureAwait(false);
            await life.CheckAsync().ConfigureAwait(false);
            report.Futures++;
        }
    }

    /// <summary>Sets of disks to be lost: all of up to P, and some of one more; a choice when they are many.</summary>
    private static IEnumerable<int[]> Sets(PoolWorkload plan, Random random)
    {
        int most = Math.Min(plan.Layout.ParityColumns + 1, plan.Disks - 1);
        int[][] all = [.. Enumerable.Range(0, 1 << plan.Disks)
            .Where(set => int.PopCount(set) <= most)
            .Select(set => Enumerable.Range(0, plan.Disks).Where(disk => (set >> disk & 1) != 0).ToArray())];
        return all.Length <= MostSets ? all : all.OrderBy(_ => random.Next()).Take(MostSets);
    }
}
