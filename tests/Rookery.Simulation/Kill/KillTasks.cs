// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What is done to a pool while it records, as words that fit on a command line: <c>hold</c>, <c>release:ID</c>, <c>add:PATH</c>, <c>drain:PATH</c>, <c>use:PATH</c>, <c>remove:PATH</c>, <c>give-up</c> (missing disks are waited for no longer), <c>outlast</c> (a disk that fails is given up), <c>outlast-hang</c> (likewise, and one that hangs for ten seconds fails).</summary>
internal static class KillTasks
{
    /// <summary>Streams that holds cover: [1, 3).</summary>
    private static readonly StreamRange Held = new(new StreamId(1), new StreamId(3));

    public const string OutlastHang = "outlast-hang";

    /// <summary>To be done before anything is recorded.</summary>
    public static bool IsFirst(string word) => word == "hold" || word.StartsWith("release:", StringComparison.Ordinal);

    public static string HoldOf(int start) => $"start-{start}";

    /// <summary>The hold of a start covers a sample.</summary>
    public static bool IsHeld(ulong stream) => Held.Contains(new StreamId(stream));

    /// <exception cref="StoreException">The store said no.</exception>
    public static async Task DoAsync(VideoStore store, HurriedClock clock, KillCase pool, int start, string word)
    {
        string[] parts = word.Split(':', 2);
        switch (parts[0])
        {
            case "hold":
                await store.HoldAsync(new Hold { Id = HoldOf(start), Case = "case", Streams = [Held], Range = KillPlan.HourOf(start), By = "trial", Made = KillPlan.HourOf(start).Start }).ConfigureAwait(false);
                break;
            case "release":
                await store.ReleaseAsync(parts[1]).ConfigureAwait(false);
                break;
            case "add":
                await AddAsync(store, new DiskSpec(parts[1], pool.DiskBytes)).ConfigureAwait(false);
                break;
            case "drain":
                await store.DrainAsync(NumberOf(store, parts[1])).ConfigureAwait(false);
                break;
            case "use":
                await store.UseAgainAsync(NumberOf(store, parts[1])).ConfigureAwait(false);
                break;
            case "remove":
                await store.RemoveAsync(NumberOf(store, parts[1])).ConfigureAwait(false);
                break;
            case "give-up":
                clock.Skip(TimeSpan.FromMinutes(11));
                break;
            case "outlast" or OutlastHang:
                await OutlastAsync(store, clock).ConfigureAwait(false);
                break;
            default:
                throw new ArgumentException($"'{word}' is nothing that can be done.", nameof(word));
        }
    }

    /// <summary>Lets the time go by in which a failing disk may come back, in steps that are no hang for the others.</summary>
    private static async Task OutlastAsync(VideoStore store, HurriedClock clock)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false) && !store.Status.Disks.Any(disk => disk.State == DiskState.Failed))
        {
            if (store.Status.Disks.Any(disk => disk.State == DiskState.Suspect))
            {
                clock.Skip(TimeSpan.FromMilliseconds(500));
            }
        }
    }

    private static int NumberOf(VideoStore store, string path) =>
        store.Status.Disks.FirstOrDefault(disk => disk.Name == path)?.Number ?? throw new StoreException($"The pool has no disk {path}.");

    private static async Task AddAsync(VideoStore store, DiskSpec disk)
    {
        FileBlockDevice device = FileBlockDevice.OpenOrCreate(disk);
        try
        {
            await store.AddDiskAsync(device).ConfigureAwait(false);
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}
