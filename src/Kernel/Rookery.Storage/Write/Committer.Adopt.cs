// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Chunks that recovery found: shown from then on, gone on with where that is safe and worth it, else sealed.</summary>
internal sealed partial class Committer
{
    /// <summary>A chunk is written on when at least this part of its zone is left.</summary>
    private const int WorthResuming = 8;

    /// <summary>Most chunks that stay open because a part of them could not be read: each holds places for open columns in the superblocks.</summary>
    private const int MostHalfRead = 4;

    private readonly List<Chunk> _halfRead = [];

    /// <summary>Takes what recovery found out of a chunk that superblocks list as open.</summary>
    public void Adopt(GroupRecovery.Outcome outcome, IndexLoader loader)
    {
        if (outcome.Walked is { } walked)
        {
            Adopt(walked);
            return;
        }

        AdoptSealed(outcome, loader);
        WriteSuperblocks(Dirty(), clean: false);
    }

    /// <summary>Takes a chunk that recovery verified: visible from now on, sealed as soon as the disks take the footer.</summary>
    public void Adopt(ChunkRecovery.Result recovered)
    {
        Chunk chunk = recovered.Chunk;
        if (!DisksOf(chunk).Any(d => d.Ledger.IsOpen(chunk.Generation)))
        {
            // It had no frame, and its zones were needed.
            return;
        }

        if (chunk.FrameCount == 0 && !recovered.MayResume)
        {
            // Invariant 6: it stays listed as open, so nothing is written there, and the next start looks again. It is no zone kept ahead of need any more.
            foreach (PoolDisk disk in DisksOf(chunk))
            {
                disk.Ledger.Begin(chunk);
            }

            _state.Counters.LeaveAlone(_state.Disks.Names);
            return;
        }

        if (chunk.FrameCount == 0)
        {
            GiveBack(chunk);
        }
        else
        {
            foreach ((FormatId id, ReadOnlyMemory<byte> bytes) in recovered.Formats)
            {
                _state.Formats.Add(id, bytes);
            }

            _state.Chunks.Add(chunk);
            foreach (StreamSection section in chunk.Sections!.ForFooter().Streams)
            {
                _state.Streams.Get(section.Stream).Add(chunk, section.ToDirectory(0, 0));
            }

            for (int column = 0; column < chunk.Layout.Columns; column++)
            {
                if ((recovered.BadColumns >> column & 1) != 0)
                {
                    DropColumn(chunk, column);
                }
            }

            // What else stands in a torn column is good, and may be needed before it is rebuilt.
            if (recovered.TornColumns != 0)
            {
                _state.Repairs.Add(chunk, recovered.TornColumns);
            }

            foreach (PoolDisk disk in DisksOf(chunk))
            {
                disk.Ledger.Begin(chunk);
            }

            if (!recovered.IsComplete && _halfRead.Count < MostHalfRead)
            {
                // Invariant 6: its footer would say that it ends here. What can be read is shown; the next start may read on.
                _halfRead.Add(chunk);
                _state.Counters.LeaveAlone(_state.Disks.Names);
            }
            else if (!recovered.MayResume || !TryResume(chunk))
            {
                LetGo(chunk, wasCut: true);
            }
        }

        WriteSuperblocks(Dirty(), clean: false);
    }

    /// <summary>A part of its disks had said that the chunk is sealed: those that had not come to it follow, if their footer is whole; else the column is rebuilt.</summary>
    private void AdoptSealed(GroupRecovery.Outcome outcome, IndexLoader loader)
    {
        OpenGroup group = outcome.Group;
        Chunk? chunk = _state.Chunks.Find(group.Entry.Generation);
        if (chunk is null && outcome.Tail is { } tail)
        {
            chunk = loader.AddSealed(tail.Tail, [.. group.Columns.Select((c, i) => (outcome.Sealed >> i & 1) != 0 ? c : ColumnPlace.None)]);
            _catalog.Sealed(chunk, tail.Bytes, []);
        }

        for (int column = 0; column < group.Columns.Length; column++)
        {
            ColumnPlace place = group.Columns[column];
            if (place.IsNone || _state.Disks.Find(place.Disk) is not { } disk)
            {
                continue;
            }

            bool isTaken = (outcome.Sealed >> column & 1) != 0 && chunk is not null && (chunk.Columns[column].IsNone || chunk.Columns[column] == place);
            if (isTaken)
            {
                _state.Chunks.SetColumn(chunk!, column, place);
                disk.Ledger.Seal(place.Zone, group.Entry.Class, group.Entry.Generation);
            }
            else
            {
                disk.Ledger.GiveBack(place.Zone, group.Entry.Class, group.Entry.Generation, group.IsVoid ? ZoneChange.Freed : ZoneChange.Dropped);
            }
        }

        if (chunk is not null)
        {
            _catalog.Moved(chunk, [.. DisksOf(chunk).Select(d => (d.Number, d.Ledger.LastTransition))]);
        }
    }

    /// <summary>Columns that were being rebuilt when the store stopped hold nothing that counts.</summary>
    public void DropHalfRebuilt()
    {
        foreach (PoolDisk disk in _state.Disks.All)
        {
            foreach (OpenColumn entry in disk.Root.Open.Where(static e => e.IsRebuilt))
            {
                disk.Ledger.GiveBack(entry.Zone, entry.Class, entry.Generation, ZoneChange.Dropped);
            }
        }
    }

    /// <summary>
    /// Keeps a recovered chunk to be written on, now or when the head's chunk is full: a process that is restarted again and again must not use up a zone each time, and
    /// with it the oldest footage.
    /// </summary>
    private bool TryResume(Chunk chunk)
    {
        OpenChunk open = OpenChunk.Resume(chunk, IdentitiesOf(chunk), _state.ZoneBytes);
        // What lies on a disk that is drained must be sealed, so that it can move.
        if (open.RoomBytes < _state.ZoneBytes / WorthResuming || DisksOf(chunk).Any(static d => d.State == DiskState.Draining))
        {
            return false;
        }

        foreach (PoolDisk disk in DisksOf(chunk))
        {
            if (disk.Root.Open.Where(e => e.Generation == chunk.Generation).Select(e => (bool?)e.IsAhead).FirstOrDefault() is { } isAhead)
            {
                open.SetAnnounced(chunk.ColumnOn(disk.Number), isAhead);
            }
        }

        WriteHead head = _heads.Get(chunk.Head);
        if (head.Current is null)
        {
            head.Current = open;
            return true;
        }

        if (head.Resumable is { } other && other.RoomBytes >= open.RoomBytes)
        {
            return false;
        }

        if (head.Resumable is { } smaller)
        {
            LetGo(smaller.Chunk, wasCut: true);
        }

        head.Resumable = open;
        return true;
    }
}
