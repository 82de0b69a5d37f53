// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Frees the chunks that <see cref="RetentionRule"/> names and no hold keeps; what is held only in small part is first copied, by the committer. The freed zones become reusable with the next
/// superblocks.
/// </summary>
/// <param name="state">The store.</param>
/// <param name="catalog">Told of what goes.</param>
/// <param name="copyNow">Copies what is held of a chunk, at once; <c>false</c> when that is not possible now.</param>
/// <param name="holdEnded">Told when the time of a hold is over.</param>
/// <remarks>Runs on the pool's thread.</remarks>
internal sealed class RetentionSweeper(StoreState state, CatalogFeed catalog, Func<Chunk, bool> copyNow, Action holdEnded)
{
    /// <summary>Age and quota are looked at this often: a footage day more or less does not hang on seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Chunks whose footers are read at a time to find one that is not held, while that can wait.</summary>
    private const int MeasuredAtOnce = 8;

    /// <summary>Chunks that wait to be copied at a time; the rest is found again in the next round.</summary>
    private const int MostToCopy = 64;

    private readonly ClockTrust _clock = new(state.LastWritten);
    private readonly LinkedList<Chunk> _toCopy = [];
    private WallTime _nextExpiry = WallTime.MinValue;
    private bool _isClockTrusted;

    public HoldKeeper Holds { get; } = new(state);

    /// <summary>The chunk whose held part is to be copied next; <c>null</c> when there is none.</summary>
    public Chunk? NextToCopy => _toCopy.First?.Value;

    /// <summary>See <see cref="ClockTrust"/>; to be asked in each round.</summary>
    public bool IsClockTrusted(WallTime now) => _isClockTrusted = _clock.IsTrusted(now, MonotonicTime.Now(state.Clock));

    /// <summary>Frees what its class says is too old or too much, every ten seconds.</summary>
    public void FreeExpired(WallTime now)
    {
        if (state.IsLoading)
        {
            // What is not known yet may be older than all that is.
            return;
        }

        if (now >= _nextExpiry || now < _nextExpiry - Interval)
        {
            _nextExpiry = now + Interval;
            if (Holds.Refresh(Trusted(now)))
            {
                holdEnded();
            }

            FreeAllExpired(now);
        }
    }

    /// <summary>Somebody made, changed or released a hold.</summary>
    /// <returns><c>true</c> when something is not held any more.</returns>
    public bool HoldsChanged()
    {
        _nextExpiry = WallTime.MinValue;
        return Holds.Refresh(Trusted(WallTime.Now(state.Clock)));
    }

    /// <summary>
    /// Some disk lacks zones. While a chunk is still to be verified only a head without a zone frees one: what is not known yet may be older than all that is.
    /// </summary>
    public bool NeedsSpace => !state.IsRecovering && state.Disks.All.Any(Lacks);

    /// <summary>Commit number of the chunk that space would take next; <c>null</c> when there is none.</summary>
    public ulong? NextToGo
    {
        get
        {
            (List<Chunk> chunks, List<RetentionRule.Candidate> order) = InOrder(Lacks, WallTime.Now(state.Clock));
            ulong? known = order.Select(c => chunks[c.Index]).FirstOrDefault(c => Holds.Known(c) is not { IsNone: false, IsSmall: false })?.CommitNumber;
            ulong? found = OldestFound(Lacks)?.Commit;
            return found is null || known < found ? known : found;
        }
    }

    /// <summary>A chunk that turned up would go at once: it is older than its class allows, and nothing of it can be held.</summary>
    public bool IsOver(in ChunkTrailer trailer)
    {
        byte id = trailer.Class;
        return id != RetentionClassId.Held.Value && !Holds.Active.MayHold(trailer.Wall) && Trusted(WallTime.Now(state.Clock)) is { } now
            && state.Classes.All.FirstOrDefault(c => c.Id.Value == id)?.MaximumAge is { } age && now - WallTime.Max(trailer.Wall.End, trailer.Committed.End) > age;
    }

    private WallTime? Trusted(WallTime now) => _isClockTrusted ? now : null;

    /// <summary>Frees one chunk, because fewer zones are free than are kept ahead of need.</summary>
    public bool FreeAhead() => FreeNext(Lacks, WallTime.Now(state.Clock), isUrgent: false);

    /// <summary>Space is to be freed on a disk: it has fewer zones than are kept ahead of need, and so have too many others; or it has none at all.</summary>
    private bool Lacks(PoolDisk disk) =>
        disk.TakesChunks && (IsFull(disk) || (IsShort(disk) && state.Disks.All.Count(d => d.TakesChunks && !IsShort(d)) < DisksWanted()));

    /// <summary>A column that is open ahead is one of those kept ahead of need.</summary>
    private bool IsShort(PoolDisk disk) => disk.Ledger.FreeCount + disk.Ledger.ReleasingCount + Math.Min(1, disk.Ledger.AheadCount) < state.Options.FreeZonesAhead;

    /// <summary>If the other disks of a pool were gone at the next start, recording could not begin on this one before it is surveyed. A zone that is open ahead does not help then: its chunk lies on the others, too.</summary>
    private bool IsFull(PoolDisk disk) => state.Disks.All.Count > 1 && disk.Ledger.FreeCount + disk.Ledger.ReleasingCount == 0;

    /// <summary>How many disks the widest layout in use takes, of those that work.</summary>
    private int DisksWanted()
    {
        int online = state.Disks.All.Count(d => d.TakesChunks);
        return Math.Min(state.WidestLayout, online);
    }

    /// <summary>Frees the chunk that the rule names first of those with a column on certain disks, because a head has no zone there.</summary>
    public bool FreeOldest(Func<PoolDisk, bool> disks) => FreeNext(disks, WallTime.Now(state.Clock), isUrgent: true);

    /// <summary>What is held of a chunk is copied, and durable there: the rest goes.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="version">The holds by which it was copied; if they changed meanwhile it stays for now.</param>
    public bool Copied(Chunk chunk, int version)
    {
        _toCopy.Remove(chunk);
        if (version != Holds.Version || chunk.State != ChunkState.Sealed)
        {
            return false;
        }

        Free(chunk);
        return true;
    }

    /// <summary>It cannot be copied now: it is found again in a later round.</summary>
    public void NotCopied(Chunk chunk) => _toCopy.Remove(chunk);

    private void FreeAllExpired(WallTime now)
    {
        _toCopy.Clear();
        List<Chunk> chunks = state.Chunks.Sealed();
        // On disks that sleep nothing is held or goes before they are awake: that is asked again in each round.
        Holds.Survey(chunks.FindAll(c => !state.IsAsleep(c)));
        int left = MeasuredAtOnce;
        foreach (int victim in RetentionRule.Expired(Facts(chunks), state.Classes.All, state.ZoneBytes, Trusted(now)))
        {
            if (state.IsAsleep(chunks[victim], willNeed: true) || (Holds.Known(chunks[victim]) ?? (left-- > 0 ? Holds.PartOf(chunks[victim]) : null)) is not { } part)
            {
                continue;
            }

            if (part.IsNone)
            {
                Free(chunks[victim]);
            }
            else if (part.IsSmall && _toCopy.Count < MostToCopy)
            {
                _toCopy.AddLast(chunks[victim]);
            }
        }
    }

    /// <summary>What space takes of the chunks with a column on certain disks, in order. While nothing is held and no class has a quota the first is all that is needed, and is found in one pass.</summary>
    private (List<Chunk> Chunks, List<RetentionRule.Candidate> Order) InOrder(Func<PoolDisk, bool> disks, WallTime now)
    {
        if (!Holds.Active.IsEmpty || state.Classes.All.Any(static c => c.MaximumBytes is not null))
        {
            List<Chunk> chunks = state.Chunks.Sealed();
            return (chunks, ForSpace(chunks, disks, now));
        }

        HashSet<int> numbers = [.. state.Disks.All.Where(disks).Select(static d => d.Number)];
        var classes = state.Classes.All.ToDictionary(static c => c.Id.Value);
        WallTime? trusted = Trusted(now);
        RetentionRule.Place PlaceOf(Chunk chunk) => RetentionRule.PlaceOf(FactsOf(chunk), classes.GetValueOrDefault(chunk.Class), trusted);
        return state.Chunks.FirstSealed(chunk => Array.Exists(chunk.Columns, c => numbers.Contains(c.Disk)) ? PlaceOf(chunk) : null) is { } first
            ? ([first], [new RetentionRule.Candidate(0, PlaceOf(first).IsWithinMinimum && trusted is not null)])
            : ([], []);
    }

    private List<RetentionRule.Candidate> ForSpace(List<Chunk> chunks, Func<PoolDisk, bool> disks, WallTime now) =>
        RetentionRule.ForSpace(Facts(chunks), state.Classes.All, state.ZoneBytes, Trusted(now))
            .FindAll(c => chunks[c.Index].Columns.Any(p => state.Disks.Find(p.Disk) is { } disk && disks(disk)));

    /// <summary>Of what is known only by its trailer: what no hold can touch.</summary>
    private (ulong Commit, ulong Generation)? OldestFound(Func<PoolDisk, bool> disks) => state.Found.FindOldest(disks, wall => !Holds.Active.MayHold(wall));

    /// <summary>Frees one chunk with a column on certain disks.</summary>
    /// <param name="disks">The disks.</param>
    /// <param name="now">The present.</param>
    /// <param name="isUrgent">A head has no zone: what is held is copied within this call. Else that is left to the time between commits, and no further chunk is freed meanwhile.</param>
    private bool FreeNext(Func<PoolDisk, bool> disks, WallTime now, bool isUrgent)
    {
        (List<Chunk> chunks, List<RetentionRule.Candidate> order) = InOrder(disks, now);
        if (OldestFound(disks) is { } found && (order.Count == 0 || found.Commit < chunks[order[0].Index].CommitNumber))
        {
            // The index is being rebuilt. What it knows already may be what was recorded a minute ago.
            state.Found.Free(found);
            return true;
        }

        return TryFree(chunks, order, MeasuredAtOnce, isUrgent) ?? (isUrgent && (TryFree(chunks, order, int.MaxValue, isUrgent) ?? false));
    }

    /// <param name="chunks">All sealed chunks.</param>
    /// <param name="order">Those that may go.</param>
    /// <param name="measures">Footers that may be read to find out what is held.</param>
    /// <param name="isUrgent">See <see cref="FreeNext"/>.</param>
    /// <returns><c>null</c> when none was found.</returns>
    private bool? TryFree(List<Chunk> chunks, List<RetentionRule.Candidate> order, int measures, bool isUrgent)
    {
        foreach (RetentionRule.Candidate candidate in order)
        {
            Chunk chunk = chunks[candidate.Index];
            if ((Holds.Known(chunk) ?? (measures-- > 0 ? Holds.PartOf(chunk) : null)) is not { } part || (!part.IsNone && !part.IsSmall))
            {
                continue;
            }

            if (part.IsSmall && !isUrgent)
            {
                if (!_toCopy.Contains(chunk))
                {
                    _toCopy.AddFirst(chunk);
                }

                return false;
            }

            if (part.IsSmall ? copyNow(chunk) : TryFree(chunk))
            {
                if (candidate.BreaksMinimum)
                {
                    BrokeMinimum(chunk);
                }

                return true;
            }
        }

        return null;
    }

    private bool TryFree(Chunk chunk)
    {
        Free(chunk);
        return true;
    }

    private void BrokeMinimum(Chunk chunk)
    {
        RetentionClass? its = state.Classes.All.FirstOrDefault(c => c.Id.Value == chunk.Class);
        WallTime now = WallTime.Now(state.Clock);
        state.Counters.BrokenMinimum = new DiskError(
            now,
            $"Footage of the retention class {(its is { Name.Length: > 0 } ? its.Name : chunk.Class.ToString(System.Globalization.CultureInfo.InvariantCulture))} had to go after {(now - chunk.Committed.End).TotalDays:0.0} days, before its minimum of {its?.MinimumAge?.TotalDays ?? 0:0.#}: the disks are too small. Recording went on instead.");
    }

    private static List<RetentionRule.Facts> Facts(List<Chunk> chunks) => chunks.ConvertAll(FactsOf);

    private static RetentionRule.Facts FactsOf(Chunk c) => new(c.Class, c.CommitNumber, c.Wall.End, c.Committed.End, c.Columns.Count(static p => !p.IsNone));

    private void Free(Chunk chunk)
    {
        ChunkTail? tail = null;
        try
        {
            tail = state.PoolFooters.Tail(chunk);
        }
        catch (RecordLostException)
        {
            // Its footer is damaged: what memory knows of it has to do.
        }

        Holds.Forget(chunk);
        _toCopy.Remove(chunk);
        chunk.Free();
        state.Chunks.Remove(chunk);
        if (tail is null)
        {
            state.Streams.Remove(chunk);
        }
        else
        {
            foreach (StreamDirectory stream in tail.Streams)
            {
                state.Streams.Find(stream.Stream)?.Remove(chunk, stream);
            }

            foreach ((FormatId id, _) in tail.Formats)
            {
                state.Formats.Release(id);
            }
        }

        var transitions = new List<(int, ulong)>();
        foreach (ColumnPlace place in chunk.Columns)
        {
            if (state.Disks.Find(place.Disk) is { } disk)
            {
                disk.Ledger.Free(place.Zone, chunk.Class, chunk.Generation, ZoneChange.Freed, () => chunk.IsReleased);
                transitions.Add((disk.Number, disk.Ledger.LastTransition));
            }
        }

        catalog.Freed(chunk, transitions);
    }
}
