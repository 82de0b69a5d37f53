// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Crash;

/// <summary>
/// Goal: no crash loses or falsifies what was acknowledged. Method: a recorded workload on a simulated disk, a crash at every boundary between two writes or flushes, and every image that the
/// fault model allows there, or a choice of them, opened and judged by a model of its own. <c>./test simulate</c> runs as many seeds as there is time for.
/// </summary>
public sealed class CrashEnumerationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task At_every_boundary_a_crash_keeps_what_was_acknowledged_and_shows_nothing_torn(int seed)
    {
        CrashReport report = await Simulations.RunAsync(SimulationKind.Crashes, seed, commits: 20, imagesPerBoundary: 4);
        report.Boundaries.ShouldBeGreaterThan(80);
    }

    [Theory]
    [InlineData(11)]
    public async Task Failing_writes_and_flushes_cost_no_acknowledged_footage(int seed) =>
        await Simulations.RunAsync(SimulationKind.Errors, seed, commits: 20, imagesPerBoundary: 4);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_superblock_that_cannot_be_written_costs_no_acknowledged_footage(int seed) =>
        await Simulations.RunAsync(SimulationKind.BadSuperblock, seed, commits: 20, imagesPerBoundary: 4);

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    [InlineData(111)] // A footer that could not be read again: its chunk's frames gave more than the footer had.
    public async Task A_damaged_disk_never_shows_wrong_bytes_as_right(int seed) =>
        await Simulations.RunAsync(SimulationKind.Damage, seed, commits: 40, imagesPerBoundary: 1);

    [Fact]
    public async Task A_start_records_after_four_superblocks_and_recovers_without_a_scan()
    {
        StartCost cost = await StartCost.MeasureAsync();
        // Four superblocks, and the two places of the pool's document.
        cost.ToRecordBytes.ShouldBe(6 * 4096);
        // The chunk that was open, and of each other zone some 64 KiB at its end: with zones of 256 MiB instead of 1 MiB the share is a hundred times smaller.
        cost.ToRecoverBytes.ShouldBeLessThan(cost.CapacityBytes / 10);
    }
}
