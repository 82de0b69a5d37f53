// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>A pool through many starts: each on the disks that are there, each followed by an orderly end, a crash of the process, or one of the machine; and the one history it is judged by.</summary>
internal sealed class PoolLife : IAsyncDisposable
{
    /// <summary>A disk that was away for so many starts may bring back what retention freed meanwhile: superblocks remember a limited number of changes.</summary>
    private const int LongAbsence = 2;

    private readonly List<DiskImage> _images;
    private Dictionary<int, int> _startsAway = [];

    /// <summary>The openings of which each disk knows: those it took part in, and what the other disks of these knew.</summary>
    private readonly Dictionary<int, HashSet<int>> _openings = [];
    private int _starts;
    private readonly HashSet<(ulong Chunk, int Disk)> _leftBehind = [];

    /// <summary>Of chunks that were gone, the disks with a column of theirs that were there to learn it.</summary>
    private readonly Dictionary<ulong, HashSet<int>> _knowing = [];
    private readonly HashSet<(ulong Stream, long DecodeTime)> _freed = [];
    private HashSet<(ulong Stream, long DecodeTime)> _freedBefore = [];
    private WorkloadPlayer? _player;
    private SimulatedPool? _running;
    private TimeSpan _skipped;
    private bool _wasDegraded;

    public PoolLife(PoolWorkload plan)
        : this(plan, plan.CapacitiesBytes.Select(c => new DiskImage(c)), new AcknowledgedLog(), TimeSpan.Zero)
    {
    }

    /// <param name="plan">The pool.</param>
    /// <param name="images">What stands on its disks.</param>
    /// <param name="log">What was recorded there.</param>
    /// <param name="elapsed">How long it lived before.</param>
    public PoolLife(PoolWorkload plan, IEnumerable<DiskImage> images, AcknowledgedLog log, TimeSpan elapsed)
    {
        Plan = plan;
        _images = [.. images];
        Log = log;
        // Capture times, which may be ahead of the clock, never go back behind what was recorded before.
        Skip(elapsed + TimeSpan.FromHours(1));
    }

    public PoolWorkload Plan { get; }
    public AcknowledgedLog Log { get; private set; }

    /// <summary>Retention by age had its turn: any chunk may be gone, the one written longest ago first.</summary>
    public bool MayHaveExpired { get; set; }
    public SimulatedClock Clock { get; } = new();

    /// <summary>Disks of which all that they hold counts as lost: a chunk that has too many columns there is not asked for.</summary>
    public IReadOnlySet<int> Suspects { get; set; } = new HashSet<int>();

    /// <summary>Where chunks were, as far as any disk ever told.</summary>
    public ColumnMap Columns { get; } = new();

    /// <summary>Numbers of the disks of this start, in their order.</summary>
    public IReadOnlyList<int> Here { get; private set; } = [];

    public IReadOnlyList<DiskImage> Images => _images;
    public SimulatedPool Running => _running ?? throw new InvalidOperationException("The pool is stopped.");
    public WorkloadPlayer Player => _player ?? throw new InvalidOperationException("The pool is stopped.");

    /// <summary>Adds a disk; it is used by a start that names it.</summary>
    /// <returns>How this machine numbers it.</returns>
    public int AddDisk(DiskImage image)
    {
        _images.Add(image);
        return _images.Count - 1;
    }

    /// <summary>Adds a disk to the machine while it runs; the store is still to be told.</summary>
    /// <returns>How this machine numbers it.</returns>
    public int AddDiskNow(DiskImage image)
    {
        Running.Add(image);
        Here = [.. Here, _images.Count];
        return AddDisk(image);
    }

    /// <summary>What stands on a disk is replaced, as by rot or a swap.</summary>
    public void SetImage(int disk, DiskImage image) => _images[disk] = image;

    /// <summary>Virtual time in which something happened.</summary>
    public TimeSpan Lived => Clock.Elapsed - _skipped;

    /// <summary>Time goes by and nothing happens.</summary>
    public void Skip(TimeSpan time)
    {
        _skipped += time;
        Clock.Advance(time);
    }

    /// <summary>Opens the pool; recovery is still to be asked for.</summary>
    /// <param name="disks">The disks that are there.</param>
    /// <param name="seed">Decides their faults, and the order in which they are given.</param>
    /// <param name="joinsBlank">Blank disks join.</param>
    public async Task StartAsync(IEnumerable<int> disks, int seed, bool joinsBlank = false)
    {
        int[] order = [.. disks];
        new Random(seed).Shuffle(order);
        Here = order;
        _freedBefore = [.. _freed];
        foreach (int returning in order.Where(disk => _startsAway.GetValueOrDefault(disk) >= LongAbsence))
        {
            Log.MayComeBack(chunk => Columns.IsOn(chunk, returning));
        }

        // That a chunk was freed only disks say that were there then or later, and these may all be away.
        Log.MayComeBack(chunk => _knowing.TryGetValue(chunk, out HashSet<int>? knowing) && !knowing.Overlaps(order));
        _startsAway = Enumerable.Range(0, _images.Count).Except(order).ToDictionary(disk => disk, disk => _startsAway.GetValueOrDefault(disk) + 1);
        foreach (int away in Enumerable.Range(0, _images.Count).Except(order))
        {
            // What was open there goes on without it, so its column is worth nothing from now on.
            Columns.Add(away, _images[away]);
            _leftBehind.UnionWith(Columns.UnsealedOn(away).Select(chunk => (chunk, away)));
            _wasDegraded = true;
        }

        int[] members = [.. order.Where(disk => !IsForeign(_images[disk]))];
        HashSet<int> seen = [_starts++, .. members.SelectMany(disk => _openings.GetValueOrDefault(disk) ?? [])];
        foreach (int disk in members)
        {
            _openings[disk] = seen;
        }

        Log.Opening(seen);
        _running = new SimulatedPool(order.Select(disk => _images[disk]), seed, Clock);
        Workload recording = Plan.Recording with { Options = Plan.Recording.Options with { JoinBlankDisks = joinsBlank } };
        _player = await WorkloadPlayer.OpenAsync(recording, _running, Clock, Log).ConfigureAwait(false);
    }

    /// <summary>It holds something else: it is never written, and carries no knowledge from one start to another.</summary>
    private static bool IsForeign(DiskImage image) => image[0].AsSpan().ContainsAnyExcept((byte)0) && !image[0].AsSpan().StartsWith("RKSUPER1"u8);

    /// <summary>The pool's own number for a disk that is here.</summary>
    public int NumberOf(int disk) => Player.Store.Status.Disks.First(d => d.State != DiskState.Missing && d.Name == DiskHere(disk).Name).Number;

    /// <summary>Faults of a disk from now on.</summary>
    public void SetFaults(int disk, DiskFaults faults) => DiskHere(disk).Faults = faults;

    /// <summary>A disk as it runs now.</summary>
    public SimulatedDisk DiskHere(int disk) => Running.Disks[Here.ToList().IndexOf(disk)];

    /// <summary>Judges what the pool shows now. What lies on disks that are away, or was left behind by them, counts as lost.</summary>
    /// <param name="onlyAcknowledged">Nothing else may be seen: not right after a crash.</param>
    public async Task<ShownStore> CheckAsync(bool onlyAcknowledged = true)
    {
        for (int i = 0; i < Here.Count; i++)
        {
            Columns.Add(Here[i], Running.Disks[i].Current);
        }

        bool mayLose = _wasDegraded || Suspects.Count > 0;
        Expectation expectation = new()
        {
            OnlyAcknowledged = onlyAcknowledged,
            // Chunks that are not shown for want of columns take room as well.
            FewestChunks = MayHaveExpired || Plan.Recording.HasPolicies || Here.Count < Plan.Disks - Plan.Layout.ParityColumns ? 0 : Plan.FewestChunks,
            FreesInOrder = Plan.FreesInOrder && Here.Count == Plan.Disks && !_wasDegraded && !Plan.Recording.HasPolicies,
            KeepsGaps = !mayLose && !Plan.Recording.HasPolicies,
            Freed = _freed,
            IsBeyondRepair = mayLose ? IsBeyondRepair : null,
        };
        ShownStore shown = await StoreReading.ReadAllAsync(Player.Store, mayLose ? Losses.Damage : Losses.None).ConfigureAwait(false);
        _freed.UnionWith(Log.Check(shown, Running.Boundary, expectation));
        return shown;
    }

    /// <summary>The pool was started and what it shows was checked: what it does not show now must not come back, unless with a disk.</summary>
    public void Restarted(ShownStore shown) => Log.Restarted(shown, IsBeyondRepair);

    /// <summary>A sample's chunk has lost more columns than it bears. Of a sample that was never shown nobody knows the chunk: it counts as sound.</summary>
    private bool IsBeyondRepair(ulong stream, long decodeTime) =>
        Log.IsFragile(stream, decodeTime)
        || (Log.ChunkOf(stream, decodeTime) is { } chunk && Columns.IsBeyondRepair(chunk, disk => !Here.Contains(disk) || _leftBehind.Contains((chunk, disk)) || Suspects.Contains(disk)));

    /// <summary>Ends this start, in order or with the process killed; the machine lives, so caches reach the disks.</summary>
    public async Task StopAsync(bool inOrder)
    {
        if (inOrder)
        {
            await Player.CloseAsync().ConfigureAwait(false);
        }

        await Player.DisposeAsync().ConfigureAwait(false);
        Log = Log.CopyAt(Running.Boundary);
        for (int i = 0; i < Here.Count; i++)
        {
            _images[Here[i]] = Running.Disks[i].Current;
        }

        foreach (ulong chunk in Log.GoneChunks())
        {
            _knowing.TryAdd(chunk, []);
            _knowing[chunk].UnionWith(Here.Where(disk => Columns.IsOn(chunk, disk)));
        }

        _player = null;
        Skip(TimeSpan.FromHours(1));
    }

    /// <summary>The same pool as it stands now, to try something from here on; this life goes on by itself.</summary>
    public PoolLife Fork()
    {
        PoolLife other = new(Plan, _images.Select(image => image.Copy()), Log.CopyAt(int.MaxValue), Clock.Elapsed) { MayHaveExpired = MayHaveExpired, Suspects = Suspects, _wasDegraded = _wasDegraded, _startsAway = _startsAway, _starts = _starts };
        other._freed.UnionWith(_freed);
        other.Remember(this);
        return other;
    }

    /// <summary>The pool as a crash of the machine leaves it.</summary>
    /// <param name="boundary">When.</param>
    /// <param name="images">What stands then on the disks that were there, in the order of <see cref="Here"/>.</param>
    public PoolLife CrashedAt(int boundary, DiskImage[] images)
    {
        List<DiskImage> byNumber = [.. _images];
        for (int i = 0; i < images.Length; i++)
        {
            byNumber[Here[i]] = images[i];
        }

        PoolLife crashed = new(Plan, byNumber, Log.CopyAt(boundary), Clock.Elapsed) { MayHaveExpired = MayHaveExpired, Suspects = Suspects, _wasDegraded = _wasDegraded, _startsAway = _startsAway, _starts = _starts };
        // What retention took in this start may not have reached the disks.
        crashed._freed.UnionWith(_freedBefore);
        crashed.Remember(this);
        return crashed;
    }

    private void Remember(PoolLife other)
    {
        Columns.Add(other.Columns);
        _leftBehind.UnionWith(other._leftBehind);
        foreach ((ulong chunk, HashSet<int> knowing) in other._knowing)
        {
            _knowing[chunk] = [.. knowing];
        }

        foreach ((int disk, HashSet<int> seen) in other._openings)
        {
            _openings[disk] = seen;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_player is not null)
        {
            await _player.DisposeAsync().ConfigureAwait(false);
        }
    }
}
