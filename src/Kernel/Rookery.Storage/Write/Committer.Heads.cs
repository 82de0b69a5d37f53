// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Which chunk a class writes to, and on which disks a new one is opened.</summary>
internal sealed partial class Committer
{
    /// <summary>The chunk to write to: the head's, or a new one when what is left of it is not worth a seek, or one of its disks cannot be written now.</summary>
    private OpenChunk? HeadFor(byte retentionClass, long waiting)
    {
        OpenChunk? head = _heads[retentionClass];
        if (head is not null
            && (head.RoomBytes < Math.Min(waiting / head.Layout.DataColumns, _state.ZoneBytes / 16) || !IsUsable(head.Chunk) || IsOutgrown(head)))
        {
            PutAway(head);
            head = _heads[retentionClass];
        }

        return head ?? OpenHead(retentionClass);
    }

    /// <summary>The chunk was opened with less protection, or another layout, than its class can have now.</summary>
    private bool IsOutgrown(OpenChunk head)
    {
        ChunkLayout wanted = _state.LayoutOf(head.Chunk.Class);
        return head.Layout != wanted && Candidates().Count >= wanted.Columns;
    }

    private OpenChunk? OpenHead(byte retentionClass)
    {
        if (TakeReady(_resumable, retentionClass) is { } resumed)
        {
            return _heads[retentionClass] = resumed;
        }

        if (TakeReady(_ahead, retentionClass) is { } ahead)
        {
            foreach (PoolDisk disk in DisksOf(ahead.Chunk))
            {
                disk.Ledger.Begin(ahead.Chunk);
            }

            return _heads[retentionClass] = ahead;
        }

        MakeRoom(retentionClass);
        if (TryOpenChunk(retentionClass, isAhead: false, out OpenChunk? chunk))
        {
            return _heads[retentionClass] = chunk;
        }

        _noChunk = WhyNoChunk();
        return null;
    }

    /// <summary>Takes a chunk that was kept for a class, if it can be written now; else it is let go.</summary>
    private OpenChunk? TakeReady(OpenChunk?[] kept, byte retentionClass)
    {
        if (kept[retentionClass] is not { } open)
        {
            return null;
        }

        kept[retentionClass] = null;
        if (IsUsable(open.Chunk) && !IsOutgrown(open))
        {
            return open;
        }

        LetGo(open.Chunk, wasCut: false);
        return null;
    }

    /// <summary>Frees zones, and places in superblocks, until a chunk of a class finds as many disks as it wants, or nothing more can be freed.</summary>
    private void MakeRoom(byte retentionClass)
    {
        List<PoolDisk> disks = Placeable();
        ChunkLayout layout = _state.LayoutOf(retentionClass).Within(Math.Max(1, disks.Count));
        if (disks.Count(d => d.Ledger.HasRoomForOpen) < layout.Columns)
        {
            GiveBackOneAhead();
            SealOneResumable();
            SealLeftOver(now: null);
        }

        // While a freed zone waits for its last reader, another need not be freed.
        for (int tries = disks.Count; tries > 0 && disks.Count(d => d.Ledger.FreeCount + d.Ledger.ReleasingCount > 0) < layout.Columns; tries--)
        {
            bool Lacks(PoolDisk d) => d.Ledger.FreeCount + d.Ledger.ReleasingCount == 0 && disks.Contains(d);
            if (!GiveBackOneAhead() && !FreeZoneForHead(Lacks))
            {
                return;
            }
        }
    }

    /// <summary>Opens a chunk of a class in free zones of as many disks as its layout wants; of fewer, with less width or less protection, when there are no more.</summary>
    private bool TryOpenChunk(byte retentionClass, bool isAhead, out OpenChunk? chunk)
    {
        chunk = null;
        List<PoolDisk> candidates = Candidates();
        ChunkLayout wanted = _state.LayoutOf(retentionClass);
        ChunkLayout layout = wanted.Within(Math.Max(1, candidates.Count));
        if (candidates.Count == 0 || (isAhead && layout != wanted))
        {
            return false;
        }

        (ulong number, ulong generation) = _state.Numbers.TakeChunk();
        int[] chosen = PlacementLot.Choose([.. candidates.Select(d => new PlacementLot.Candidate(d.Number, d.Ledger.FreeCount))], layout.Columns, generation);
        var columns = new ColumnPlace[layout.Columns];
        for (int column = 0; column < columns.Length; column++)
        {
            PoolDisk disk = candidates[chosen[column]];
            int zone = disk.Ledger.TakeFree();
            columns[column] = new ColumnPlace(disk.Number, zone);
            disk.Ledger.Open(new OpenColumn(zone, retentionClass, number, generation, Column: (byte)column, Layout: layout, IsAhead: isAhead));
        }

        _state.Counters.LayoutFault = layout == wanted
            ? null
            : $"Only {candidates.Count} disks can be written: what is recorded now is kept as {layout} and not as {wanted}.";
        chunk = AsOpen(new Chunk(number, generation, retentionClass, layout, columns) { Sections = new ChunkSections() });
        return true;
    }

    private OpenChunk AsOpen(Chunk chunk) => new(chunk, IdentitiesOf(chunk), _state.ZoneBytes);

    private UInt128[] IdentitiesOf(Chunk chunk) => [.. chunk.Columns.Select(c => _state.Disks.Find(c.Disk)?.Identity ?? 0)];

    private IEnumerable<PoolDisk> DisksOf(Chunk chunk) => chunk.Columns.Select(c => _state.Disks.Find(c.Disk)).OfType<PoolDisk>();

    /// <summary>Disks that new chunks may be put on: those that work, or, when there is no other choice, one that is due to be tried again.</summary>
    private List<PoolDisk> Placeable()
    {
        List<PoolDisk> usable = Writable(MonotonicTime.Now(_state.Clock));
        List<PoolDisk> online = usable.FindAll(d => d.State == DiskState.Online);
        return online.Count > 0 ? online : usable;
    }

    private List<PoolDisk> Candidates() => Placeable().FindAll(d => d.Ledger is { FreeCount: > 0, HasRoomForOpen: true });
}
