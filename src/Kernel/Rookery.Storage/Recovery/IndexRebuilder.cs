// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Rebuilds the index from the disks alone. Two short reads a zone, at its beginning and its end, tell what lies there, on all disks side by side; then the tails of sealed chunks come in the
/// order in which they were written, read some ahead, so that spans join as they did when they were recorded. Frames are read only of a chunk that lost its footers.
/// </summary>
/// <remarks>
/// A zone is free only by proof: it was read and holds nothing of this disk, or a superblock's transitions say that its chunk was freed. Any other is left as it is, unknown to
/// the ledger; and then a catalog must not be believed by the next start, which would take what nobody knows for free.
/// </remarks>
internal sealed class IndexRebuilder(StoreState state, IndexLoader loader)
{
    /// <summary>Tails that are read ahead for each disk, and chunks that the catalog takes in one transaction: at 300 streams a tail has some 60 KB.</summary>
    private const int AheadOnEachDisk = 2;
    private const int ChunksInOneBatch = 64;

    private readonly ZoneSurvey _survey = new(state);
    private readonly Lock _gate = new();

    /// <summary>By commit number, so that spans join as they were written. Openings that did not see each other may have given out the same, so the generation stands beside it.</summary>
    private readonly SortedDictionary<(ulong Commit, ulong Generation), FoundChunk> _found = [];
    private readonly SortedDictionary<(ulong Commit, ulong Generation), FoundChunk> _damaged = [];
    private readonly List<(Chunk Chunk, byte[] Tail)> _kept = [];
    private int _lookedAt;
    private volatile bool _hasLeftSomeAlone;

    /// <summary>Every zone is accounted for. Asked when all steps on the pool's thread have run.</summary>
    public bool IsComplete => !_hasLeftSomeAlone;

    /// <param name="onPoolsThread">Runs a step that changes a ledger, on the thread that owns it, in order.</param>
    /// <param name="adopt">Takes a chunk that has frames and no footer.</param>
    /// <param name="keep">Is given sealed chunks with their tails, for the catalog.</param>
    /// <param name="progress">Told after each zone; may be <c>null</c>.</param>
    /// <param name="cancellation">Stops between zones.</param>
    public async Task RunAsync(
        Func<Action, ValueTask> onPoolsThread, Action<ChunkRecovery.Result> adopt, Func<IReadOnlyList<(Chunk Chunk, byte[] Tail)>, ValueTask> keep, IProgress<RebuildProgress>? progress,
        CancellationToken cancellation)
    {
        PoolDisk[] disks = [.. state.Disks.All];
        int total = disks.Sum(d => d.Geometry.ZoneCount);
        await Task.WhenAll(disks.Select(disk => BesideAsync(() => SurveyAsync(disk, total, onPoolsThread, progress, cancellation))));
        var ahead = new Queue<(FoundChunk Chunk, Task<(ChunkTail Tail, byte[] Bytes)?> Tail)>();
        foreach (FoundChunk chunk in _found.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            ahead.Enqueue((chunk, BesideAsync(() => Task.FromResult(state.Footers.AnyTail(chunk.Columns, chunk.Entry.Generation)))));
            if (ahead.Count >= AheadOnEachDisk * disks.Length)
            {
                await AddNextAsync(ahead, onPoolsThread, keep);
            }
        }

        while (ahead.Count > 0)
        {
            await AddNextAsync(ahead, onPoolsThread, keep);
        }

        await KeepAsync(keep);
        foreach (FoundChunk chunk in _damaged.Values)
        {
            await RecoverAsync(chunk, onPoolsThread, adopt, cancellation);
        }
    }

    /// <summary>On a task of its own; at once where the store has no threads.</summary>
    private Task BesideAsync(Func<Task> work) => state.Options.IsManual ? work() : Task.Run(work);

    private Task<T> BesideAsync<T>(Func<Task<T>> work) => state.Options.IsManual ? work() : Task.Run(work);

    private async Task SurveyAsync(PoolDisk disk, int total, Func<Action, ValueTask> onPoolsThread, IProgress<RebuildProgress>? progress, CancellationToken cancellation)
    {
        for (int zone = 0; zone < disk.Geometry.ZoneCount; zone++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (disk.Ledger.StateOf(zone) == ZoneState.Unknown)
            {
                await SortAsync(_survey.Look(disk, zone), disk, onPoolsThread);
            }

            progress?.Report(new RebuildProgress(Interlocked.Increment(ref _lookedAt), total));
        }
    }

    private async ValueTask SortAsync(ZoneSurvey.Finding finding, PoolDisk disk, Func<Action, ValueTask> onPoolsThread)
    {
        switch (finding)
        {
            case ZoneSurvey.Finding.Sealed column:
                Add(_found, column.CommitNumber, disk, column.Entry);
                await onPoolsThread(() => state.Found.Add(column.CommitNumber, column.Entry.Generation, column.Wall, disk, column.Zone));
                break;
            case ZoneSurvey.Finding.Unsealed column:
                Add(_damaged, commitNumber: 0, disk, column.Entry);
                break;
            case ZoneSurvey.Finding.Nothing nothing:
                await onPoolsThread(() => disk.Ledger.AddFree(nothing));
                break;
            default:
                await onPoolsThread(() => LeaveAlone(disk, finding.Zone));
                break;
        }
    }

    private void Add(SortedDictionary<(ulong, ulong), FoundChunk> chunks, ulong commitNumber, PoolDisk disk, in OpenColumn column)
    {
        lock (_gate)
        {
            if (!chunks.TryGetValue((commitNumber, column.Generation), out FoundChunk? chunk))
            {
                chunks.Add((commitNumber, column.Generation), chunk = new FoundChunk(commitNumber, column));
            }

            chunk.Add(disk, column);
        }
    }

    private async ValueTask AddNextAsync(
        Queue<(FoundChunk Chunk, Task<(ChunkTail Tail, byte[] Bytes)?> Tail)> ahead, Func<Action, ValueTask> onPoolsThread, Func<IReadOnlyList<(Chunk Chunk, byte[] Tail)>, ValueTask> keep)
    {
        (FoundChunk found, Task<(ChunkTail Tail, byte[] Bytes)?> tail) = ahead.Dequeue();
        if (await tail is not { } read)
        {
            await LookAgainAsync(found, onPoolsThread);
            return;
        }

        TaskCompletionSource<Chunk?> added = new();
        await onPoolsThread(() => added.SetResult(AddIfStillThere(found, read.Tail)));
        if (await added.Task is { } chunk)
        {
            _kept.Add((chunk, read.Bytes));
            if (_kept.Count == ChunksInOneBatch)
            {
                await KeepAsync(keep);
            }
        }
    }

    private async ValueTask KeepAsync(Func<IReadOnlyList<(Chunk Chunk, byte[] Tail)>, ValueTask> keep)
    {
        await keep([.. _kept]);
        _kept.Clear();
    }

    /// <summary>No footer of the chunk is whole: its frames may be.</summary>
    private async ValueTask LookAgainAsync(FoundChunk found, Func<Action, ValueTask> onPoolsThread)
    {
        await onPoolsThread(() => state.Found.Take(found.CommitNumber, found.Entry.Generation));
        foreach (ColumnPlace place in found.Columns.Where(c => !c.IsNone))
        {
            PoolDisk disk = state.Disks.Find(place.Disk)!;
            if (_survey.Look(disk, place.Zone, believesTrailer: false) is ZoneSurvey.Finding.Unsealed frames)
            {
                Add(_damaged, commitNumber: 0, disk, frames.Entry);
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
            .Recover(new ColumnSet(found.Entry.Chunk, found.Entry.Generation, found.Entry.Layout, found.Columns), found.Entry.Head, givenUpAfter: 0, isAhead: false, cancellation);
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
