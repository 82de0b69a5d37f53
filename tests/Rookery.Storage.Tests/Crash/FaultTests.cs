// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Crash;

/// <summary>A disk that fails under a real process; see <see cref="FaultTrial"/>. A quarter of a minute each, so not among the fast ones.</summary>
[Trait("Category", "Tools")]
public sealed class FaultTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rookery-fault-").FullName;

    [Theory]
    [InlineData(DeviceFault.Writes)]
    [InlineData(DeviceFault.Flushes)]
    [InlineData(DeviceFault.Reads)]
    [InlineData(DeviceFault.Hangs)]
    [InlineData(DeviceFault.Gone)]
    public async Task When_a_disk_fails_recording_goes_on_and_all_comes_back_without_it(DeviceFault fault) =>
        (await FaultTrial.RunAsync(_directory, fault)).ShouldBeGreaterThan(0);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
