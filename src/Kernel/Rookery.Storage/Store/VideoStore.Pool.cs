// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Managing the disks of the pool while it records.</summary>
public sealed partial class VideoStore : IPoolControl
{
    public Task<int> AddDiskAsync(IBlockDevice device, bool isSpare = false) => _joining.AddAsync(device, isSpare);

    public Task DrainAsync(int number) => RunOnPoolsThreadAsync(() => _committer.SetMemberState(number, DiskState.Draining));

    public Task UseAgainAsync(int number) => RunOnPoolsThreadAsync(() => _committer.SetMemberState(number, DiskState.Online));

    public Task SetSpareAsync(int number, bool isSpare) => RunOnPoolsThreadAsync(() => _committer.SetSpare(number, isSpare));

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

    public async Task<int> ReplaceAsync(int number, IBlockDevice device)
    {
        if (!_state.Document.Members.Any(m => m.Number == number && m.State != DiskState.Removed))
        {
            // Found before the new disk belongs to the pool.
            throw new StoreException($"The pool has no disk number {number}.");
        }

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
