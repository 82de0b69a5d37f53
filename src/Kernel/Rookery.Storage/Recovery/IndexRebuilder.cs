// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Rebuilds the index from the disks alone. Two short reads a zone, at its beginning and its end, tell what lies there; then the tails of sealed chunks are read in the order in
/// which they were written, so that spans join as they did when they were recorded. Frames are read only of a chunk that lost its footers.
/// </summary>
/// <remarks>
/// A zone is free only by proof: it was read and holds nothing of this disk, or a superblock's transitions say that its chunk was freed. Any other is left as it is, unknown to
/// the ledger; and then a catalog must not be believed by the next start, which would take what nobody knows for free.
/// </remarks>
internal sealed class IndexRebuilder(StoreState state, IndexLoader loader)
{
    private readonly ZoneSurvey _survey = new(state);
    private volatile bool _hasLeftSomeAlone;

    /// <summary>Every zone is accounted for. Asked when all steps on the pool's thread have run.</summary>
    public bool IsComplete => !_hasLeftSomeAlone;

    /// <param name="onPoolsThread">Runs a step that changes a ledger, on the thread that owns it, in order.</param>
    /// <param name="adopt">Takes a chunk that has frames and no footer.</param>
    /// <param name="keep">Is given each sealed chunk and its tail, for the catalog.</param>
    /// <param name="progress">Told after each zone; may be <c>null</c>.</param>
    /// <param name="cancellation">Stops between zones.</param>
    public async Task RunAsync(
        Func<Action, ValueTask> onPoolsThread, Action<ChunkRecovery.Result> adopt, Func<Chunk, byte[], ValueTask> keep, IProgress<RebuildProgress>? progress,
        CancellationToken cancellation)
    {
        // By commit number, so that spans join as they were written. Openings that did not see each other may have given out the same, so the generation stands beside it.
        var found = new SortedDictionary<(ulong Commit, ulong Generation), FoundChunk>();
        var damaged = new SortedDictionary<(ulong Commit, ulong Generation), FoundChunk>();
        int total = state.Disks.All.Sum(d => d.Geometry.ZoneCount);
        int done = 0;
        foreach (PoolDisk disk in state.Disks.All)
        {
            for (int zone = 0; zone < disk.Geometry.ZoneCount; zone++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (disk.Ledger.StateOf(zone) == ZoneState.Unknown)
                {
                    await SortAsync(_survey.Look(disk, zone), disk, found, damaged, onPoolsThread);
                }

                progress?.Report(new RebuildProgress(++done, total));
            }
        }

        foreach (FoundChunk chunk in found.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            await AddAsync(chunk, damaged, onPoolsThread, keep);
        }

        foreach (FoundChunk chunk in damaged.Values)
        {
            await RecoverAsync(chunk, onPoolsThread, adopt, cancellation);
        }
    }

    private async ValueTask SortAsync(
        ZoneSurvey.Finding finding, PoolDisk disk, SortedDictionary<(ulong, ulong), FoundChunk> found, SortedDictionary<(ulong, ulong), FoundChunk> damaged, Func<Action, ValueTask> onPoolsThread)
    {
        switch (finding)
        {
            case ZoneSurvey.Finding.Sealed column:
                FoundChunk.Of(found, column.CommitNumber, column.Entry).Add(disk, column.Entry);
                await onPoolsThread(() => state.Found.Add(column.CommitNumber, column.Entry.Generation, column.Wall, disk, column.Zone));
                break;
            case ZoneSurvey.Finding.Unsealed column:
                FoundChunk.Of(damaged, commitNumber: 0, column.Entry).Add(disk, column.Entry);
                break;
            case ZoneSurvey.Finding.Nothing nothing:
                await onPoolsThread(() => disk.Ledger.AddFree(nothing.Zone));
                break;
            default:
                await onPoolsThread(() => LeaveAlone(disk, finding.Zone));
                break;
        }
    }

    private async ValueTask AddAsync(FoundChunk found, SortedDictionary<(ulong, ulong), FoundChunk> damaged, Func<Action, ValueTask> onPoolsThread, Func<Chunk, byte[], ValueTask> keep)
    {
        ulong generation = found.Entry.Generation;
        if (state.Footers.AnyTail(found.Columns, generation) is { } read)
        {
            TaskCompletionSource<Chunk?> added = new();
            await onPoolsThread(() => added.SetResult(AddIfStillThere(found, read.Tail)));
            if (await added.Task is { } chunk)
            {
                await keep(chunk, read.Bytes);
            }

            return;
        }

        await onPoolsThread(() => state.Found.Take(found.CommitNumber, generation));
        foreach (ColumnPlace place in found.Columns.Where(c => !c.IsNone))
        {
            PoolDisk disk = state.Disks.Find(place.Disk)!;
            if (_survey.Look(disk, place.Zone, believesTrailer: false) is ZoneSurvey.Finding.Unsealed frames)
            {
                FoundChunk.Of(damaged, commitNumber: 0, frames.Entry).Add(disk, frames.Entry);
            }
            else
            {
                await onPoolsThread(() => LeaveAlone(disk, place.Zone));
            }
        }
    }

    private Chunk? AddIfStillThere(FoundChunk found, ChunkTail tail)
    {
        if (!state.Found.Take(found.CommitNumber, found.Entry.Generation))
        {
            return null;
        }

        if (state.Chunks.Find(tail.Trailer.Generation) is not { } known)
        {
            return loader.AddSealed(tail, found.Columns);
        }

        if (known.DataEnd != tail.Trailer.DataEnd)
        {
            // Sealed twice, by halves of the pool that did not see each other. The other one is shown; this one is left as it is.
            foreach (ColumnPlace place in found.Columns.Where(c => !c.IsNone))
            {
                LeaveAlone(state.Disks.Find(place.Disk)!, place.Zone);
            }

            return null;
        }

        // Recovery of what was open brought the chunk already, without these columns.
        for (int column = 0; column < found.Columns.Length; column++)
        {
            if (known.Columns[column].IsNone && state.Disks.Find(found.Columns[column].Disk) is { } disk)
            {
                state.Chunks.SetColumn(known, column, found.Columns[column]);
                disk.Ledger.AddSealed(found.Columns[column].Zone);
            }
        }

        return known.State == ChunkState.Sealed ? known : null;
    }

    private async ValueTask RecoverAsync(FoundChunk found, Func<Action, ValueTask> onPoolsThread, Action<ChunkRecovery.Result> adopt, CancellationToken cancellation)
    {
        if (state.Chunks.Find(found.Entry.Generation) is not null)
        {
            // The chunk is known by its other columns, and this one lacks its footer: it is rebuilt.
            foreach (ColumnPlace place in found.Columns.Where(c => !c.IsNone))
            {
                await onPoolsThread(() => state.Disks.Find(place.Disk)!.Ledger.AddFree(place.Zone));
            }

            return;
        }

        ChunkRecovery.Result result = new ChunkRecovery(state.Disks, state.Reader, state.ZoneBytes)
            .Recover(new ColumnSet(found.Entry.Chunk, found.Entry.Generation, found.Entry.Layout, found.Columns), found.Entry.Class, givenUpAfter: 0, isAhead: false, cancellation);
        await onPoolsThread(() =>
        {
            // With too many at once the rest waits for the next start; their zones stay untouched.
            if (result.Chunk.FrameCount > 0 && found.TryOpen(state.Disks))
            {
                // Not gone on with: it was full once, or its zones were never worth it.
                adopt(result with { MayResume = false });
                return;
            }

            foreach (ColumnPlace place in found.Columns.Where(c => !c.IsNone))
            {
                LeaveAlone(state.Disks.Find(place.Disk)!, place.Zone);
            }
        });
    }

    private void LeaveAlone(PoolDisk disk, int zone)
    {
        // A zone that was freed while its chunk waited to be read is accounted for.
        if (disk.Ledger.StateOf(zone) == ZoneState.Unknown)
        {
            _hasLeftSomeAlone = true;
            state.Counters.LeaveAlone(disk.Name);
        }
    }

    /// <summary>The columns of a chunk that were found so far.</summary>
    private sealed class FoundChunk(ulong commitNumber, OpenColumn entry)
    {
        private readonly List<(int Disk, OpenColumn Entry)> _entries = [];

        public ulong CommitNumber => commitNumber;
        public OpenColumn Entry => entry;
        public ColumnPlace[] Columns { get; } = [.. Enumerable.Repeat(ColumnPlace.None, entry.Layout.Columns)];

        public static FoundChunk Of(SortedDictionary<(ulong, ulong), FoundChunk> chunks, ulong commitNumber, in OpenColumn entry)
        {
            if (!chunks.TryGetValue((commitNumber, entry.Generation), out FoundChunk? chunk))
            {
                chunks.Add((commitNumber, entry.Generation), chunk = new FoundChunk(commitNumber, entry));
            }

            return chunk;
        }

        public void Add(PoolDisk disk, in OpenColumn column)
        {
            if (column.Layout == entry.Layout && column.Generation == entry.Generation && Columns[column.Column].IsNone)
            {
                Columns[column.Column] = new ColumnPlace(disk.Number, column.Zone);
                _entries.Add((disk.Number, column));
            }
        }

        /// <summary>Takes all columns as open; <c>false</c>, and none, when a disk has no place.</summary>
        public bool TryOpen(DiskSet disks)
        {
            if (!_entries.TrueForAll(e => disks.Find(e.Disk) is { } disk && disk.Ledger.HasRoomForOpen && disk.Ledger.StateOf(e.Entry.Zone) == ZoneState.Unknown))
            {
                return false;
            }

            return _entries.TrueForAll(e => disks.Find(e.Disk)!.Ledger.TryAdopt(e.Entry));
        }
    }
}
