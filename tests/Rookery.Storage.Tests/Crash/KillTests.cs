// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Crash;

/// <summary>A real process on real files, killed without warning; see <see cref="KillTrial"/> and <see cref="PoolKillTrial"/>.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 20;
    private readonly string _directory = Directory.CreateTempSubdirectory("rookery-kill-").FullName;

    [Fact]
    public async Task A_process_that_is_killed_again_and_again_loses_nothing_it_had_acknowledged()
    {
        long acknowledged = await KillTrial.RunAsync(Path.Combine(_directory, "disk"), Kills, seed: 1);
        acknowledged.ShouldBeGreaterThan(Kills);
    }

    /// <summary>A few here; <c>./test kills</c> kills pools of every kind, 200 times and more.</summary>
    [Fact]
    public async Task A_process_that_is_killed_while_it_records_on_a_pool_loses_nothing_it_had_acknowledged()
    {
        PoolKillReport report = await PoolKillTrial.RunAsync(number: 0, _directory, kills: 3, seed: 1);
        report.Samples.ShouldBeGreaterThan(3, report.ToString());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
