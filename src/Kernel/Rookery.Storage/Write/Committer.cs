// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Makes staged samples durable: in each round one frame for each write head that has something, as large as possible, laid out while the frames before are being written; all disks
/// at once, one flush for each. Design: docs/design/storage.md, "Commit", and docs/design/pool.md.
/// </summary>
/// <remarks>
/// Invariants: (1) zones are written only when the superblocks on all disks of the chunk list it as open, and behind its first frame only when none lists it as opened ahead; (2) a frame of a chunk is begun only when the frame before it is durable or
/// failed; (3) watermark, index and block release happen only after all flushes returned; (4) a chunk with a failed write gets no further frame. All methods run on one
/// thread, the pool's (or a test's); other threads hand work over with <see cref="Enqueue"/>.
/// </remarks>
internal sealed partial class Committer : IDisposable
{
    private readonly StoreState _state;
    private readonly CatalogFeed _catalog;
    private readonly RetentionSweeper _retention;
    private readonly ChunkPlacer _placer;
    private readonly ConcurrentQueue<Action> _work = new();
    private readonly Lock _gate = new();
    private readonly List<StreamAppender> _appenders = [];
    private readonly List<StagedGap> _pendingGaps = [];
    private readonly List<StreamAppender> _staged = [];
    private readonly List<UnsealedChunk> _unsealed = [];
    private int _stagedGaps;

    public Committer(StoreState state, CatalogFeed catalog)
    {
        _state = state;
        _catalog = catalog;
        _placer = new ChunkPlacer(state.Chunks);
        _retention = new RetentionSweeper(state, catalog, CopyNow, PutAwayCopies);
        SetSpares();
        FrameBytes = (int)Math.Min(state.Options.MaximumFrameBytes, state.ZoneBytes / 2);
    }

    /// <summary>Most content of a frame, in bytes.</summary>
    public int FrameBytes { get; }

    /// <summary>Most gaps that wait for a commit; beyond it the store is so far behind that later ones are merged into nothing and counted as dropped.</summary>
    internal const int MaximumPendingGaps = 65_536;

    public void Add(StreamAppender appender)
    {
        lock (_gate)
        {
            // Sorted once here, so that every frame is.
            int at = _appenders.FindLastIndex(a => a.Stream.CompareTo(appender.Stream) <= 0) + 1;
            _appenders.Insert(at, appender);
        }
    }

    public void Add(in StagedGap gap)
    {
        lock (_gate)
        {
            if (_pendingGaps.Count + _stagedGaps < MaximumPendingGaps)
            {
                _pendingGaps.Add(gap);
            }
            else
            {
                _state.Budget.CountDropped(1);
            }
        }
    }

    /// <summary>Runs <paramref name="work"/> on this thread before the next commit.</summary>
    public void Enqueue(Action work) => _work.Enqueue(work);

    /// <summary>Runs what other threads handed over.</summary>
    public void RunWork()
    {
        while (_work.TryDequeue(out Action? work))
        {
            work();
        }
    }

    /// <summary>One round of retention.</summary>
    public void Sweep()
    {
        WallTime now = WallTime.Now(_state.Clock);
        bool clockIsTrusted = _retention.IsClockTrusted(now);
        RetireOld(now, clockIsTrusted);
        CloseEmptyHeads(MonotonicTime.Now(_state.Clock));
        _retention.FreeExpired(now);
        while (_retention.NeedsSpace && FreeNext(_retention.FreeAhead))
        {
        }
    }

    /// <summary>The store was opened: the new epoch is durable on every disk that takes it before anything else happens.</summary>
    /// <param name="isDocumentNew">The pool's document is to be written as well.</param>
    /// <exception cref="DeviceException">No disk takes a superblock.</exception>
    public void WriteFirstSuperblocks(bool isDocumentNew)
    {
        DeviceException? failure = WriteSuperblocks(_state.Disks.All, clean: false);
        if (failure is not null && !_state.Disks.All.Any(d => d.State is DiskState.Online or DiskState.Draining))
        {
            throw failure;
        }

        if (isDocumentNew)
        {
            SaveDocument();
        }

        TurnGroups(MonotonicTime.Now(_state.Clock));
    }

    /// <summary>Retention classes changed: the disks remember them.</summary>
    public void SaveClasses() => TrySaveClasses();

    /// <returns><c>false</c> when no disk took them.</returns>
    public bool TrySaveClasses()
    {
        _state.Document = _state.Document with { Classes = [.. _state.Classes.All.Select(PoolClass.From)] };
        return SaveDocument();
    }

    /// <summary>One commit: everything that waits becomes durable, or waits on.</summary>
    public void Commit()
    {
        _state.Counters.BeginCommit(MonotonicTime.Now(_state.Clock));
        try
        {
            CommitAll();
        }
        finally
        {
            _state.Counters.EndCommit();
        }
    }

    private void CommitAll()
    {
        RunWork();
        MonotonicTime begin = MonotonicTime.Now(_state.Clock);
        Stage();
        foreach (PoolDisk disk in _state.Disks.All)
        {
            disk.Ledger.ReleaseUnread();
        }

        TryFailingDisks(begin);
        _noChunk = null;
        bool any = WriteRounds();
        if (_noChunk is not null)
        {
            Fault(_noChunk);
        }

        foreach (WriteHead head in _heads.All)
        {
            head.Rest();
        }

        if (any)
        {
            _state.Counters.CountCommit(MonotonicTime.Now(_state.Clock) - begin);
        }
    }

    /// <summary>What a commit leaves to be done, so that no sample waits for it; see Committer.TidyUp.cs.</summary>
    /// <param name="until">Sealing and retention are begun before it or put off; <c>null</c>: they are done now.</param>
    public void TidyUp(MonotonicTime? until)
    {
        MonotonicTime now = MonotonicTime.Now(_state.Clock);
        if (Writable(now).Count == 0)
        {
            return;
        }

        _state.Counters.BeginCommit(now);
        try
        {
            TidyUpAll(now, until);
        }
        finally
        {
            _state.Counters.EndCommit();
        }
    }

    /// <summary>The last commit: seals the chunks that are nearly full and marks the disks as closed in order. What a disk refuses is given up.</summary>
    public void Close()
    {
        foreach (PoolDisk disk in _state.Disks.All)
        {
            disk.RetryNow();
        }

        Commit();
        foreach (PoolDisk disk in _state.Disks.All)
        {
            disk.RetryNow();
        }

        SealLeftOver(now: null);
        foreach (WriteHead head in _heads.All)
        {
            GiveBackAhead(head);
            // A chunk with much room is left open, whole as it is: the next start goes on with it.
            if (head.Current is { } current && (current.Chunk.FrameCount == 0 || current.RoomBytes < _state.ZoneBytes / WorthResuming))
            {
                Retire(head);
            }
        }

        foreach (StreamAppender appender in _appenders)
        {
            appender.Abandon();
        }

        WriteSuperblocks([.. _state.Disks.All.Where(d => IsUsable(d) && !IsAsleep(d))], clean: _unsealed.Count == 0 && _halfRead.Count == 0);
        _catalog.Flush();
    }

    public void Dispose()
    {
        foreach (WriteHead head in _heads.All)
        {
            head.Dispose();
        }
    }
}
