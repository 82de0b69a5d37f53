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
}

/// <summary>One door to all simulations, for the program and for the tests.</summary>
public static class Simulations
{
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static Task<CrashReport> RunAsync(SimulationKind kind, int seed, int commits, int imagesPerBoundary) => kind switch
    {
        SimulationKind.Crashes => CrashTrial.RunAsync(seed, commits, imagesPerBoundary, _ => DiskFaults.None),
        SimulationKind.Errors => CrashTrial.RunAsync(
            seed, commits, imagesPerBoundary, _ => new DiskFaults { WriteError = 0.02, FlushError = 0.02, Stall = 0.02 }),
        SimulationKind.BadSuperblock => CrashTrial.RunAsync(seed, commits, imagesPerBoundary, capacity => new DiskFaults { Unwritable = BadSuperblocks(seed, capacity) }),
        SimulationKind.Damage => DamageTrial.RunAsync(seed, commits),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such simulation."),
    };

    /// <summary>Any one copy, or any two of different pairs.</summary>
    private static (long Start, long End)[] BadSuperblocks(int seed, long capacityBytes)
    {
        int[][] choices = [[0], [1], [2], [3], [0, 1], [0, 3], [2, 1], [2, 3]];
        return [.. choices[seed % choices.Length].Select(copy => StoreGeometry.CopyOffset(copy, capacityBytes)).Select(at => (at, at + 4096))];
    }
}
