// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Frees the chunks that <see cref="RetentionRule"/> names. Runs on the disk's thread; the freed zones become reusable with the next superblock.</summary>
internal sealed class RetentionSweeper(StoreState state, CatalogFeed catalog)
{
    /// <summary>Age and quota are looked at this often: a footage day more or less does not hang on seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ClockTrust _clock = new(state.LastWritten);
    private WallTime _nextExpiry = WallTime.MinValue;

    /// <summary>See <see cref="ClockTrust"/>; to be asked in each round.</summary>
    public bool IsClockTrusted(WallTime now) => _clock.IsTrusted(now, MonotonicTime.Now(state.Clock));

    /// <summary>Frees what its class says is too old or too much, every ten seconds.</summary>
    public void FreeExpired(WallTime now, bool clockIsTrusted)
    {
        if (state.IsLoading)
        {
            // What is not known yet may be older than all that is.
            return;
        }

        if (now >= _nextExpiry || now < _nextExpiry - Interval)
        {
            _nextExpiry = now + Interval;
            List<Chunk> chunks = state.Chunks.Sealed();
            foreach (int victim in RetentionRule.Expired(
                Facts(chunks), state.Classes.All, state.Geometry.ZoneBytes, clockIsTrusted ? now : null))
            {
                Free(chunks[victim]);
            }
        }
    }

    /// <summary>
    /// Fewer zones are free than are kept ahead of need; a chunk that is open ahead is one of them. While a chunk is still to be verified only a head without a zone frees one: what is not
    /// known yet may be older than all that is.
    /// </summary>
    public bool NeedsSpace =>
        !state.IsRecovering
        && state.Ledger.FreeCount + state.Ledger.ReleasingCount + Math.Min(1, state.Ledger.AheadCount) < state.Options.FreeZonesAhead;

    /// <summary>Commit number of the chunk that space would take next; <c>null</c> when there is none.</summary>
    public ulong? NextToGo
    {
        get
        {
            ulong? known = state.Chunks.Sealed().FirstOrDefault()?.CommitNumber;
            ulong? found = state.Ledger.OldestFound;
            return found is null || known < found ? known : found;
        }
    }

    /// <summary>Frees the chunk written longest ago, of those that are sealed.</summary>
    public bool FreeOldest()
    {
        List<Chunk> chunks = state.Chunks.Sealed();
        int? victim = RetentionRule.Oldest(Facts(chunks));
        if (state.Ledger.OldestFound is { } found && (victim is not { } known || found < chunks[known].CommitNumber))
        {
            // The index is being rebuilt. What it knows already may be what was recorded a minute ago.
            state.Ledger.FreeOldestFound();
            return true;
        }

        if (victim is not { } oldest)
        {
            return false;
        }

        Free(chunks[oldest]);
        return true;
    }

    private static List<RetentionRule.Facts> Facts(List<Chunk> chunks) =>
        chunks.ConvertAll(c => new RetentionRule.Facts(c.Class, c.CommitNumber, c.Wall.End, c.Committed.End));

    private void Free(Chunk chunk)
    {
        ChunkTail? tail = null;
        try
        {
            tail = state.DiskThreadFooters.Tail(chunk);
        }
        catch (RecordLostException)
        {
            // Its footer is damaged: what memory knows of it has to do.
        }

        chunk.Free();
        state.Chunks.Remove(chunk);
        if (tail is null)
        {
            state.Streams.Remove(chunk);
        }
        else
        {
            foreach (StreamDirectory stream in tail.Streams)
            {
                state.Streams.Find(stream.Stream)?.Remove(chunk, stream);
            }

            foreach ((FormatId id, _) in tail.Formats)
            {
                state.Formats.Release(id);
            }
        }

        state.Ledger.Free(chunk);
        catalog.Freed(state.Ledger.LastTransition, chunk);
    }
}
