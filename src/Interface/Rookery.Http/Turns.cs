// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;

namespace Rookery.Http;

/// <summary>Bounds work of one kind: so many at one time, so many more may wait, and whoever comes on top of that is turned away at once. Safe for any thread.</summary>
/// <param name="atOneTime">Those under way; at least 1.</param>
/// <param name="maximumWaiting">Those who wait, besides the ones under way; with 0 nobody waits, and <see cref="TryBeginAsync"/> has its answer at once.</param>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "the semaphore has no handle, and requests may still end after the server's services did")]
internal sealed class Turns(int atOneTime, int maximumWaiting)
{
    private readonly SemaphoreSlim _free = new(atOneTime);
    private int _present;

    public int AtOneTime => atOneTime;

    /// <summary>Those who wait and those under way together.</summary>
    public int Maximum => atOneTime + maximumWaiting;

    /// <summary>Waits for a turn, to be given back with <see cref="End"/>.</summary>
    /// <returns><c>false</c> when too many wait; there is nothing to give back then.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled before its turn; there is nothing to give back.</exception>
    public async ValueTask<bool> TryBeginAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _present) > Maximum)
        {
            Interlocked.Decrement(ref _present);
            return false;
        }

        try
        {
            await _free.WaitAsync(cancellation);
            return true;
        }
        catch
        {
            Interlocked.Decrement(ref _present);
            throw;
        }
    }

    public void End()
    {
        // In this order: whoever is let in for the one who leaves finds the turn free, and does not wait where nobody may.
        _free.Release();
        Interlocked.Decrement(ref _present);
    }
}
