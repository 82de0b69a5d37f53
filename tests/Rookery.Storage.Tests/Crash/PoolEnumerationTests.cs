// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Crash;

/// <summary>
/// Goal: a pool keeps every acknowledged record as long as at most P columns of its chunk are gone, and records on as long as one disk works. Method: pools of simulated disks, of which machines
/// crash and disks fail, vanish, rot and come back, judged by a model of its own. <c>./test simulate</c> runs as many seeds as there is time for.
/// </summary>
public sealed class PoolEnumerationTests
{
    [Theory]
    [InlineData(SimulationKind.PoolCrashes, 3)]
    [InlineData(SimulationKind.PoolErrors, 2)]
    [InlineData(SimulationKind.LostDisks, 1)]
    [InlineData(SimulationKind.LostDisks, 2)]
    [InlineData(SimulationKind.FailingDisk, 2)]
    [InlineData(SimulationKind.ReturningDisks, 2)]
    [InlineData(SimulationKind.ReturningDisks, 4)]
    [InlineData(SimulationKind.PoolLives, 29)]
    [InlineData(SimulationKind.PoolLives, 39)] // A column whose last frame was torn was dropped with all its older frames; then another disk rotted.
    [InlineData(SimulationKind.PoolLives, 55)]
    public async Task A_pool_keeps_what_it_acknowledged(SimulationKind kind, int seed) => await Simulations.RunAsync(kind, seed, commits: 40, imagesPerBoundary: 3);

    [Fact]
    public async Task Holds_and_classes_change_and_what_is_held_stays_after_any_crash() =>
        // A chunk that was sealed and freed between two superblocks came back in part, where some disks had not said so yet.
        await Simulations.RunAsync(SimulationKind.Policies, seed: 26, commits: 16, imagesPerBoundary: 3);

    [Fact]
    public async Task Held_records_are_copied_within_a_commit_when_a_head_has_no_zone() =>
        // The head of the copies came into being while heads were gone through.
        await Simulations.RunAsync(SimulationKind.Policies, seed: 150, commits: 40, imagesPerBoundary: 1);

    [Fact]
    public async Task Every_single_operation_on_every_small_pool_bears_a_crash_at_every_boundary()
    {
        int boundaries = 0;
        foreach ((ChunkLayout layout, int disks) in ShortWorkloads.Pools)
        {
            boundaries += (await ShortWorkloads.RunAsync(layout, disks, length: 0, imagesPerBoundary: 2)).Boundaries;
            boundaries += (await ShortWorkloads.RunAsync(layout, disks, length: 1, imagesPerBoundary: 2)).Boundaries;
        }

        boundaries.ShouldBeGreaterThan(1000);
    }

    [Theory]
    [InlineData("1+0", 2, 60)] // Append, Drain: the moved column's old place was given up before the new one was durable.
    [InlineData("1+1", 3, 62)]
    public async Task A_column_that_moves_is_never_nowhere(string layout, int disks, int workload) =>
        await ShortWorkloads.RunAsync(ChunkLayout.Parse(layout), disks, length: 2, imagesPerBoundary: 3, share: 1000, first: workload);
}
