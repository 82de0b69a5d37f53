// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// One seed: the life of a pool over many starts in which everything happens together. At most P of its disks are unlucky: they rot, take writes at wrong places, fail, are away, come back stale, are
/// replaced by blank ones. Disks join and are drained, columns are rebuilt and verified, retention changes, the machine crashes. As long as the others live, nothing acknowledged is ever lost,
/// and recording goes on at every start.
/// </summary>
public static class PoolLivesTrial
{
    private const int MostDisks = 10;

    /// <param name="seed">Decides everything.</param>
    /// <param name="starts">How often the pool is opened.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int starts)
    {
        CrashReport report = new();
        Random random = new(seed);
        PoolWorkload plan = PoolWorkload.Draw(seed, commits: 12, random.Next(2) == 0 ? (6, 10) : (30, 40));
        // Disks that join twice, because a crash came between, must not have the same identity: they draw one.
        plan = plan with { Recording = plan.Recording with { Options = plan.Recording.Options with { Identity = null }, MayLeaveZonesUnknown = true } };
        int[] unlucky = [.. Enumerable.Range(0, plan.Disks).OrderBy(_ => random.Next()).Take(Math.Min(plan.Layout.ParityColumns, plan.Disks - 1))];
        PoolLife life = new(plan) { Suspects = unlucky.ToHashSet() };
        var disks = new List<int>(Enumerable.Range(0, plan.Disks));
        List<string> story = [];
        for (int start = 0; start < starts; start++)
        {
            story.Add($"\n  start {start}");
            try
            {
                life = await LiveAsync(life, disks, unlucky, start == 0, story, random, report).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                await life.DisposeAsync().ConfigureAwait(false);
                throw new SimulationException($"Seed {seed}, {plan.Words}, unlucky {string.Join(", ", unlucky)}: {problem.Message}{string.Join(", ", story)}", problem);
            }
        }

        report.SimulatedTime += life.Lived;
        return report;
    }

    private static async Task<PoolLife> LiveAsync(PoolLife life, List<int> disks, int[] unlucky, bool isFirst, List<string> story, Random random, CrashReport report)
    {
        int[] away = isFirst ? [] : [.. unlucky.Where(_ => random.Next(3) == 0)];
        if (!isFirst && unlucky.Length > 0 && random.Next(8) == 0)
        {
            int replaced = unlucky[random.Next(unlucky.Length)];
            life.SetImage(replaced, new DiskImage(life.Images[replaced].CapacityBytes));
            story.Add($"{replaced} replaced by a blank one");
        }

        if (!isFirst && unlucky.Length > 0 && random.Next(4) == 0)
        {
            int rotten = unlucky[random.Next(unlucky.Length)];
            life.SetImage(rotten, Damaged(life.Images[rotten], random));
            story.Add($"{rotten} rots");
        }

        story.Add($"without [{string.Join(", ", away)}]");
        await life.StartAsync(disks.Except(away), random.Next(), joinsBlank: random.Next(2) == 0).ConfigureAwait(false);
        report.Images++;
        if (random.Next(2) == 0)
        {
            story.Add("records first");
            await life.Player.PlayAsync([new WorkloadStep.Append(0, [900, 20]), new WorkloadStep.Commit()]).ConfigureAwait(false);
        }

        story.Add("recovers");
        life.Player.Recover();
        ShownStore shown = await life.CheckAsync(onlyAcknowledged: false).ConfigureAwait(false);
        life.Restarted(shown);
        foreach (int disk in unlucky.Except(away).Where(_ => random.Next(4) == 0))
        {
            story.Add($"{disk} errs");
            life.SetFaults(disk, Faults(random));
        }

        foreach (WorkloadStep[] steps in Steps(life.Plan, random).Chunk(8))
        {
            await life.Player.PlayAsync(steps).ConfigureAwait(false);
            await ManageAsync(life, disks, unlucky, story, random).ConfigureAwait(false);
        }

        foreach (SimulatedDisk disk in life.Running.Disks)
        {
            disk.Faults = DiskFaults.None;
        }

        story.Add("checks");
        life.Player.Commit();
        await life.CheckAsync().ConfigureAwait(false);
        return await EndAsync(life, story, random, report).ConfigureAwait(false);
    }

    /// <summary>What an operator and the store's own care do now and then.</summary>
    private static async Task ManageAsync(PoolLife life, List<int> disks, int[] unlucky, List<string> story, Random random)
    {
        VideoStore store = life.Player.Store;
        // Only an unlucky disk is drained: columns of the others stay where they are, so that the promise stays simple.
        switch (random.Next(16))
        {
            case 0:
                story.Add("rebuilds");
                await store.RebuildNowAsync(missingCount: random.Next(2) == 0).ConfigureAwait(false);
                break;
            case 1:
                story.Add("scrubs");
                await store.ScrubNowAsync().ConfigureAwait(false);
                await store.RebuildNowAsync().ConfigureAwait(false);
                break;
            case 2 when unlucky.Length > 0 && unlucky[random.Next(unlucky.Length)] is var disk && life.Here.Contains(disk) && life.Player.Store.Status.Disks.Any(d => d.Name == life.DiskHere(disk).Name && d.State == DiskState.Online):
                story.Add($"drains {disk}");
                await store.DrainAsync(life.NumberOf(disk)).ConfigureAwait(false);
                await store.RebuildNowAsync().ConfigureAwait(false);
                break;
            case 3 when unlucky.Length > 0 && unlucky[0] is var used && life.Here.Contains(used) && store.Status.Disks.Any(d => d.Name == life.DiskHere(used).Name && d.State == DiskState.Draining):
                story.Add($"uses {used} again");
                await store.UseAgainAsync(life.NumberOf(used)).ConfigureAwait(false);
                break;
            case 4:
                story.Add("a minute");
                life.Skip(TimeSpan.FromMinutes(1));
                break;
            case 5 when disks.Count < MostDisks:
                disks.Add(life.AddDiskNow(new DiskImage(life.Plan.CapacitiesBytes[0])));
                story.Add($"adds {disks[^1]}");
                await store.AddDiskAsync(life.DiskHere(disks[^1])).ConfigureAwait(false);
                break;
        }
    }

    private static async Task<PoolLife> EndAsync(PoolLife life, List<string> story, Random random, CrashReport report)
    {
        if (random.Next(3) == 0)
        {
            story.Add("ends in order");
            await life.StopAsync(inOrder: true).ConfigureAwait(false);
            return life;
        }

        if (random.Next(2) == 0)
        {
            story.Add("is killed");
            await life.StopAsync(inOrder: false).ConfigureAwait(false);
            return life;
        }

        // Somewhere in what happened last.
        int boundary = random.Next(Math.Max(0, life.Running.Boundary - 60), life.Running.Boundary + 1);
        story.Add($"crashes at {boundary} of {life.Running.Boundary}");
        PoolImages crash = new(life.Running, random.Next(4) == 0 ? 512 : 4096);
        crash.MoveTo(boundary);
        DiskImage[][] images = [.. crash.Images(8, random)];
        report.Boundaries++;
        PoolLife next = life.CrashedAt(boundary, images[random.Next(images.Length)]);
        await life.DisposeAsync().ConfigureAwait(false);
        return next;
    }

    private static DiskFaults Faults(Random random) => random.Next(5) switch
    {
        0 => new DiskFaults { Misdirection = 0.02 },
        1 => new DiskFaults { ReadError = 0.02, ReadFlip = 0.02 },
        2 => new DiskFaults { WriteError = 0.05, FlushError = 0.05 },
        3 => new DiskFaults { FailingCalls = (random.Next(20, 200), int.MaxValue), ReadsFailToo = random.Next(2) == 0 },
        _ => new DiskFaults { WriteError = 0.02, ReadError = 0.01, Stall = 0.05 },
    };

    /// <summary>Pages that are zero, hold what stood elsewhere, or have a wrong bit.</summary>
    private static DiskImage Damaged(DiskImage image, Random random)
    {
        image = image.Copy();
        int[] pages = [.. image.WrittenPages()];
        for (int left = pages.Length == 0 ? 0 : random.Next(1, 20); left > 0; left--)
        {
            int page = pages[random.Next(pages.Length)];
            switch (random.Next(4))
            {
                case 0:
                    image[page] = new byte[DiskImage.PageBytes];
                    break;
                case 1:
                    image[page] = image[pages[random.Next(pages.Length)]];
                    break;
                default:
                    image.Flip(((long)page * DiskImage.PageBytes) + random.Next(DiskImage.PageBytes), random.Next(8));
                    break;
            }
        }

        return image;
    }

    private static IEnumerable<WorkloadStep> Steps(PoolWorkload plan, Random random) =>
        Workload.Draw(random.Next(), commits: 12).Steps.Where(step => step is not WorkloadStep.Reopen && PoolCrashTrial.IsFor(plan.Recording, step));
}
