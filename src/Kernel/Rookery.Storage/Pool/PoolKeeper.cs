// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Rebuilds columns and verifies chunks in the background, one at a time, slower than recording needs the disks. Design: docs/design/pool.md, "Rebuild" and "Scrub".</summary>
/// <param name="state">The store.</param>
/// <param name="committer">The pool thread's part.</param>
/// <param name="onPoolsThread">Runs a step on the pool's thread and completes when it has run.</param>
internal sealed class PoolKeeper(StoreState state, Committer committer, Func<Action, Task> onPoolsThread)
{
    /// <summary>A disk that is late, after a power cut or because a cable was pulled by mistake, must not start a rebuild of all it holds.</summary>
    private static readonly TimeSpan WaitForMissing = TimeSpan.FromMinutes(10);

    /// <summary>Looks for work this often when there was none.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly ColumnRebuilder _rebuilder = new(state);
    private readonly ChunkScrubber _scrubber = new(state);

    /// <summary>Until the store closes.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        MonotonicTime opened = MonotonicTime.Now(state.Clock);
        try
        {
            while (true)
            {
                bool any = false;
                while (!state.IsRecovering
                    && await RebuildOneAsync(MonotonicTime.Now(state.Clock) - opened > WaitForMissing, PaceAsync, cancellation))
                {
                    any = true;
                }

                if (!any && _scrubber.IsFast)
                {
                    // Between two portions it is looked again whether something is to be rebuilt.
                    await _scrubber.ScrubAskedAsync(state.Options.RebuildBytesPerSecond * (long)Idle.TotalSeconds, PaceAsync, cancellation);
                }
                else if (!any)
                {
                    await Task.Delay(Idle, state.Clock, cancellation);
                    await _scrubber.ScrubAsync(state.Options.ScrubBytesPerSecond * (long)Idle.TotalSeconds, PaceAsync, cancellation);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The store closes. A half rebuilt column begins anew at the next start.
        }
        catch (ObjectDisposedException)
        {
            // The same, while a read waited for its turn.
        }

        ValueTask PaceAsync(long bytes) => WaitAsync(bytes, cancellation);
    }

    /// <summary>All that can be rebuilt, at once; for a store without threads.</summary>
    /// <returns>Columns that were rebuilt.</returns>
    public async Task<int> RebuildAllAsync(bool missingCount)
    {
        int count = 0;
        while (await RebuildOneAsync(missingCount, static _ => ValueTask.CompletedTask, CancellationToken.None))
        {
            count++;
        }

        return count;
    }

    public ScrubStatus Scrub => _scrubber.Status;

    /// <summary>Verifies everything from now on, as fast as a rebuild goes.</summary>
    public void StartScrub() => _scrubber.Start();

    public void StopScrub() => _scrubber.Stop();

    /// <summary>Goes on with that, without pauses; for a store without threads.</summary>
    public Task ScrubAskedAsync(long portionBytes) => _scrubber.ScrubAskedAsync(portionBytes, static _ => ValueTask.CompletedTask, CancellationToken.None);

    /// <summary>Verifies what is due, without pauses; for a store without threads.</summary>
    public Task ScrubDueAsync(long budgetBytes) => _scrubber.ScrubAsync(budgetBytes, static _ => ValueTask.CompletedTask, CancellationToken.None);

    /// <summary>Verifies all chunks at once; for a store without threads.</summary>
    public Task ScrubAllAsync() => _scrubber.ScrubAllAsync(CancellationToken.None);

    /// <returns><c>false</c> when there is nothing to do, or it failed: then it is tried again later.</returns>
    private async Task<bool> RebuildOneAsync(bool missingCount, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        RebuildJob? job = null;
        await onPoolsThread(() => job = committer.NextRebuild(missingCount));
        if (job is null)
        {
            return false;
        }

        bool isDone = false;
        try
        {
            isDone = await _rebuilder.RebuildAsync(job, CountAsync, cancellation);
        }
        catch (DeviceException failure)
        {
            await onPoolsThread(() => committer.RebuildTargetFailed(job, failure));
        }
        finally
        {
            await onPoolsThread(() => committer.EndRebuild(job, isDone));
        }

        return isDone;

        ValueTask CountAsync(long bytes)
        {
            // Of what is read and written the part that is written.
            state.Counters.RebuildPace.Add(bytes / (job.Chunk.Layout.DataColumns + 1), MonotonicTime.Now(state.Clock));
            return pace(bytes);
        }
    }

    /// <summary>Keeps below the rate that was set, and stands back while commits take long: recording goes first.</summary>
    private async ValueTask WaitAsync(long bytes, CancellationToken cancellation)
    {
        TimeSpan wait = TimeSpan.FromSeconds((double)bytes / state.Options.RebuildBytesPerSecond);
        if (state.Counters.LastCommit > state.Options.CommitInterval / 2)
        {
            wait += state.Options.CommitInterval;
        }

        await Task.Delay(wait, state.Clock, cancellation);
    }
}
