// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// A disk of the pool: its device, its ledger, the thread that writes to it, the threads that read from it, and its health. Which disk gets what is decided by the committer.
/// </summary>
/// <remarks>State, ledger and writer belong to the pool's thread; state, counters and the reader may be used by any.</remarks>
internal sealed class PoolDisk : IDiskPatience, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly SuperblockWriter _superblocks;
    private readonly CommitTimes _recent = new();
    private TimeSpan _retryAfter = FirstRetry;
    private volatile DiskState _state;
    private long _writtenBytes;
    private long _errors;
    private volatile DiskPatience? _patience;
    private volatile bool _isSlow;
    private volatile bool _isSpare;
    private volatile bool _isIdle;

    /// <param name="device">The device.</param>
    /// <param name="root">Its newest superblock.</param>
    /// <param name="state">How it is to be treated.</param>
    /// <param name="firstPair">The pair of superblocks to be written first.</param>
    /// <param name="numbers">The numbers of the pool.</param>
    /// <param name="options">How the store works.</param>
    public PoolDisk(IBlockDevice device, Superblock root, DiskState state, int firstPair, PoolNumbers numbers, StoreOptions options)
    {
        Device = device;
        Root = root;
        _state = state;
        Ledger = new ZoneLedger(root, numbers);
        _superblocks = new SuperblockWriter(device, firstPair);
        Reader = new AlignedReader(device, options.Readers, options.IsManual, this, isBounded: !options.IsManual);
        PoolReader = new AlignedReader(device, slots: 1, isInline: true, this, isBounded: !options.IsManual);
        Writer = new DiskThread(device, "disk writer", this, hasThread: !options.IsManual);
        Filler = new DiskThread(device, "disk filler", this, hasThread: !options.IsManual);
    }

    public IBlockDevice Device { get; }

    /// <summary>The superblock that was found when the disk was opened.</summary>
    public Superblock Root { get; }
    public int Number => Root.Number;
    public UInt128 Identity => Root.Disk;
    public string Name => Device.Name;
    public StoreGeometry Geometry => Root.Geometry;
    public ZoneLedger Ledger { get; }
    public AlignedReader Reader { get; }

    /// <summary>For the pool's thread alone: it must never queue behind viewers.</summary>
    public AlignedReader PoolReader { get; }
    public DiskThread Writer { get; }

    /// <summary>Writes columns that are rebuilt; used by whoever rebuilds.</summary>
    public DiskThread Filler { get; }

    /// <summary>A write or a flush did not return in time, and may land any time: the disk gets nothing, and none of its zones is used again before. Any thread may ask.</summary>
    public bool IsHung => Writer.IsHung || Filler.IsHung;

    /// <summary>It hung, and answers again; <see cref="TryReturn"/> will say so.</summary>
    public bool HasReturned => IsHung && (!Writer.IsHung || Writer.HasReturned) && (!Filler.IsHung || Filler.HasReturned);

    public DiskState State
    {
        get => _state;
        set => _state = value;
    }

    /// <summary>A suspect disk is tried again then.</summary>
    public MonotonicTime RetryAt { get; private set; }

    /// <summary>Since when it has been failing without a success between; <c>null</c> when it works.</summary>
    public MonotonicTime? FailingSince { get; private set; }
    public long WrittenBytes => Interlocked.Read(ref _writtenBytes);
    public long Errors => Interlocked.Read(ref _errors);
    public CommitTimes Recent => _recent;

    /// <summary>How fast it writes.</summary>
    public DiskPace Pace { get; } = new();

    /// <summary>Whether it is far slower than the others.</summary>
    public SlowDiskRule.Verdict Slowness
    {
        get;
        set
        {
            field = value;
            _isSlow = value.IsSlow;
        }
    }

    /// <summary>The same for any thread.</summary>
    public bool IsSlow => _isSlow;

    /// <summary>It waits for another disk to fail, and takes no chunk before.</summary>
    public bool IsSpare
    {
        get => _isSpare;
        set => _isSpare = value;
    }

    /// <summary>It belongs to a group whose turn it is not: it takes no chunk, and is left in peace.</summary>
    public bool IsIdle
    {
        get => _isIdle;
        set => _isIdle = value;
    }

    /// <summary>It works, and new chunks may be put on it.</summary>
    public bool TakesChunks => State == DiskState.Online && !IsSpare && !IsIdle;

    /// <summary>Copies of the superblock that the disk refused to write.</summary>
    public long SuperblockErrors => _superblocks.Errors;
    public string? SuperblockFault => _superblocks.Fault;

    /// <summary>Begins to make the ledger's superblock durable.</summary>
    public void BeginSuperblock(WallTime now, bool clean)
    {
        Superblock next = Ledger.Next(now, clean);
        Writer.Begin(_ => _superblocks.Write(next));
    }

    public void CountWritten(int bytes) => Interlocked.Add(ref _writtenBytes, bytes);

    public void CountError() => Interlocked.Increment(ref _errors);

    /// <summary>A write or a flush failed: the same place is never tried again; another one is, soon at first, then ever more slowly.</summary>
    public void Failed(MonotonicTime now)
    {
        CountError();
        FailingSince ??= now;
        RetryAt = now + _retryAfter;
        _retryAfter = TimeSpan.FromTicks(Math.Min(_retryAfter.Ticks * 2, LongestRetry.Ticks));
        if (State is DiskState.Online or DiskState.Draining)
        {
            State = DiskState.Suspect;
        }
    }

    /// <summary>It is in a pool, which says how long it is waited for.</summary>
    public void Join(DiskPatience patience) => _patience = patience;

    /// <summary>Whether it sleeps.</summary>
    public DiskSleep Sleep { get; } = new();

    MonotonicTime IDiskPatience.Now => _patience?.Now ?? default;

    MonotonicTime? IDiskPatience.Deadline(MonotonicTime begun) => _patience?.Deadline(this, begun);

    void IDiskPatience.Used()
    {
        if (_patience is { } patience)
        {
            Sleep.Used(patience.Now);
        }
    }

    /// <summary>Looks whether what hung has returned.</summary>
    /// <returns><c>true</c> when nothing is hung.</returns>
    public bool TryReturn() => Writer.TryReturn() & Filler.TryReturn();

    /// <summary>It took a write again.</summary>
    /// <returns><c>true</c> when it had failed before.</returns>
    public bool Works(DiskState state)
    {
        if (IsHung)
        {
            // Another job of it is still out, and may write whenever it likes.
            return false;
        }

        bool wasFailing = FailingSince is not null;
        _retryAfter = FirstRetry;
        RetryAt = default;
        FailingSince = null;
        State = State == DiskState.Suspect ? state : State;
        return wasFailing;
    }

    /// <summary>Whatever happened before, the next try is now.</summary>
    public void RetryNow() => RetryAt = default;

    public void Dispose()
    {
        Writer.Dispose();
        Filler.Dispose();
        Reader.Dispose();
        PoolReader.Dispose();
        Writer.Release(_superblocks);
    }
}
