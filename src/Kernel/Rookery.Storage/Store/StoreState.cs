// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The parts of an open store that the write path, queries, recovery and retention share. Each part says itself who may use it.</summary>
internal sealed class StoreState : IDisposable
{
    private readonly AlignedReader _diskThreadReader;
    private bool _isLoading;

    public StoreState(IBlockDevice device, Superblock root, SuperblockWriter superblocks, StoreOptions options, TimeProvider clock)
    {
        Device = device;
        Superblocks = superblocks;
        Options = options;
        Clock = clock;
        Ledger = new ZoneLedger(root);
        Reader = new AlignedReader(device, options.Readers, options.IsManual);
        _diskThreadReader = new AlignedReader(device, slots: 1, isInline: true);
        var cache = new FooterCache(options.FooterCacheBytes);
        Footers = new FooterReader(Reader, root.Geometry, root.Disk, cache);
        DiskThreadFooters = new FooterReader(_diskThreadReader, root.Geometry, root.Disk, cache);
        Classes = new RetentionClasses(root.Classes);
        LastWritten = root.Written;
        Budget = new StagingBudget(options.MemoryBudgetBytes);
    }

    public IBlockDevice Device { get; }
    public SuperblockWriter Superblocks { get; }
    public StoreOptions Options { get; }
    public TimeProvider Clock { get; }
    public ZoneLedger Ledger { get; }
    public ChunkTable Chunks { get; } = new();
    public StreamTable Streams { get; } = new();
    public FormatTable Formats { get; } = new();
    public AlignedReader Reader { get; }
    public FooterReader Footers { get; }

    /// <summary>This and <see cref="DiskThreadFooters"/> are for the disk's thread alone: it must never queue behind viewers.</summary>
    public AlignedReader DiskThreadReader => _diskThreadReader;
    public FooterReader DiskThreadFooters { get; }
    public RetentionClasses Classes { get; }
    public StagingBudget Budget { get; }

    /// <summary>When the disk's superblock was written last before this opening.</summary>
    public WallTime LastWritten { get; }
    public StoreCounters Counters { get; } = new();

    /// <summary>The index is still being rebuilt: there may be chunks nobody knows of yet.</summary>
    public bool IsLoading
    {
        get => Volatile.Read(ref _isLoading);
        set => Volatile.Write(ref _isLoading, value);
    }

    /// <summary>There may be footage on the disk that nobody knows of yet, and so older than all that is known.</summary>
    public bool IsRecovering => IsLoading || Counters.Recovering > 0;

    public StoreGeometry Geometry => Ledger.Geometry;
    public UInt128 Disk => Ledger.Disk;

    public void Dispose()
    {
        Reader.Dispose();
        _diskThreadReader.Dispose();
        Superblocks.Dispose();
    }
}

/// <summary>What the status shows. Written by the disk's thread, read by any.</summary>
internal sealed class StoreCounters
{
    private long _frames;
    private long _bytes;
    private long _lastCommitTicks;
    private long _longestCommitTicks;
    private readonly CommitTimes _recent = new();
    private readonly CommitTimes _waits = new();
    private volatile string? _fault;
    private volatile string? _recoveryFault;
    private volatile DiskError? _lastError;
    private volatile int _recovering;
    private int _zonesLeftAlone;
    private long _commitBegan = NoCommit;
    private const long NoCommit = long.MinValue;

    /// <summary>A disk's own error recovery, or a write cache that is being emptied, may take some seconds; longer is worth a word.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public long Frames => Interlocked.Read(ref _frames);
    public long Bytes => Interlocked.Read(ref _bytes);
    public TimeSpan LastCommit => TimeSpan.FromTicks(Interlocked.Read(ref _lastCommitTicks));
    public TimeSpan LongestCommit => TimeSpan.FromTicks(Interlocked.Read(ref _longestCommitTicks));
    public CommitTimeSummary RecentCommits => _recent.Summarize();
    public CommitTimeSummary ArrivalToDurable => _waits.Summarize();

    /// <summary>What keeps the store from writing now.</summary>
    public string? Fault
    {
        get => _fault;
        set => _fault = value;
    }

    /// <summary>Why older footage may be missing until the next start.</summary>
    public string? RecoveryFault
    {
        get => _recoveryFault;
        set => _recoveryFault = value;
    }

    /// <summary>Zones that could not be read, or only in part, and so are neither shown nor written on before the next start.</summary>
    public int ZonesLeftAlone => Volatile.Read(ref _zonesLeftAlone);

    /// <summary>One more of <see cref="ZonesLeftAlone"/>.</summary>
    public void LeaveAlone(string disk)
    {
        int count = Interlocked.Increment(ref _zonesLeftAlone);
        RecoveryFault = $"{(count == 1 ? "1 zone" : $"{count} zones")} of {disk} could not be read and may hold footage: nothing is written there, and the next start looks again. Have the disk checked.";
    }

    /// <summary>The latest error of the disk: shown for a while after writing goes on, because a disk that failed once should be looked at.</summary>
    public DiskError? LastError
    {
        get => _lastError;
        set => _lastError = value;
    }

    /// <summary>What a person should know now, the most pressing first.</summary>
    public string? FaultAt(WallTime now, MonotonicTime monotonic, string disk, string? superblockFault) =>
        _fault ?? StallAt(monotonic, disk) ?? superblockFault ?? _recoveryFault ?? (_lastError is { } error && now - error.At < DiskError.ShownFor ? error.Words : null);

    /// <summary>The disk's thread begins a commit, which ends when the disk lets it.</summary>
    public void BeginCommit(MonotonicTime now) => Volatile.Write(ref _commitBegan, now.Nanoseconds);

    public void EndCommit() => Volatile.Write(ref _commitBegan, NoCommit);

    /// <summary>The disk's thread cannot say itself that the disk does not answer: it is waiting for it.</summary>
    private string? StallAt(MonotonicTime now, string disk)
    {
        long began = Volatile.Read(ref _commitBegan);
        TimeSpan since = began == NoCommit ? TimeSpan.Zero : now - new MonotonicTime(began);
        return since > Patience
            ? $"The disk {disk} has been busy with one commit for {(long)since.TotalSeconds} s: what is being recorded waits in memory."
            : null;
    }

    public int Recovering
    {
        get => _recovering;
        set => _recovering = value;
    }

    public void CountFrame(int bytes)
    {
        Interlocked.Increment(ref _frames);
        Interlocked.Add(ref _bytes, bytes);
    }

    /// <summary>A frame is durable, whose oldest sample came so long ago.</summary>
    public void CountWait(TimeSpan sinceArrival) => _waits.Add(sinceArrival);

    public void CountCommit(TimeSpan duration)
    {
        _recent.Add(duration);
        Interlocked.Exchange(ref _lastCommitTicks, duration.Ticks);
        if (duration.Ticks > Interlocked.Read(ref _longestCommitTicks))
        {
            Interlocked.Exchange(ref _longestCommitTicks, duration.Ticks);
        }
    }
}

/// <summary>An error of the disk that recording got over.</summary>
internal sealed record DiskError(WallTime At, string Words)
{
    public static readonly TimeSpan ShownFor = TimeSpan.FromMinutes(10);
}
