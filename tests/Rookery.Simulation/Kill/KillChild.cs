// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>The process that is killed: records by <see cref="KillPlan"/> on one disk and says on its output what has become durable.</summary>
internal static class KillChild
{
    public static async Task<int> RunAsync(string path, int start)
    {
        KilledProcess.EndWithParent();
        await using VideoStore store = await VideoStore.OpenAsync(
            FileBlockDevice.OpenOrCreate(new DiskSpec(path, KillPlan.DiskBytes)), KillPlan.Options, TimeProvider.System).ConfigureAwait(false);
        await new KillRecorder(store, start, _ => default).RunAsync().ConfigureAwait(false);
        return 0;
    }
}
