// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>How a chunk ends: sealed with a footer on all of its disks, given up behind its last durable frame, or given back when it has none.</summary>
internal sealed partial class Committer
{
    private static readonly TimeSpan FirstSealRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSealRetry = TimeSpan.FromMinutes(10);

    /// <summary>A disk that failed may work again at once, and then takes its footer. So long a chunk is held in memory for it; then it is sealed without.</summary>
    private static readonly TimeSpan LongestWaitForDisk = TimeSpan.FromMinutes(1);

    /// <summary>Seals the chunk of a head, after which the head has none.</summary>
    private void Retire(WriteHead head)
    {
        CompleteUnderWay();
        if (head.Current is { } current)
        {
            head.Current = null;
            LetGo(current.Chunk, wasCut: false);
        }
    }

    /// <summary>A head's chunk is full: sealed behind the commit, because what waits must not wait for a footer as well.</summary>
    private void PutAway(OpenChunk full)
    {
        CompleteUnderWay();
        if (_heads.WithCurrent(full) is { } head)
        {
            head.Current = null;
            SealSoon(full.Chunk, wasCut: false);
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
        // Another head's frame may be at the same disks.
        CompleteUnderWay();
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
        _heads.Get(chunk.Chunk.Head).Current = null;
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
