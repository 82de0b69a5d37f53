// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// The process that is killed while it records on a pool, and while the pool is managed: each thing to be done is a word on its command line, done one after another beside recording. It says <c>did WORD</c>
/// when it is done for good, and <c>refused WORD: why</c> when the store said no.
/// </summary>
internal static class PoolKillChild
{
    /// <param name="number">Which of <see cref="KillCase.All"/>.</param>
    /// <param name="start">Number of the start.</param>
    /// <param name="catalog">Path of the catalog.</param>
    /// <param name="tasks">What to do, with commas between, see <see cref="KillTasks"/>; may be empty.</param>
    /// <param name="disks">Paths of the disks that are here.</param>
    public static async Task<int> RunAsync(int number, int start, string catalog, string tasks, string[] disks)
    {
        KilledProcess.EndWithParent();
        KillCase pool = KillCase.All[number];
        HurriedClock clock = new();
        string[] words = tasks.Split(',', StringSplitOptions.RemoveEmptyEntries);
        TimeSpan? longestDiskJob = words.Contains(KillTasks.OutlastHang) ? TimeSpan.FromSeconds(10) : null;
        await using VideoStore store = await VideoStore.OpenAsync(
            [.. FileBlockDevice.OpenPool([.. disks.Select(path => new DiskSpec(path, pool.DiskBytes))], start == 1 ? new HashSet<string>() : disks.ToHashSet(), Console.WriteLine).Select(device => new FaultyDevice(device))], pool.Options(catalog, longestDiskJob), clock).ConfigureAwait(false);
        await store.ChangeClassAsync(pool.Evidence).ConfigureAwait(false);
        // A hold that is made before anything is recorded holds all that this start has acknowledged.
        foreach (string word in words.Where(KillTasks.IsFirst))
        {
            await DoAsync(store, clock, pool, start, word).ConfigureAwait(false);
        }

        Task managing = Task.Run(async () =>
        {
            foreach (string word in words.Where(word => !KillTasks.IsFirst(word)))
            {
                await DoAsync(store, clock, pool, start, word).ConfigureAwait(false);
            }
        });
        await new KillRecorder(store, start, stream => KillCase.ClassOf(start, stream), pool.SampleFactor).RunAsync(new PoolTelling(store).Tell).ConfigureAwait(false);
        await managing.ConfigureAwait(false);
        return 0;
    }

    private static async Task DoAsync(VideoStore store, HurriedClock clock, KillCase pool, int start, string word)
    {
        try
        {
            await KillTasks.DoAsync(store, clock, pool, start, word).ConfigureAwait(false);
            Console.WriteLine($"did {word}");
        }
        catch (Exception refusal) when (refusal is StoreException or DeviceException)
        {
            Console.WriteLine($"refused {word}: {refusal.Message}");
        }
        catch (Exception error)
        {
            // Nothing of it may pass unseen.
            Console.WriteLine($"broke {word}: {error}");
            Environment.Exit(3);
        }
    }
}
