// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What is tried with one seed.</summary>
public enum SimulationKind
{
    /// <summary>A healthy disk, and a crash at every boundary.</summary>
    Crashes,

    /// <summary>Writes and flushes fail now and then while recording goes on; then crashes.</summary>
    Errors,

    /// <summary>The place of one superblock takes no writes, or that of one in each pair; then crashes.</summary>
    BadSuperblock,

    /// <summary>Bits rot, writes go astray, reads fail.</summary>
    Damage,

    /// <summary>A pool of disks, and a crash of the machine at every boundary.</summary>
    PoolCrashes,

    /// <summary>Disks of a pool fail now and then while recording goes on; then crashes.</summary>
    PoolErrors,

    /// <summary>Holds are made and released, and classes change their limits and layouts, while a pool records; then crashes.</summary>
    Policies,

    /// <summary>A pool opens without some of its disks.</summary>
    LostDisks,

    /// <summary>A disk of a pool fails at each of its writes and flushes.</summary>
    FailingDisk,

    /// <summary>Disks of a pool are away and come back.</summary>
    ReturningDisks,

    /// <summary>All that can happen to a pool, over many starts.</summary>
    PoolLives,
}

/// <summary>One door to all simulations, for the program and for the tests.</summary>
public static class Simulations
{
    /// <summary>
    /// How many commits a seed has when nobody says. A seed with 40 sees disks fill up and chunks go several times over, and costs eight times one with 12, because more crashes are tried and each is judged by more; so
    /// one in ten is long.
    /// </summary>
    public static int LengthOf(int seed) => seed % 10 == 0 ? 40 : 12;

    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static Task<CrashReport> RunAsync(SimulationKind kind, int seed, int commits, int imagesPerBoundary) => kind switch
    {
        SimulationKind.Crashes => CrashTrial.RunAsync(seed, commits, imagesPerBoundary, _ => DiskFaults.None),
        SimulationKind.Errors => CrashTrial.RunAsync(
            seed, commits, imagesPerBoundary, _ => new DiskFaults { WriteError = 0.02, FlushError = 0.02, Stall = 0.02 }),
        SimulationKind.BadSuperblock => CrashTrial.RunAsync(seed, commits, imagesPerBoundary, capacity => new DiskFaults { Unwritable = BadSuperblocks(seed, capacity) }),
        SimulationKind.Damage => DamageTrial.RunAsync(seed, commits),
        SimulationKind.PoolCrashes => PoolCrashTrial.RunAsync(seed, Math.Max(1, commits / 8), Math.Max(1, imagesPerBoundary / 2), hasErrors: false),
        SimulationKind.PoolErrors => PoolCrashTrial.RunAsync(seed, Math.Max(1, commits / 8), Math.Max(1, imagesPerBoundary / 2), hasErrors: true),
        SimulationKind.Policies => PoolCrashTrial.RunAsync(seed, commits * 2, Math.Max(1, imagesPerBoundary / 3), hasErrors: false, hasPolicies: true),
        SimulationKind.LostDisks => LostDisksTrial.RunAsync(seed, commits),
        SimulationKind.FailingDisk => FailingDiskTrial.RunAsync(seed, Math.Max(1, commits / 4), mostCalls: 4 * imagesPerBoundary),
        SimulationKind.ReturningDisks => ReturningDiskTrial.RunAsync(seed, commits),
        SimulationKind.PoolLives => PoolLivesTrial.RunAsync(seed, starts: Math.Max(2, commits / 4)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such simulation."),
    };

    /// <summary>Any one copy, or any two of different pairs.</summary>
    private static (long Start, long End)[] BadSuperblocks(int seed, long capacityBytes)
    {
        int[][] choices = [[0], [1], [2], [3], [0, 1], [0, 3], [2, 1], [2, 3]];
        return [.. choices[seed % choices.Length].Select(copy => StoreGeometry.CopyOffset(copy, capacityBytes)).Select(at => (at, at + 4096))];
    }
}
