// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>What is tried with one seed.</summary>
public enum SimulationKind
{
    /// <summary>A healthy disk, and a crash at every boundary.</summary>
    Crashes,

    /// <summary>Writes and flushes fail now and then while recording goes on; then crashes.</summary>
    Errors,

    /// <summary>Bits rot, writes go astray, reads fail.</summary>
    Damage,
}

/// <summary>One door to all simulations, for the program and for the tests.</summary>
public static class Simulations
{
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static Task<CrashReport> RunAsync(SimulationKind kind, int seed, int commits, int imagesPerBoundary) => kind switch
    {
        SimulationKind.Crashes => CrashTrial.RunAsync(seed, commits, imagesPerBoundary, DiskFaults.None),
        SimulationKind.Errors => CrashTrial.RunAsync(
            seed, commits, imagesPerBoundary, new DiskFaults { WriteError = 0.02, FlushError = 0.02, Stall = 0.02 }),
        SimulationKind.Damage => DamageTrial.RunAsync(seed, commits),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such simulation."),
    };
}
