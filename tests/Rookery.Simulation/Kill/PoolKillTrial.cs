// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What one pool went through.</summary>
/// <param name="Kills">How often its process was killed.</param>
/// <param name="Samples">Samples that were acknowledged.</param>
/// <param name="StartsWithoutADisk">Starts that lacked a disk.</param>
/// <param name="Done">What was done to the pool and was over before the kill; of each how often.</param>
/// <param name="CutShort">What the kill came amid.</param>
/// <param name="Freed">Samples that retention took.</param>
public sealed record PoolKillReport(int Kills, long Samples, int StartsWithoutADisk, IReadOnlyDictionary<string, int> Done, int CutShort, long Freed)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Kills} kills, {Samples} samples acknowledged, {Freed} of them freed by retention, {StartsWithoutADisk} starts with a disk away; {string.Join(", ", Done.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value}"))}; {CutShort} of these cut short");
}

/// <summary>
/// A real process on a pool of real files or block devices, killed with SIGKILL again and again, while disks are added, drained, removed, away and back, and holds are made and released. After each kill the pool is
/// opened and must show all that the process had said to be durable, bit for bit. Everything is drawn from the seed but the time that things take.
/// </summary>
public static class PoolKillTrial
{
    /// <param name="number">Which of <see cref="KillCase.All"/>.</param>
    /// <param name="folder">An empty directory.</param>
    /// <param name="kills">How often.</param>
    /// <param name="seed">Decides what happens.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<PoolKillReport> RunAsync(int number, string folder, int kills, int seed)
    {
        KillCase pool = KillCase.All[number];
        string[] paths = [.. Enumerable.Range(0, pool.MostDisks).Select(i => Path.Combine(folder, $"disk-{i}"))];
        if (!pool.OnLoops || !LoopDevice.IsSupported)
        {
            return await new PoolKillLife(pool, number, paths, Path.Combine(folder, "catalog.db"), seed).RunAsync(kills).ConfigureAwait(false);
        }

        List<LoopDevice> loops = [];
        try
        {
            foreach (string path in paths)
            {
                loops.Add(await LoopDevice.AttachAsync(path, pool.DiskBytes).ConfigureAwait(false));
            }

            return await new PoolKillLife(pool, number, [.. loops.Select(loop => loop.Path)], Path.Combine(folder, "catalog.db"), seed).RunAsync(kills).ConfigureAwait(false);
        }
        finally
        {
            foreach (LoopDevice loop in loops)
            {
                await loop.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
