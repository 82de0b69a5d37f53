// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>The parts of an open store that the write path, queries, recovery and retention share. Each part says itself who may use it.</summary>
internal sealed class StoreState : IDisposable
{
    private bool _isLoading;
    private volatile IReadOnlyList<Hold> _holds = [];

    public StoreState(PoolContent pool, StoreOptions options, TimeProvider clock)
    {
        Options = options;
        Clock = clock;
        Pool = pool.Identity;
        Document = pool.Document;
        Numbers = pool.Numbers;
        Disks = new DiskSet(pool.Disks, clock, options.LongestDiskJob);
        ZoneBytes = pool.Document.ZoneBytes;
        Reader = new ChunkReader(Disks, isForPool: false);
        PoolReader = new ChunkReader(Disks, isForPool: true);
        var cache = new FooterCache(options.FooterCacheBytes);
        Footers = new FooterReader(Disks, Reader, ZoneBytes, cache, isForPool: false);
        PoolFooters = new FooterReader(Disks, PoolReader, ZoneBytes, cache, isForPool: true);
        Classes = new RetentionClasses([.. pool.Document.Classes.Select(c => c.ToClass())]);
        Holds = [.. (pool.Document.Holds ?? []).Select(h => h.ToHold())];
        LastWritten = new WallTime(pool.Disks.Max(d => d.Root.Written.Microseconds));
        Budget = new StagingBudget(options.MemoryBudgetBytes);
    }

    public StoreOptions Options { get; }
    public TimeProvider Clock { get; }

    /// <summary>Identity of the pool.</summary>
    public UInt128 Pool { get; }
    public DiskSet Disks { get; }
    public PoolNumbers Numbers { get; }

    /// <summary>What all disks know together. Replaced by the pool's thread; durable when the committer has saved it.</summary>
    public PoolDocument Document { get; set; }

    /// <summary>Size of a zone, the same on all disks.</summary>
    public long ZoneBytes { get; }
    public ChunkTable Chunks { get; } = new();
    public StreamTable Streams { get; } = new();
    public FormatTable Formats { get; } = new();
    public FoundChunks Found { get; } = new();
    public ChunkReader Reader { get; }
    public FooterReader Footers { get; }

    /// <summary>For the pool's thread alone: it must never queue behind viewers.</summary>
    public ChunkReader PoolReader { get; }
    public FooterReader PoolFooters { get; }
    public RetentionClasses Classes { get; }

    /// <summary>All holds that were made and not released. Replaced by the pool's thread when the document that says so is durable.</summary>
    public IReadOnlyList<Hold> Holds
    {
        get => _holds;
        set => _holds = value;
    }

    public StagingBudget Budget { get; }

    /// <summary>When a superblock was written last before this opening.</summary>
    public WallTime LastWritten { get; }
    public StoreCounters Counters { get; } = new();
    public RepairQueue Repairs { get; } = new();

    /// <summary>The index is still being rebuilt: there may be chunks nobody knows of yet.</summary>
    public bool IsLoading
    {
        get => Volatile.Read(ref _isLoading);
        set => Volatile.Write(ref _isLoading, value);
    }

    /// <summary>There may be footage on the disks that nobody knows of yet, and so older than all that is known.</summary>
    public bool IsRecovering => IsLoading || Counters.Recovering > 0;

    /// <summary>Disks that belong to the pool, did not fail, and are not here.</summary>
    public IEnumerable<PoolMember> MissingDisks => Document.Members.Where(m => m.State is not (DiskState.Removed or DiskState.Failed) && Disks.Find(m.Number) is null);

    /// <summary>How chunks of a class are to lie on the disks.</summary>
    public ChunkLayout LayoutOf(byte retentionClass) =>
        Classes.All.FirstOrDefault(c => c.Id.Value == retentionClass)?.Layout ?? Options.Layout
        ?? ChunkLayout.For(Math.Min(Options.ActiveDisks ?? int.MaxValue, Document.Members.Count(m => m is { State: DiskState.Online or DiskState.Missing, IsSpare: null })));

    /// <summary>Disks that the widest layout in use takes.</summary>
    public int WidestLayout => Classes.All.Select(c => c.Id.Value).Append((byte)0).Max(c => LayoutOf(c).Columns);

    /// <summary>Where reads of a chunk may wait for a disk: the threads of the first of its disks that is here.</summary>
    public AlignedReader? ThreadsFor(Chunk chunk)
    {
        foreach (ColumnPlace place in chunk.Columns)
        {
            if (!place.IsNone && Disks.Find(place.Disk) is { } disk)
            {
                return disk.Reader;
            }
        }

        return null;
    }

    /// <summary>A column lies on a disk that sleeps, or is coming up to speed.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="willNeed">It can wait, but not for ever: the disk is woken when enough has come together.</param>
    public bool IsAsleep(Chunk chunk, bool willNeed = false)
    {
        if (Options.ActiveDisks is null)
        {
            return false;
        }

        MonotonicTime now = MonotonicTime.Now(Clock);
        bool isAsleep = false;
        foreach (ColumnPlace place in chunk.Columns)
        {
            if (!place.IsNone && Disks.Find(place.Disk) is { } disk && disk.Sleep.IsAsleep(now))
            {
                isAsleep = true;
                if (willNeed)
                {
                    disk.Sleep.Owe(now);
                }
            }
        }

        return isAsleep;
    }

    /// <summary>A column lies on a disk whose group has not its turn.</summary>
    public bool IsIdle(Chunk chunk) => Array.Exists(chunk.Columns, c => !c.IsNone && Disks.Find(c.Disk) is { IsIdle: true });

    /// <summary>Columns had to be done without. They are to be rebuilt, but not because their disk does not answer just now.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="columns">Bit i for column i.</param>
    public void CountBad(Chunk chunk, ulong columns)
    {
        ColumnPlace[] places = chunk.Columns;
        for (int column = 0; column < places.Length && columns != 0; column++)
        {
            if (!places[column].IsNone && Disks.Find(places[column].Disk) is { } disk && (disk.Reader.IsHung || disk.IsHung))
            {
                columns &= ~(1UL << column);
            }
        }

        if (columns != 0)
        {
            Repairs.Add(chunk, columns);
        }
    }

    public void Dispose()
    {
        foreach (PoolDisk disk in Disks.All)
        {
            disk.Dispose();
        }
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
    private volatile string? _layoutFault;
    private volatile int _toRebuild;
    private volatile int _withoutTarget;
    private volatile int _writeHeads;
    private long _foundAgain;
    private long _rebuilt;
    private volatile IReadOnlyList<PoolNotice> _notices = [];
    private volatile DiskError? _lastError;
    private volatile DiskError? _brokenMinimum;
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

    /// <summary>Chunks on the disks that the catalog did not know.</summary>
    public long FoundAgain => Interlocked.Read(ref _foundAgain);

    public void CountFoundAgain() => Interlocked.Increment(ref _foundAgain);

    /// <summary>Write heads with runs.</summary>
    public int WriteHeads
    {
        get => _writeHeads;
        set => _writeHeads = value;
    }

    /// <summary>Columns that are still to be rebuilt, and those that were since the start.</summary>
    public int ColumnsToRebuild
    {
        get => _toRebuild;
        set => _toRebuild = value;
    }

    /// <summary>Chunks with a column to rebuild for which no disk has room, when that was looked at last.</summary>
    public int ChunksWithoutTarget
    {
        get => _withoutTarget;
        set => _withoutTarget = value;
    }

    public WorkPace RebuildPace { get; } = new();
    public long ColumnsRebuilt => Interlocked.Read(ref _rebuilt);

    public void CountRebuilt() => Interlocked.Increment(ref _rebuilt);

    /// <summary>Why what is recorded now is less protected than it should be.</summary>
    public string? LayoutFault
    {
        get => _layoutFault;
        set => _layoutFault = value;
    }

    /// <summary>Disks that were refused when the pool was opened, and what could not be read.</summary>
    public IReadOnlyList<PoolNotice> Notices
    {
        get => _notices;
        set => _notices = value;
    }

    /// <summary>A disk that was refused at the start belongs to the pool now.</summary>
    public void Joined(string disk) => _notices = [.. _notices.Where(n => n.Disk != disk)];

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

    /// <summary>Footage went before the minimum of its class, and what to say of it.</summary>
    public DiskError? BrokenMinimum
    {
        get => _brokenMinimum;
        set => _brokenMinimum = value;
    }

    /// <summary>The latest error of the disk: shown for a while after writing goes on, because a disk that failed once should be looked at.</summary>
    public DiskError? LastError
    {
        get => _lastError;
        set => _lastError = value;
    }

    /// <summary>What a person should know now, the most pressing first.</summary>
    public string? FaultAt(WallTime now, MonotonicTime monotonic, DiskSet disks, IEnumerable<PoolMember> missing) =>
        _fault ?? StallAt(monotonic, disks) ?? _layoutFault ?? disks.All.Select(d => d.SuperblockFault).FirstOrDefault(f => f is not null) ?? NoticeOf(missing) ?? _recoveryFault ?? (_lastError is { } error && now - error.At < DiskError.ShownFor ? error.Words : null);

    private string? NoticeOf(IEnumerable<PoolMember> missing)
    {
        string words = string.Join(" ", [
            .. _notices.Select(n => n.Words),
            .. missing.Select(m => $"The disk {m.Name} (number {m.Number}) of the pool is missing. Recording goes on without it."),
        ]);
        return words.Length == 0 ? null : words;
    }

    /// <summary>The disk's thread begins a commit, which ends when the disk lets it.</summary>
    public void BeginCommit(MonotonicTime now) => Volatile.Write(ref _commitBegan, now.Nanoseconds);

    public void EndCommit() => Volatile.Write(ref _commitBegan, NoCommit);

    /// <summary>The disk's thread cannot say itself that the disk does not answer: it is waiting for it.</summary>
    private string? StallAt(MonotonicTime now, DiskSet disks)
    {
        long began = Volatile.Read(ref _commitBegan);
        TimeSpan since = began == NoCommit ? TimeSpan.Zero : now - new MonotonicTime(began);
        return since > Patience
            ? $"The disk {Busy(disks)} has been busy with one commit for {(long)since.TotalSeconds} s: what is being recorded waits in memory."
            : null;
    }

    private static string Busy(DiskSet disks) => (disks.All.FirstOrDefault(d => d.Writer.IsAtWork) ?? disks.All[0]).Name;

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

    /// <summary>Footage that went too early is told of for a day: nobody looks every ten minutes.</summary>
    public static readonly TimeSpan MinimumShownFor = TimeSpan.FromDays(1);
}
