// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Crash;

/// <summary>A real process on a real file, killed without warning; see <see cref="KillTrial"/>.</summary>
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

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
