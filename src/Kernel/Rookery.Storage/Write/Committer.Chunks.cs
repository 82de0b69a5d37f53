// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Opening, sealing and giving up chunks, and what a failing disk means.</summary>
internal sealed partial class Committer
{
    /// <summary>A chunk is written on when at least this part of its zone is left.</summary>
    private const int WorthResuming = 8;

    private static readonly TimeSpan FirstSealRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSealRetry = TimeSpan.FromMinutes(10);

    /// <summary>Most chunks that stay open because a part of them could not be read: each holds places for open columns in the superblocks.</summary>
    private const int MostHalfRead = 4;

    private readonly OpenChunk?[] _resumable = new OpenChunk?[256];
    private readonly List<Chunk> _halfRead = [];

    /// <summary>A disk that failed may work again at once, and then takes its footer. So long a chunk is held in memory for it; then it is sealed without.</summary>
    private static readonly TimeSpan LongestWaitForDisk = TimeSpan.FromMinutes(1);

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
        if (open.RoomBytes < _state.ZoneBytes / WorthResuming)
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

        if (_heads[chunk.Class] is null)
        {
            _heads[chunk.Class] = open;
            return true;
        }

        if (_resumable[chunk.Class] is { } other && other.RoomBytes >= open.RoomBytes)
        {
            return false;
        }

        if (_resumable[chunk.Class] is { } smaller)
        {
            LetGo(smaller.Chunk, wasCut: true);
        }

        _resumable[chunk.Class] = open;
        return true;
    }

    /// <summary>
    /// Seals chunks that have been open for an eighth of what their class allows: only sealed chunks expire, and footage of a camera that hardly sends must not outlive its days
    /// by the weeks it takes to fill a zone.
    /// </summary>
    private void RetireOld(WallTime now, bool clockIsTrusted)
    {
        foreach (RetentionClass retentionClass in _state.Classes.All)
        {
            byte id = retentionClass.Id.Value;
            if (retentionClass.MaximumAge is not { } age)
            {
                continue;
            }

            if (_heads[id] is { } head && IsOlder(head.Chunk))
            {
                Retire(head);
            }

            if (_resumable[id] is { } resumable && IsOlder(resumable.Chunk))
            {
                _resumable[id] = null;
                LetGo(resumable.Chunk, wasCut: false);
            }

            for (int i = _halfRead.Count - 1; i >= 0; i--)
            {
                // Hope of the rest ends when its days do. A clock that is years ahead must not end it: a footer cannot be taken back.
                Chunk halfRead = _halfRead[i];
                if (clockIsTrusted && halfRead.Class == id && now - halfRead.Committed.End > age)
                {
                    _halfRead.RemoveAt(i);
                    LetGo(halfRead, wasCut: true);
                }
            }

            bool IsOlder(Chunk chunk) => chunk.FrameCount > 0 && now - chunk.Committed.Start > age / 8;
        }
    }

    /// <summary>Seals the chunk of a head, after which the head has none.</summary>
    private void Retire(OpenChunk head)
    {
        CompleteUnderWay();
        if (ReferenceEquals(_heads[head.Chunk.Class], head))
        {
            _heads[head.Chunk.Class] = null;
            LetGo(head.Chunk, wasCut: false);
        }
    }

    /// <summary>A head's chunk is full: sealed behind the commit, because what waits must not wait for a footer as well.</summary>
    private void PutAway(OpenChunk head)
    {
        CompleteUnderWay();
        if (ReferenceEquals(_heads[head.Chunk.Class], head))
        {
            _heads[head.Chunk.Class] = null;
            SealSoon(head.Chunk, wasCut: false);
        }
    }

    /// <summary>A chunk gets no more frames: seals it behind the commit if it has any, else frees its zones.</summary>
    private void SealSoon(Chunk chunk, bool wasCut)
    {
        if (chunk.FrameCount == 0)
        {
            GiveBack(chunk);
        }
        else
        {
            MonotonicTime now = MonotonicTime.Now(_state.Clock);
            _unsealed.Add(new UnsealedChunk(chunk, now, now, FirstSealRetry, wasCut));
        }
    }

    /// <summary>A chunk gets no more frames: seals it if it has any, else frees its zones.</summary>
    private void LetGo(Chunk chunk, bool wasCut)
    {
        if (chunk.FrameCount == 0)
        {
            GiveBack(chunk);
        }
        else if (!TrySeal(chunk, wasCut, isPatient: true))
        {
            MonotonicTime now = MonotonicTime.Now(_state.Clock);
            _unsealed.Add(new UnsealedChunk(chunk, now, now + FirstSealRetry, FirstSealRetry * 2, WasCut: true));
        }
    }

    /// <summary>
    /// Tries again to write the footers that a disk refused, each at its time: a bad spot may cost the disk seconds at each try, and recording waits for them.
    /// </summary>
    /// <param name="now">The present; <c>null</c> tries all, whatever it costs.</param>
    private void SealLeftOver(MonotonicTime? now)
    {
        for (int i = _unsealed.Count - 1; i >= 0; i--)
        {
            UnsealedChunk unsealed = _unsealed[i];
            if (now < unsealed.RetryAt)
            {
                continue;
            }

            if (TrySeal(unsealed.Chunk, unsealed.WasCut, isPatient: now is null || now - unsealed.Since < LongestWaitForDisk))
            {
                _unsealed.RemoveAt(i);
                continue;
            }

            _unsealed[i] = unsealed with
            {
                RetryAt = MonotonicTime.Now(_state.Clock) + unsealed.RetryAfter,
                RetryAfter = TimeSpan.FromTicks(Math.Min(unsealed.RetryAfter.Ticks * 2, LongestSealRetry.Ticks)),
                WasCut = true,
            };
            if (now is not null)
            {
                return;
            }
        }
    }

    /// <summary>Writes the footer on all disks of the chunk. On failure the chunk stays as it is: readable from memory, and listed as open for the next start.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="wasCut">See <see cref="ChunkTrailer.WasCut"/>.</param>
    /// <param name="isPatient">A disk that may work again is waited for; else its column is given up, as long as D columns have their footer.</param>
    private bool TrySeal(Chunk chunk, bool wasCut, bool isPatient)
    {
        List<PoolDisk> writable = Writable(MonotonicTime.Now(_state.Clock));
        List<(PoolDisk Disk, int Column)> targets = [.. chunk.Columns.Select((c, i) => (writable.Find(d => d.Number == c.Disk), i)).Where(t => t.Item1 is not null).Select(t => (t.Item1!, t.i))];
        bool isWaitedFor = chunk.Columns.Any(c => _state.Disks.Find(c.Disk) is { State: DiskState.Suspect } disk && !writable.Contains(disk));
        if (targets.Count < chunk.Layout.DataColumns || (isPatient && isWaitedFor))
        {
            return false;
        }

        ChunkFooter footer = FooterBuilder.Build(AsOpen(chunk), _state.ZoneBytes, wasCut);
        try
        {
            return TrySeal(chunk, footer, targets, isPatient);
        }
        finally
        {
            DiskThread.Release(targets.Select(t => t.Disk.Writer), footer);
        }
    }

    private bool TrySeal(Chunk chunk, ChunkFooter footer, List<(PoolDisk Disk, int Column)> targets, bool isPatient)
    {
        ulong durable = 0;
        foreach ((PoolDisk disk, int column) in targets)
        {
            long offset = disk.Geometry.ZoneOffset(chunk.Columns[column].Zone) + footer.Trailer.FooterStart;
            disk.Writer.Begin(device =>
            {
                device.Write(offset, footer.Column(column));
                device.Flush();
            });
        }

        foreach ((PoolDisk disk, int column) in targets)
        {
            if (disk.Writer.Wait() is { } failure)
            {
                DiskFailed(disk, failure);
            }
            else
            {
                disk.CountWritten(footer.ColumnBytes);
                durable |= 1UL << column;
            }
        }

        int count = System.Numerics.BitOperations.PopCount(durable);
        if (count < chunk.Layout.DataColumns || (isPatient && count < targets.Count))
        {
            return false;
        }

        Sealed(chunk, footer, durable);
        return true;
    }

    private void Sealed(Chunk chunk, in ChunkFooter footer, ulong durable)
    {
        chunk.Seal(footer.Trailer);
        var transitions = new List<(int, ulong)>();
        for (int column = 0; column < chunk.Layout.Columns; column++)
        {
            ColumnPlace place = chunk.Columns[column];
            if ((durable >> column & 1) == 0)
            {
                DropColumn(chunk, column);
            }
            else if (_state.Disks.Find(place.Disk) is { } disk)
            {
                disk.Ledger.Seal(place.Zone, chunk.Class, chunk.Generation);
                transitions.Add((disk.Number, disk.Ledger.LastTransition));
            }
        }

        _state.Counters.CountFrame(footer.ColumnBytes * transitions.Count);
        _catalog.Sealed(chunk, footer.Tail.ToArray(), transitions);
    }

    /// <summary>A column is worth nothing any more: its zone is free when nobody reads it, and it is to be rebuilt elsewhere.</summary>
    private void DropColumn(Chunk chunk, int column)
    {
        ColumnPlace place = chunk.Columns[column];
        _state.Chunks.SetColumn(chunk, column, ColumnPlace.None);
        if (!place.IsNone && _state.Disks.Find(place.Disk) is { } disk)
        {
            disk.Ledger.Free(place.Zone, chunk.Class, chunk.Generation, ZoneChange.Dropped, () => chunk.IsUnread);
        }
    }

    /// <summary>The chunk never got a durable frame: its zones are free again.</summary>
    private void GiveBack(Chunk chunk)
    {
        foreach (ColumnPlace place in chunk.Columns)
        {
            if (_state.Disks.Find(place.Disk) is { } disk)
            {
                disk.Ledger.GiveBack(place.Zone, chunk.Class, chunk.Generation);
            }
        }
    }

    /// <summary>
    /// The chunk ends with its last durable frame: a part of the next one failed, or its place is not certain any more. The superblocks must say so before the samples of the failed one are
    /// written anew: that frame may be whole on the disks, and after a crash both would be found.
    /// </summary>
    private void Abandon(OpenChunk chunk)
    {
        chunk.HasFailed = true;
        _heads[chunk.Chunk.Class] = null;
        if (_state.Disks.All.Count > 1 || chunk.Chunk.FrameCount > 0)
        {
            _giveUps.Add((chunk.Chunk.Generation, (ushort)chunk.Chunk.FrameCount, [.. DisksOf(chunk.Chunk).Select(d => d.Number)]));
        }

        foreach (PoolDisk disk in DisksOf(chunk.Chunk))
        {
            disk.Ledger.GiveUp(chunk.Chunk);
        }

        SealSoon(chunk.Chunk, wasCut: true);
    }
}

/// <summary>A chunk that is still to be sealed: it is full, or a disk refused its footer.</summary>
/// <param name="Chunk">The chunk; readable from memory.</param>
/// <param name="Since">When it was let go.</param>
/// <param name="RetryAt">When its footer is tried, or tried again.</param>
/// <param name="RetryAfter">How long to wait if it fails then.</param>
/// <param name="WasCut">See <see cref="ChunkTrailer.WasCut"/>.</param>
internal readonly record struct UnsealedChunk(Chunk Chunk, MonotonicTime Since, MonotonicTime RetryAt, TimeSpan RetryAfter, bool WasCut);
