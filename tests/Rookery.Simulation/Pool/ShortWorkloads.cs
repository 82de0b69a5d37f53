// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// Every workload of up to so many operations on a small pool, with a crash at every boundary of its last operation; the boundaries of those before it belong to the shorter workloads. Seeds find
/// what is far away; this finds what is near, and misses nothing there.
/// </summary>
public static class ShortWorkloads
{
    private const int ZoneBytes = 64 << 10;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(2);

    /// <summary>Pools that are gone through: a layout and the number of disks.</summary>
    public static readonly IReadOnlyList<(ChunkLayout Layout, int Disks)> Pools =
        [(new(1, 0), 1), (new(1, 0), 2), (new(1, 1), 2), (new(1, 1), 3), (new(2, 1), 3), (new(2, 1), 4), (new(1, 2), 3), (new(2, 2), 4)];

    internal enum Operation
    {
        /// <summary>A little of two streams, and a commit.</summary>
        Append,

        /// <summary>A little of another class, and a commit.</summary>
        AppendElsewhere,

        /// <summary>So much that chunks are full and are sealed.</summary>
        Fill,

        /// <summary>The oldest has to go: days pass.</summary>
        Expire,

        /// <summary>An orderly end and a start.</summary>
        Restart,

        /// <summary>The process dies and is started again.</summary>
        Kill,

        /// <summary>What lies on the first disk moves to the others.</summary>
        Drain,

        /// <summary>Bits rot on the last disk where there is parity; all chunks are verified, and what is bad is rebuilt.</summary>
        Scrub,

        /// <summary>The first disk takes no writes from the second call on.</summary>
        Fail,

        /// <summary>It takes them again, and its time has come.</summary>
        Mend,
    }

    public static int Operations => Enum.GetValues<Operation>().Length;

    /// <summary>Goes through all workloads of exactly <paramref name="length"/> operations on one pool.</summary>
    /// <param name="layout">How chunks lie.</param>
    /// <param name="disks">On how many disks.</param>
    /// <param name="length">How many operations.</param>
    /// <param name="imagesPerBoundary">At most about so many images at each boundary.</param>
    /// <param name="share">Takes one workload of so many; 1 takes all.</param>
    /// <param name="first">Which of them, from 0.</param>
    /// <param name="failed">Told of each workload that breaks a promise; <c>null</c> throws at the first.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(
        ChunkLayout layout, int disks, int length, int imagesPerBoundary, int share = 1, int first = 0, Action<SimulationException>? failed = null)
    {
        CrashReport report = new();
        int count = (int)Math.Pow(Operations, length);
        for (int number = first; number < count; number += share)
        {
            Operation[] workload = new Operation[length];
            for ((int left, int i) = (number, 0); i < length; i++)
            {
                (left, int operation) = Math.DivRem(left, Operations);
                workload[i] = (Operation)operation;
            }

            report.Futures++;
            try
            {
                await PlayAsync(layout, disks, workload, imagesPerBoundary, report).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                SimulationException found = new($"{layout} on {disks} disks, workload {number} ({string.Join(", ", workload)}): {problem.Message}", problem);
                if (failed is null)
                {
                    throw found;
                }

                failed(found);
            }
        }

        return report;
    }

    private static async Task PlayAsync(ChunkLayout layout, int disks, Operation[] workload, int imagesPerBoundary, CrashReport report)
    {
        PoolWorkload plan = Plan(layout, disks);
        PoolLife life = new(plan);
        await using (life.ConfigureAwait(false))
        {
            await life.StartAsync(Enumerable.Range(0, disks), plan.Seed).ConfigureAwait(false);
            Begin(life);
            bool mayLoseDisks = true;
            // The empty workload is the making of the pool.
            await JudgeAsync(life, workload.Length == 0, from: 0).ConfigureAwait(false);
            for (int i = 0; i < workload.Length; i++)
            {
                mayLoseDisks &= workload[i] is not (Operation.Fail or Operation.Scrub);
                life.Suspects = Suspects(workload[..(i + 1)], disks);
                bool isLast = i == workload.Length - 1;
                int from = life.Running.Boundary;
                if (workload[i] is Operation.Restart or Operation.Kill)
                {
                    if (workload[i] == Operation.Restart)
                    {
                        await life.Player.CloseAsync().ConfigureAwait(false);
                        await JudgeAsync(life, isLast, from).ConfigureAwait(false);
                    }

                    await life.StopAsync(inOrder: false).ConfigureAwait(false);
                    await life.StartAsync(Enumerable.Range(0, disks), plan.Seed).ConfigureAwait(false);
                    Begin(life);
                    ShownStore shown = await life.CheckAsync(onlyAcknowledged: false).ConfigureAwait(false);
                    life.Restarted(shown);
                    from = 0;
                }
                else
                {
                    await DoAsync(life, workload[i]).ConfigureAwait(false);
                    await life.CheckAsync().ConfigureAwait(false);
                }

                await JudgeAsync(life, isLast, from).ConfigureAwait(false);
            }

            report.SimulatedTime += life.Lived;
            async Task JudgeAsync(PoolLife at, bool isLast, int from)
            {
                if (isLast)
                {
                    // A second generation would repeat longer workloads.
                    await PoolCrashTrial.EveryBoundaryAsync(at, imagesPerBoundary, generation: 2, mayLoseDisks, report, from).ConfigureAwait(false);
                }
            }
        }
    }

    private static void Begin(PoolLife life)
    {
        life.Player.Recover();
        for (byte id = 0; id < 2; id++)
        {
            life.Player.Store.Define(new RetentionClass(new RetentionClassId(id), Kept, MaximumBytes: null));
        }
    }

    private static async Task DoAsync(PoolLife life, Operation operation)
    {
        switch (operation)
        {
            case Operation.Append:
                await life.Player.PlayAsync([new WorkloadStep.Append(0, [900, 3000]), new WorkloadStep.Append(2, [5000, 1]), new WorkloadStep.Commit()]).ConfigureAwait(false);
                break;
            case Operation.AppendElsewhere:
                await life.Player.PlayAsync([new WorkloadStep.Append(1, [4096]), new WorkloadStep.EndRun(1, GapCause.Network), new WorkloadStep.Commit()]).ConfigureAwait(false);
                break;
            case Operation.Fill:
                int[] sizes = [.. Enumerable.Repeat(3000, 6 * life.Plan.Layout.DataColumns)];
                await life.Player.PlayAsync([.. Enumerable.Repeat<WorkloadStep[]>([new WorkloadStep.Append(0, sizes), new WorkloadStep.Commit()], 3).SelectMany(s => s)]).ConfigureAwait(false);
                break;
            case Operation.Expire:
                life.MayHaveExpired = true;
                life.Skip(Kept / 4);
                life.Player.Commit();
                life.Skip(Kept + TimeSpan.FromHours(1));
                life.Player.Commit();
                break;
            case Operation.Fail:
                life.SetFaults(0, new DiskFaults { FailingCalls = (life.DiskHere(0).Changes + 1, int.MaxValue) });
                break;
            case Operation.Drain:
                await DrainAsync(life).ConfigureAwait(false);
                break;
            case Operation.Scrub:
                if (life.Plan.Layout.ParityColumns > 0)
                {
                    Rot(life.DiskHere(life.Plan.Disks - 1));
                }

                await life.Player.Store.ScrubNowAsync().ConfigureAwait(false);
                await life.Player.Store.RebuildNowAsync().ConfigureAwait(false);
                break;
            case Operation.Mend:
                life.SetFaults(0, DiskFaults.None);
                life.Clock.Advance(TimeSpan.FromSeconds(30));
                life.Player.Commit();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(operation), operation, "Ends a start.");
        }
    }

    private static async Task DrainAsync(PoolLife life)
    {
        try
        {
            await life.Player.Store.DrainAsync(life.NumberOf(0)).ConfigureAwait(false);
        }
        catch (StoreException) when (!life.Running.HaveSoundOne)
        {
            // The only disk takes no writes, and it says so.
        }

        life.Player.Commit();
        await life.Player.Store.RebuildNowAsync().ConfigureAwait(false);
    }

    /// <summary>A bit in every fifth page that holds footage.</summary>
    private static void Rot(SimulatedDisk disk)
    {
        int[] pages = [.. disk.Current.WrittenPages().Where(page => page >= (1 << 20) / DiskImage.PageBytes && page < (disk.CapacityBytes - (128 << 10)) / DiskImage.PageBytes)];
        for (int i = 0; i < pages.Length; i += 5)
        {
            disk.Rot(((long)pages[i] * DiskImage.PageBytes) + (i * 37 % DiskImage.PageBytes), i % 8);
        }
    }

    /// <summary>One disk that failed or rots costs nothing; of both together a chunk may have had too many.</summary>
    private static HashSet<int> Suspects(Operation[] workload, int disks) =>
        workload.Contains(Operation.Fail) && workload.Contains(Operation.Scrub) ? [0, disks - 1] : [];

    private static PoolWorkload Plan(ChunkLayout layout, int disks) => PoolWorkload.Of(
        new Workload
        {
            Seed = 1,
            CapacityBytes = 0,
            Options = new StoreOptions { ZoneBytes = ZoneBytes, MaximumFrameBytes = 32 << 10, IsManual = true, Identity = 77 },
            Streams = 3,
            Classes = 2,
            Steps = [],
        },
        layout,
        [.. Enumerable.Repeat(PoolWorkload.Capacity(16, ZoneBytes), disks)]);
}
