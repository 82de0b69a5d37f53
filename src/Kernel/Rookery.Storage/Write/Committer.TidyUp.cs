// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// What is done between two commits, so that no sample waits for it: footers of full chunks, retention, superblocks, and the next chunk of a head, opened ahead of need. All of it can
/// also be done within a commit, which is how it was begun and what happens on disks that are too slow to leave time between two.
/// </summary>
internal sealed partial class Committer
{
    /// <summary>Footers and retention are put off at most so many times: 2.4 s at the default interval. A disk that never has time must be sealed and freed all the same.</summary>
    private const int MostPutOff = 8;

    private int _putOff;

    /// <summary>A head with less room than this gets its next chunk: two of the largest frames, so that it is announced when one commit has used them up.</summary>
    private long NeedsNextBelow(OpenChunk head) => Math.Max(_state.ZoneBytes / 8, 2L * FrameBytes / head.Layout.DataColumns);

    private void TidyUpAll(MonotonicTime now, MonotonicTime? until)
    {
        JudgeDisks(now);
        TurnGroups(now);
        bool hasTime = until is not { } latest || now < latest || _putOff >= MostPutOff;
        _putOff = hasTime ? 0 : _putOff + 1;
        if (hasTime)
        {
            SealLeftOver(now);
            Sweep();
            CopySome();
            CheckSomeZones();
        }

        bool mustAnnounce = OpenAhead();
        if (mustAnnounce || hasTime)
        {
            // Of a chunk that was opened ahead the second frame needs it, and would otherwise wait for it itself.
            WriteSuperblocks(Dirty(), clean: false);
        }
    }

    /// <summary>Opens the next chunk of each head that is nearly full, where there are zones and places in the superblocks to spare.</summary>
    /// <returns>There is a chunk that the superblocks on its disks do not list as they should.</returns>
    private bool OpenAhead()
    {
        bool mustAnnounce = false;
        foreach (WriteHead head in _heads.All)
        {
            if (head.Current is not { } current)
            {
                continue;
            }

            if (head.Ahead is null && head.Resumable is null && current.RoomBytes < NeedsNextBelow(current) && Placeable().TrueForAll(d => d.Ledger.HasRoomForAhead)
                && TryOpenChunk(head.Id, isAhead: true, out OpenChunk? chunk))
            {
                head.Ahead = chunk;
            }

            mustAnnounce |= !current.IsAnnounced || head.Ahead is { IsAnnouncedAhead: false };
        }

        return mustAnnounce;
    }

    /// <summary>Another head has no zone, or a superblock no place: a chunk that nobody has written to makes room.</summary>
    private bool GiveBackOneAhead()
    {
        WriteHead? head = _heads.All.FirstOrDefault(static h => h.Ahead is not null);
        return head is not null ? GiveBackAhead(head) : GiveBackOneOfLastRun();
    }

    /// <summary>The last run may have left such a chunk, which recovery has not come to yet. One block of each column tells whether it was written.</summary>
    private bool GiveBackOneOfLastRun()
    {
        foreach (OpenColumn entry in _state.Disks.All.SelectMany(d => d.Ledger.Ahead()))
        {
            Chunk chunk = LastRun(entry);
            if (chunk.IsWhole && !_heads.All.Any(h => h.Ahead?.Chunk.Generation == entry.Generation) && !new ChunkRecovery(_state.Disks, _state.PoolReader, _state.ZoneBytes).MayHaveFrames(ColumnSet.Of(chunk)))
            {
                GiveBack(chunk);
                return true;
            }
        }

        return false;
    }

    /// <summary>A chunk of the last run as the ledgers know it.</summary>
    private Chunk LastRun(in OpenColumn entry)
    {
        var columns = new ColumnPlace[entry.Layout.Columns];
        Array.Fill(columns, ColumnPlace.None);
        foreach (PoolDisk disk in _state.Disks.All)
        {
            if (disk.Ledger.FindOpen(entry.Generation) is { IsAhead: true } found)
            {
                columns[found.Column] = new ColumnPlace(disk.Number, found.Zone);
            }
        }

        return new Chunk(entry.Chunk, entry.Generation, entry.Head, entry.Layout, columns);
    }

    private bool GiveBackAhead(WriteHead head)
    {
        if (head.Ahead is not { } open)
        {
            return false;
        }

        head.Ahead = null;
        GiveBack(open.Chunk);
        return true;
    }
}
