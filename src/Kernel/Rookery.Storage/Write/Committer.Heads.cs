// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Which chunk a head writes to, and on which disks a new one is opened.</summary>
internal sealed partial class Committer
{
    /// <summary>The chunk to write to: the head's, or a new one when what is left of it is not worth a seek, or one of its disks cannot be written now.</summary>
    private OpenChunk? ChunkFor(WriteHead head, long waiting)
    {
        if (head.Current is { } current
            && (current.RoomBytes < Math.Min(waiting / current.Layout.DataColumns, _state.ZoneBytes / 16) || !IsUsable(current.Chunk) || IsOutgrown(current)))
        {
            PutAway(current);
        }

        head.Current ??= TakeKept(head) ?? OpenNext(head);
        return head.Current;
    }

    /// <summary>The chunk was opened with less protection, or another layout, than its class can have now.</summary>
    private bool IsOutgrown(OpenChunk open)
    {
        ChunkLayout wanted = _state.LayoutOf(open.Chunk.Class);
        return open.Layout != wanted && Candidates().Count >= wanted.Columns;
    }

    /// <summary>A new chunk for a head. That of copies never frees anything: that is what it is needed for.</summary>
    private OpenChunk? OpenNext(WriteHead head)
    {
        bool isForCopies = head.Class == RetentionClassId.Held.Value;
        if (!isForCopies)
        {
            MakeRoom(head.Class);
        }

        if (TryOpenChunk(head.Id, isAhead: false, out OpenChunk? chunk))
        {
            return chunk;
        }

        _noChunk = isForCopies ? _noChunk : WhyNoChunk();
        return null;
    }

    /// <summary>A chunk that was kept for the head, to be gone on with or opened ahead, if it can be written now.</summary>
    private OpenChunk? TakeKept(WriteHead head)
    {
        OpenChunk? resumable = head.Resumable;
        head.Resumable = null;
        if (IfUsable(resumable) is { } resumed)
        {
            return resumed;
        }

        OpenChunk? next = head.Ahead;
        head.Ahead = null;
        if (IfUsable(next) is not { } ahead)
        {
            return null;
        }

        foreach (PoolDisk disk in DisksOf(ahead.Chunk))
        {
            disk.Ledger.Begin(ahead.Chunk);
        }

        return ahead;
    }

    /// <summary>A chunk that can be written now; another is let go.</summary>
    private OpenChunk? IfUsable(OpenChunk? kept)
    {
        if (kept is null || (IsUsable(kept.Chunk) && !IsOutgrown(kept)))
        {
            return kept;
        }

        LetGo(kept.Chunk, wasCut: false);
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

        disks.ForEach(MakeReady);
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

    /// <summary>Opens a chunk of a head in free zones of as many disks as its layout wants; of fewer, with less width or less protection, when there are no more.</summary>
    private bool TryOpenChunk(HeadId head, bool isAhead, out OpenChunk? chunk)
    {
        chunk = null;
        List<PoolDisk> candidates = Candidates();
        ChunkLayout wanted = _state.LayoutOf(head.Class);
        ChunkLayout layout = wanted.Within(Math.Max(1, candidates.Count));
        if (candidates.Count == 0 || (isAhead && layout != wanted))
        {
            return false;
        }

        (ulong number, ulong generation) = _state.Numbers.TakeChunk();
        PoolDisk[] disks = _placer.ForChunk(candidates, layout.Columns, generation)!;
        var columns = new ColumnPlace[layout.Columns];
        for (int column = 0; column < columns.Length; column++)
        {
            PoolDisk disk = disks[column];
            int zone = disk.Ledger.TakeFree();
            columns[column] = new ColumnPlace(disk.Number, zone);
            disk.Ledger.Open(new OpenColumn(zone, head, number, generation, Column: (byte)column, Layout: layout, IsAhead: isAhead));
        }

        _state.Counters.LayoutFault = layout == wanted
            ? null
            : $"Only {candidates.Count} disks can be written: what is recorded now is kept as {layout} and not as {wanted}.";
        chunk = AsOpen(new Chunk(number, generation, head, layout, columns) { Sections = new ChunkSections() });
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
        return Preferred(online.Count > 0 ? online : usable);
    }

    private List<PoolDisk> Candidates() => Placeable().FindAll(d => d.Ledger is { ReadyCount: > 0, HasRoomForOpen: true });
}
