// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Managing the disks of the pool while it records.</summary>
public sealed partial class VideoStore
{
    /// <summary>Formats a blank disk and takes it into the pool. New chunks may lie on it when this completes.</summary>
    /// <param name="device">The disk; the store owns it when this succeeds.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="StoreException">The disk is not blank, is too small, or the pool has 64 already.</exception>
    /// <exception cref="DeviceException">The disk takes no writes.</exception>
    public async Task<int> AddDiskAsync(IBlockDevice device)
    {
        int number = -1;
        await RunOnPoolsThreadAsync(() => number = _committer.AddDisk(device));
        return number;
    }

    /// <summary>Nothing new is put on a disk from now on, and what it holds moves to the others; <see cref="StoreStatus.ColumnsToRebuild"/> tells how much is left.</summary>
    /// <param name="number">Number of the disk.</param>
    /// <exception cref="StoreException">There is no such disk.</exception>
    public Task DrainAsync(int number) => RunOnPoolsThreadAsync(() => _committer.SetMemberState(number, DiskState.Draining));

    /// <summary>A disk that was drained, or had failed, is used again.</summary>
    /// <param name="number">Number of the disk.</param>
    /// <exception cref="StoreException">There is no such disk, or it is not here.</exception>
    public Task UseAgainAsync(int number) => RunOnPoolsThreadAsync(() => _committer.SetMemberState(number, DiskState.Online));

    /// <summary>Takes a disk out of the pool for good. It must be empty, or gone.</summary>
    /// <param name="number">Number of the disk.</param>
    /// <exception cref="StoreException">There is no such disk, it still holds footage, or it is the last one.</exception>
    public async Task RemoveAsync(int number)
    {
        PoolDisk? removed = null;
        await RunOnPoolsThreadAsync(() => removed = _committer.RemoveDisk(number));
        removed?.Dispose();
        if (_ownsDevices)
        {
            removed?.Device.Dispose();
        }
    }

    /// <summary>Takes a new disk into the pool and moves to it and the others what the old one held; the old one may be gone already.</summary>
    /// <param name="number">Number of the old disk.</param>
    /// <param name="device">The new disk, blank.</param>
    /// <returns>Number of the new disk.</returns>
    public async Task<int> ReplaceAsync(int number, IBlockDevice device)
    {
        int added = await AddDiskAsync(device);
        // One that is here is read as long as it can be; of one that is gone nothing is waited for.
        bool isHere = _state.Disks.Find(number) is not null;
        await RunOnPoolsThreadAsync(() => _committer.SetMemberState(number, isHere ? DiskState.Draining : DiskState.Failed));
        return added;
    }

    /// <summary>Rebuilds all that can be, on the caller's thread; for a store without threads.</summary>
    internal Task<int> RebuildNowAsync(bool missingCount = false) => _keeper.RebuildAllAsync(missingCount);

    /// <summary>Verifies all chunks, on the caller's thread; for a store without threads.</summary>
    internal Task ScrubNowAsync() => _keeper.ScrubAllAsync();

    /// <summary>One round of verifying what is due, on the caller's thread; for a store without threads.</summary>
    internal Task ScrubDueNowAsync(long budgetBytes) => _keeper.ScrubDueAsync(budgetBytes);

    /// <summary>Runs a step on the pool's thread; completes, or fails, with it.</summary>
    private async Task RunOnPoolsThreadAsync(Action step)
    {
        if (_thread is null)
        {
            step();
            return;
        }

        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Post(() =>
        {
            try
            {
                step();
                done.SetResult();
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        await done.Task;
    }
}
