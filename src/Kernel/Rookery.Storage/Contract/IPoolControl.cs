// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>The disks of the pool, for those who administer them. What a change would lead to: <see cref="PoolPreview"/>.</summary>
/// <remarks>Safe for any thread.</remarks>
public interface IPoolControl
{
    /// <summary>What is on the disks now. Goes through all chunks: meant for every few seconds, not for every commit.</summary>
    PoolSurvey Survey();

    /// <summary>Formats a blank disk and takes it into the pool. New chunks may lie on it when this completes.</summary>
    /// <param name="device">The disk; the store owns it when this succeeds, and only then.</param>
    /// <param name="isSpare">It is kept until another disk fails, see <see cref="SetSpareAsync"/>.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="StoreException">The disk is not blank, is too small, or the pool has 64 already.</exception>
    /// <exception cref="DeviceException">The disk takes no writes.</exception>
    Task<int> AddDiskAsync(IBlockDevice device, bool isSpare = false);

    /// <summary>Nothing new is put on a disk from now on, and what it holds moves to the others; <see cref="PoolSurvey.Rebuild"/> tells how much is left. Taken back by <see cref="UseAgainAsync"/>.</summary>
    /// <param name="number">Number of the disk.</param>
    /// <exception cref="StoreException">There is no such disk.</exception>
    Task DrainAsync(int number);

    /// <summary>A disk that was drained, or had failed, is used again.</summary>
    /// <param name="number">Number of the disk.</param>
    /// <exception cref="StoreException">There is no such disk, or it is not here.</exception>
    Task UseAgainAsync(int number);

    /// <summary>
    /// A disk without footage becomes a spare: it takes no chunk until another disk has failed for good or been missing for ten minutes; then it is a disk like all others, and what was lost is rebuilt onto it. Or a
    /// spare becomes one at once.
    /// </summary>
    /// <param name="number">Number of the disk.</param>
    /// <param name="isSpare">Whether it is to be one.</param>
    /// <exception cref="StoreException">There is no such disk, it is not here, holds footage, or is the only one that is no spare.</exception>
    Task SetSpareAsync(int number, bool isSpare);

    /// <summary>Takes a disk out of the pool for good. It must be empty, or gone.</summary>
    /// <param name="number">Number of the disk.</param>
    /// <exception cref="StoreException">There is no such disk, it still holds footage or may do so because recovery is not done, or it is the last one.</exception>
    Task RemoveAsync(int number);

    /// <summary>Takes a new disk into the pool and moves to it and the others what the old one held; the old one may be gone already.</summary>
    /// <param name="number">Number of the old disk.</param>
    /// <param name="device">The new disk, blank; the store owns it when this succeeds, and only then.</param>
    /// <returns>Number of the new disk.</returns>
    /// <exception cref="StoreException">There is no such disk, or the new one cannot be taken.</exception>
    /// <exception cref="DeviceException">The new disk takes no writes.</exception>
    Task<int> ReplaceAsync(int number, IBlockDevice device);

    /// <summary>Verifies everything from now on as fast as a rebuild may go, instead of slowly in idle time; again from the beginning if that is under way.</summary>
    void StartScrub();

    /// <summary>Goes on verifying slowly.</summary>
    void StopScrub();
}
