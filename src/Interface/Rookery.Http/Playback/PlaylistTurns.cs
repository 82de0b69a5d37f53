// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Http;

/// <summary>Bounds the playlists that are made at one time: that of a day reads the indexes of thousands of records. Safe for any thread.</summary>
internal sealed class PlaylistTurns : IDisposable
{
    /// <summary>Made at one time: the disk has to serve recording and the segments as well.</summary>
    public const int AtOneTime = 2;

    /// <summary>Those who wait, the ones under way included: a wall of 16 players that begin together, twice.</summary>
    public const int Maximum = 32;

    private readonly SemaphoreSlim _turns = new(AtOneTime);
    private int _present;

    /// <summary>Waits for a turn, to be given back with <see cref="End"/>.</summary>
    /// <returns><c>false</c> when too many wait.</returns>
    public async ValueTask<bool> TryBeginAsync(CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _present) > Maximum)
        {
            Interlocked.Decrement(ref _present);
            return false;
        }

        try
        {
            await _turns.WaitAsync(cancellation);
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
        _turns.Release();
        Interlocked.Decrement(ref _present);
    }

    public void Dispose() => _turns.Dispose();
}
