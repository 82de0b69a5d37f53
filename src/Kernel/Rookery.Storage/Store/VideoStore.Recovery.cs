// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.ExceptionServices;

namespace Rookery.Storage;

/// <summary>Recovery in the background: the index from the disk where the catalog could not tell, then the chunks that were open.</summary>
public sealed partial class VideoStore
{
    /// <summary>Steps that may wait for the disk's thread at one time: memory stays bounded while a large disk is being read.</summary>
    private readonly SemaphoreSlim _steps = new(64);

    private Func<Task> _recover = () => Task.CompletedTask;

    /// <summary>All of recovery, on the caller's thread; for a store without threads.</summary>
    internal void RecoverNow()
    {
        Task recovery = _recover();
        if (!recovery.IsCompleted)
        {
            throw new InvalidOperationException("Only a store without threads recovers at once.");
        }

        if (recovery.Exception is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure.InnerException ?? failure);
        }
    }

    /// <summary>One round of retention, on the caller's thread.</summary>
    internal void SweepNow() => _committer.Sweep();

    private async Task RecoverVisiblyAsync()
    {
        try
        {
            await _recover();
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            _state.Counters.RecoveryFault = $"Recovery of {_state.Disks.Names} failed: {error.Message} Older footage may not be shown until the next start.";
            throw;
        }
    }

    private async Task RecoverAsync(
        IReadOnlyList<OpenGroup> groups, IndexLoader loader, CatalogLoader? catalogLoader, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        await OnDisksThreadAsync(_committer.DropHalfRebuilt);
        // A chunk of which some disks say nothing may be sealed on these: that is known when the index is.
        List<OpenGroup> later = _state.IsLoading ? [.. groups.Where(static g => !g.IsComplete)] : [];
        // Beside the chunks that were open: one lies in the catalog's file, the others on the disks.
        Task loading = catalogLoader is null ? Task.CompletedTask : LoadAsync(catalogLoader, cancellation);
        await RecoverAsync(groups.Except(later), loader, cancellation);
        await loading;
        if (_state.IsLoading)
        {
            await RebuildAsync(loader, progress, cancellation);
        }

        await RecoverAsync(later, loader, cancellation);
        await DisksThreadDoneAsync();
    }

    private async Task RecoverAsync(IEnumerable<OpenGroup> groups, IndexLoader loader, CancellationToken cancellation)
    {
        var recovery = new GroupRecovery(_state);
        foreach (OpenGroup group in groups)
        {
            GroupRecovery.Outcome outcome = recovery.Recover(group, cancellation);
            await OnDisksThreadAsync(() =>
            {
                try
                {
                    _committer.Adopt(outcome, loader);
                }
                finally
                {
                    _state.Counters.Recovering--;
                }
            });
        }
    }

    /// <summary>Loads the rest of the catalog, one page while the next is read. After damage the index is still loading: the disk has to tell what is missing.</summary>
    private async Task LoadAsync(CatalogLoader loader, CancellationToken cancellation)
    {
        Task<CatalogLoader.Page?> next = _catalogFeed.ReadAsync(loader.Read, cancellation);
        while (!loader.IsDamaged && await next is { } page)
        {
            next = _catalogFeed.ReadAsync(loader.Read, cancellation);
            await OnDisksThreadAsync(() => loader.Apply(page));
            // Not more than one waits: between two the disk's thread looks whether it is time to commit.
            await DisksThreadDoneAsync();
        }

        await next;
        if (loader.IsDamaged)
        {
            await _catalogFeed.RebuildAsync(catalog => catalog.Distrust(), cancellation);
            return;
        }

        await OnDisksThreadAsync(loader.Finish);
        await DisksThreadDoneAsync();
    }

    private async Task RebuildAsync(IndexLoader loader, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        var rebuilder = new IndexRebuilder(_state, loader);
        await rebuilder.RunAsync(
            OnDisksThreadAsync, _committer.Adopt,
            chunks => _catalogFeed.RebuildAsync(catalog => catalog.AddFound(chunks), cancellation),
            progress, cancellation);
        ulong[] freed = [];
        await OnDisksThreadAsync(() =>
        {
            _state.IsLoading = false;
            freed = [.. _state.Found.Freed];
        });
        await DisksThreadDoneAsync();
        await _catalogFeed.RebuildAsync(catalog => catalog.Forget(freed), cancellation);
        if (rebuilder.IsComplete)
        {
            await _catalogFeed.RebuildAsync(catalog => catalog.SetEpoch(_state.Numbers.OpenEpoch), cancellation);
        }
    }

    /// <summary>
    /// Returns when every step that was queued before has run. Recovery is over for others only then: until the last step ran, what it found is not visible.
    /// </summary>
    private async Task DisksThreadDoneAsync()
    {
        if (_thread is not null)
        {
            TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _thread.Post(done.SetResult);
            await done.Task.WaitAsync(_stopping.Token);
        }
    }

    /// <summary>Runs a step on the disk's thread; returns when it is queued, or done where there is no thread.</summary>
    private async ValueTask OnDisksThreadAsync(Action step)
    {
        if (_thread is null)
        {
            step();
            return;
        }

        await _steps.WaitAsync(_stopping.Token);
        _thread.Post(() =>
        {
            try
            {
                step();
            }
            finally
            {
                _steps.Release();
            }
        });
    }
}
