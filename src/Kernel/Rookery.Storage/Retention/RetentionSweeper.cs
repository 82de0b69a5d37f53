// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Frees the chunks that <see cref="RetentionRule"/> names. Runs on the pool's thread; the freed zones become reusable with the next superblocks.</summary>
internal sealed class RetentionSweeper(StoreState state, CatalogFeed catalog)
{
    /// <summary>Age and quota are looked at this often: a footage day more or less does not hang on seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ClockTrust _clock = new(state.LastWritten);
    private WallTime _nextExpiry = WallTime.MinValue;

    /// <summary>See <see cref="ClockTrust"/>; to be asked in each round.</summary>
    public bool IsClockTrusted(WallTime now) => _clock.IsTrusted(now, MonotonicTime.Now(state.Clock));

    /// <summary>Frees what has expired, and keeps zones free ahead of need.</summary>
    public void Sweep(WallTime now, bool clockIsTrusted)
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
                Facts(chunks), state.Classes.All, state.ZoneBytes, clockIsTrusted ? now : null))
            {
                Free(chunks[victim]);
            }
        }

        while (NeedsSpace && FreeOldest(Lacks))
        {
        }
    }

    /// <summary>
    /// On too many disks fewer zones are free than are kept ahead of need; a column that is open ahead is one of them. While a chunk is still to be verified only a head without a zone frees
    /// one: what is not known yet may be older than all that is.
    /// </summary>
    public bool NeedsSpace =>
        !state.IsRecovering && state.Disks.All.Count(d => d.State == DiskState.Online && !Lacks(d)) < DisksWanted();

    /// <summary>Commit number of the chunk that space would take next; <c>null</c> when there is none.</summary>
    public ulong? NextToGo
    {
        get
        {
            ulong? known = OnDisks(Lacks).FirstOrDefault()?.CommitNumber;
            ulong? found = state.Found.OldestLiesOn(Lacks) ? state.Found.Oldest : null;
            return found is null || known < found ? known : found;
        }
    }

    private bool Lacks(PoolDisk disk) =>
        disk.State == DiskState.Online && disk.Ledger.FreeCount + disk.Ledger.ReleasingCount + Math.Min(1, disk.Ledger.AheadCount) < state.Options.FreeZonesAhead;

    /// <summary>Sealed chunks with a column on certain disks, the one written longest ago first.</summary>
    private List<Chunk> OnDisks(Func<PoolDisk, bool> disks) =>
        state.Chunks.Sealed().FindAll(c => c.Columns.Any(p => state.Disks.Find(p.Disk) is { } disk && disks(disk)));

    /// <summary>How many disks the widest layout in use takes, of those that work.</summary>
    private int DisksWanted()
    {
        int online = state.Disks.All.Count(d => d.State == DiskState.Online);
        int widest = state.Classes.All.Select(c => c.Id.Value).Append((byte)0).Max(c => state.LayoutOf(c).Columns);
        return Math.Min(widest, online);
    }

    /// <summary>Frees the chunk written longest ago of those with a column on certain disks, because a head has no zone there.</summary>
    public bool FreeOldest(Func<PoolDisk, bool> disks)
    {
        List<Chunk> chunks = OnDisks(disks);
        int? victim = RetentionRule.Oldest(Facts(chunks));
        if (state.Found.Oldest is { } found && state.Found.OldestLiesOn(disks) && (victim is not { } known || found < chunks[known].CommitNumber))
        {
            // The index is being rebuilt. What it knows already may be what was recorded a minute ago.
            state.Found.FreeOldest();
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
        chunks.ConvertAll(c => new RetentionRule.Facts(c.Class, c.CommitNumber, c.Wall.End, c.Committed.End, c.Columns.Count(p => !p.IsNone)));

    private void Free(Chunk chunk)
    {
        ChunkTail? tail = null;
        try
        {
            tail = state.PoolFooters.Tail(chunk);
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

        var transitions = new List<(int, ulong)>();
        foreach (ColumnPlace place in chunk.Columns)
        {
            if (state.Disks.Find(place.Disk) is { } disk)
            {
                disk.Ledger.Free(place.Zone, chunk.Class, chunk.Generation, ZoneChange.Freed, () => chunk.IsReleased);
                transitions.Add((disk.Number, disk.Ledger.LastTransition));
            }
        }

        catalog.Freed(chunk, transitions);
    }
}
