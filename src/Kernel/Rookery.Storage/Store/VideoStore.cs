// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The video store on a pool of disks; one disk is the simple case. Appending goes to memory; the committer's thread makes frames of it; queries are answered from the index in memory and
/// from footers. Design: docs/design/storage.md; bytes: docs/formats/video-store.md.
/// </summary>
/// <remarks>
/// Invariants: (1) what a watermark has passed survives any crash; (2) what no watermark has passed is never visible, unless it is whole; (3) frame numbers, generations, chunk and run
/// numbers never go back; (4) footage leaves only by retention; (5) a start reads superblocks, catalog and the chunks that were open, never the whole disk.
/// </remarks>
public sealed partial class VideoStore : IVideoStore
{
    private readonly StoreState _state;
    private readonly Committer _committer;
    private readonly CatalogFeed _catalogFeed;
    private readonly CommitThread? _thread;
    private readonly CancellationTokenSource _stopping = new();
    private readonly bool _ownsDevices;
    private readonly PoolKeeper _keeper;
    private readonly DiskJoining _joining;
    private Task _keeping = Task.CompletedTask;
    private bool _isDisposed;

    private VideoStore(StoreState state, CatalogFeed catalogFeed, bool ownsDevices)
    {
        _state = state;
        _ownsDevices = ownsDevices;
        _catalogFeed = catalogFeed;
        _committer = new Committer(state, _catalogFeed);
        _thread = state.Options.IsManual ? null : new CommitThread(_committer, state);
        _keeper = new PoolKeeper(state, _committer, RunOnPoolsThreadAsync);
        _joining = new DiskJoining(state, _committer, RunOnPoolsThreadAsync);
    }

    /// <summary>Completes when the index is whole and every chunk that was open at the last stop is verified and visible. Recording does not wait for it.</summary>
    public Task Recovered { get; private set; } = Task.CompletedTask;

    /// <summary>For those who check that everything adds up.</summary>
    internal StoreState State => _state;

    public IReadOnlyCollection<StreamId> Streams => _state.Streams.Ids;

    public StoreStatus Status => new()
    {
        CapacityBytes = _state.Disks.All.Sum(d => d.Geometry.ZoneCount * d.Geometry.ZoneBytes),
        FreeBytes = _state.Disks.All.Sum(FreeBytesOf),
        Oldest = _state.Chunks.Oldest,
        CommittedFrames = _state.Counters.Frames,
        WrittenBytes = _state.Counters.Bytes,
        LastCommit = _state.Counters.LastCommit,
        LongestCommit = _state.Counters.LongestCommit,
        RecentCommits = _state.Counters.RecentCommits,
        ArrivalToDurable = _state.Counters.ArrivalToDurable,
        DroppedSamples = _state.Budget.DroppedSamples,
        Fault = _state.Counters.FaultAt(WallTime.Now(_state.Clock), MonotonicTime.Now(_state.Clock), _state.Disks, _state.MissingDisks),
        Warnings = Warnings(),
        SuperblockErrors = _state.Disks.All.Sum(d => d.SuperblockErrors),
        Disks = DiskStatuses(),
        DegradedChunks = _state.Chunks.DegradedCount,
        ColumnsToRebuild = _state.Counters.ColumnsToRebuild,
        ColumnsRebuilt = _state.Counters.ColumnsRebuilt,
        DamagedColumnsFound = _state.Repairs.Found,
        ChunksFoundAgain = _state.Counters.FoundAgain,
        WriteHeads = _state.Counters.WriteHeads,
        RecoveringChunks = _state.Counters.Recovering,
        IsLoading = _state.IsLoading,
    };

    private static long FreeBytesOf(PoolDisk disk) => (disk.Ledger.FreeCount + disk.Ledger.AheadCount) * disk.Geometry.ZoneBytes;

    private List<DiskStatus> DiskStatuses() => [.. _state.Document.Members.Where(m => m.State != DiskState.Removed).Select(m => _state.Disks.Find(m.Number) is { } disk
        ? new DiskStatus(
            m.Number, disk.Name, disk.State, disk.Geometry.ZoneCount * disk.Geometry.ZoneBytes, FreeBytesOf(disk), disk.WrittenBytes, disk.Errors, disk.Recent.Summarize())
        {
            CommitHistogram = disk.Recent.Histogram(),
            Health = _state.Options.Health?.Of(disk.Name),
            DoesNotAnswer = disk.IsHung || disk.Reader.IsHung,
            IsSlow = disk.IsSlow,
            IsSpare = disk.IsSpare,
            Activity = disk.Sleep.IsStandby ? DiskActivity.Standby : disk.IsIdle || disk.IsSpare ? DiskActivity.Idle : DiskActivity.Active,
        }
        : new DiskStatus(m.Number, m.Name, m.State == DiskState.Failed ? DiskState.Failed : DiskState.Missing, m.CapacityBytes, 0, 0, 0, default))];

    /// <exception cref="StoreException">The disk holds footage of 24 other classes already.</exception>
    public void Define(RetentionClass retentionClass)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        retentionClass.Validate();
        if (_state.Classes.Define(retentionClass, _state.Chunks.Has))
        {
            _committer.Enqueue(_committer.SaveClasses);
        }
    }

    public IStreamAppender BeginRun(in RunStart start)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfEqual(start.RetentionClass, RetentionClassId.Held);
        ArgumentOutOfRangeException.ThrowIfZero(start.Timescale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start.Timescale, 10_000_000u);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start.Format.Length, FormatEntry.MaximumBytes);
        var appender = new StreamAppender(start, _state.Numbers.TakeRun(), _state.Streams.Get(start.Stream), _state.Budget, FrameBuilder.MaximumSampleBytes(_committer.FrameBytes), _state.Clock);
        _committer.Add(appender);
        return appender;
    }

    public void AppendGap(StreamId stream, ulong epoch, RetentionClassId retentionClass, in Gap gap)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        WallRange range = WallBounds.Clamp(gap.Range);
        if (!range.IsEmpty)
        {
            _committer.Add(new StagedGap(stream, epoch, retentionClass.Value, new Gap(range, gap.Cause)));
        }
    }

    /// <summary>Commits what is staged, seals the open chunks, and closes the disk in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _state.Disks.Patience.Close();
        await _stopping.CancelAsync();
        try
        {
            await Recovered.WaitAsync(DiskPatience.LongestClose, _state.Clock);
        }
        catch (OperationCanceledException)
        {
            // What was not verified stays listed as open, for the next start.
        }
        catch (Exception)
        {
            // Shown as a fault when it happened, and given to whoever awaits Recovered. It is no reason not to write what is staged.
        }

        if (!await EndsAsync(_keeping) || (_thread is not null && !await EndsAsync(_thread.StopAsync())))
        {
            // The only disk does not return from a read. What is being used is left to it; what was durable stays, and the next start verifies what is open.
            return;
        }

        _committer.Close();
        await _catalogFeed.DisposeAsync();
        Release();
    }

    /// <returns><c>false</c>: a disk holds it for longer than a store that closes waits.</returns>
    private async Task<bool> EndsAsync(Task work)
    {
        try
        {
            // Twice: it may wait for the pool's thread, which waits for the disk.
            await work.WaitAsync(DiskPatience.LongestClose * 2, _state.Clock);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>One commit and what comes behind it, on the caller's thread.</summary>
    /// <param name="hasTime">As if there were time for it before the next commit.</param>
    internal void CommitNow(bool hasTime = true)
    {
        _committer.Commit();
        _committer.TidyUp(hasTime ? null : default(MonotonicTime));
    }

    /// <summary>Completes when a commit of the store's own thread has ended that began after this call; for tests.</summary>
    /// <param name="meanwhile">Done before the thread looks at the clock again.</param>
    internal Task NextCommitAsync(Action meanwhile) => _thread!.NextCommitAsync(meanwhile);

    /// <summary>Lets go of memory and files as a killed process would: nothing is written.</summary>
    internal async ValueTask CrashAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await _stopping.CancelAsync();
        await _keeping;
        if (_thread is not null)
        {
            await _thread.StopAsync();
        }

        await _catalogFeed.DisposeAsync();
        Release();
    }

    private void Release()
    {
        _committer.Dispose();
        _state.Dispose();
        _stopping.Dispose();
        if (_ownsDevices)
        {
            foreach (PoolDisk disk in _state.Disks.All)
            {
                disk.Device.Dispose();
            }
        }
    }
}
