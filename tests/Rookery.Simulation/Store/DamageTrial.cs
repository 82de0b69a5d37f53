// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>
/// One seed of damage that no store can undo: bits rot on the medium, writes land elsewhere, reads fail or flip bits. Footage may be lost then, and must be said to be; it must
/// never be shown wrong, and opening must neither fail on a readable superblock nor end in anything but a clear error.
/// </summary>
public static class DamageTrial
{
    private const int Tries = 12;

    /// <param name="seed">Decides everything.</param>
    /// <param name="commits">Length of the workload.</param>
    /// <exception cref="SimulationException">A promise was broken.</exception>
    public static async Task<CrashReport> RunAsync(int seed, int commits)
    {
        CrashReport report = new();
        Workload workload = Workload.Draw(seed, commits);
        Random random = new(seed);
        SimulatedClock clock = new();
        SimulatedDisk disk = new(new DiskImage(workload.CapacityBytes), seed);
        AcknowledgedLog log = new();
        await using (WorkloadPlayer player = await WorkloadPlayer.OpenAsync(workload, disk, clock, log).ConfigureAwait(false))
        {
            disk.Faults = new DiskFaults { Misdirection = random.Next(2) == 0 ? 0.01 : 0, ReadError = 0.01, ReadFlip = 0.01 };
            await player.PlayAsync(workload.Steps.Where(step => step is not WorkloadStep.Reopen)).ConfigureAwait(false);
            player.Commit();
            if (random.Next(2) == 0)
            {
                await player.CloseAsync().ConfigureAwait(false);
            }
        }

        for (int i = 0; i < Tries; i++)
        {
            report.Images++;
            await OpenDamagedAsync(workload, Damaged(disk.Current, random), log, random).ConfigureAwait(false);
        }

        return report;
    }

    private static DiskImage Damaged(DiskImage image, Random random)
    {
        int[] pages = [.. image.WrittenPages()];
        for (int left = random.Next(1, 8); left > 0; left--)
        {
            long offset = ((long)pages[random.Next(pages.Length)] * DiskImage.PageBytes) + random.Next(DiskImage.PageBytes);
            switch (random.Next(4))
            {
                case 0:
                    image[(int)(offset / DiskImage.PageBytes)] = new byte[DiskImage.PageBytes];
                    break;
                case 1:
                    // A page comes back from another place, valid in itself.
                    image[(int)(offset / DiskImage.PageBytes)] = image[pages[random.Next(pages.Length)]];
                    break;
                default:
                    image.Flip(offset, random.Next(8));
                    break;
            }
        }

        return image;
    }

    private static async Task OpenDamagedAsync(Workload workload, DiskImage image, AcknowledgedLog log, Random random)
    {
        SimulatedDisk disk = new(image, random.Next()) { Faults = new DiskFaults { ReadError = random.Next(2) * 0.02, ReadFlip = random.Next(2) * 0.02 } };
        SimulatedClock clock = new();
        clock.Advance(TimeSpan.FromDays(1));
        WorkloadPlayer player;
        try
        {
            player = await WorkloadPlayer.OpenAsync(workload, disk, clock, log).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is StoreException or DeviceException)
        {
            return;
        }

        await using (player.ConfigureAwait(false))
        {
            player.Recover();
            log.Check(
                await StoreReading.ReadAllAsync(player.Store, Losses.Damage).ConfigureAwait(false), int.MaxValue, Losses.Damage, onlyAcknowledged: false, fewestChunks: int.MaxValue);
        }
    }
}
