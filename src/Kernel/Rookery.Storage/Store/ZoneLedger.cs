// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What a zone is used for.</summary>
internal enum ZoneState : byte
{
    /// <summary>Not looked at yet: the index is being rebuilt.</summary>
    Unknown = 0,
    Free = 1,
    Open = 2,
    Sealed = 3,

    /// <summary>Freed, but somebody still reads from it.</summary>
    Releasing = 4,
}

/// <summary>
/// Who has which zone, and every number that never goes back. The ledger decides nothing durable by itself: each change becomes true with the next superblock,
/// of which <see cref="Next"/> makes the content.
/// </summary>
/// <remarks>Belongs to the disk's thread. Counts may be read by any.</remarks>
internal sealed class ZoneLedger
{
    private readonly Superblock _root;
    private readonly ZoneState[] _zones;
    private readonly Queue<int> _free = new();
    private readonly List<Chunk> _releasing = [];
    private readonly SortedDictionary<ulong, (ulong Generation, int Zone)> _found = [];
    private readonly List<ulong> _freedFound = [];
    private readonly List<OpenChunkEntry> _open;
    private readonly List<ZoneTransition> _transitions;
    private ulong _sequence;
    private ulong _nextChunk;
    private ulong _nextGeneration;
    private ulong _commits;
    private volatile int _freeCount;
    private volatile int _aheadCount;

    /// <param name="root">The newest superblock found; this opening is one epoch later.</param>
    public ZoneLedger(Superblock root)
    {
        _root = root;
        _zones = new ZoneState[root.Geometry.ZoneCount];
        _open = [.. root.Open];
        _transitions = [.. root.Transitions];
        _sequence = root.Sequence;
        _nextChunk = root.NextChunk;
        _nextGeneration = root.NextGeneration;
        LastTransition = root.LastTransition;
        OpenEpoch = root.OpenEpoch + 1;
        foreach (OpenChunkEntry entry in _open)
        {
            _zones[entry.Zone] = ZoneState.Open;
        }

        CountAhead();
        foreach (int zone in root.Spares)
        {
            AddFree(zone);
        }
    }

    public ulong OpenEpoch { get; }
    public ulong LastTransition { get; private set; }
    public int FreeCount => _freeCount;
    public int ReleasingCount => _releasing.Count;
    public StoreGeometry Geometry => _root.Geometry;
    public UInt128 Disk => _root.Disk;
    public bool HasRoomForOpen => _open.Count < Superblock.MaximumOpen;

    /// <summary>Half of the store's classes may have a next chunk open; the other places stay for heads, and for what a crash leaves behind.</summary>
    public bool HasRoomForAhead => _open.Count < RetentionClasses.Maximum;

    public bool IsOpen(ulong generation) => _open.Exists(e => e.Generation == generation);

    /// <summary>Chunks opened ahead of need.</summary>
    public List<OpenChunkEntry> Ahead() => _open.FindAll(static e => e.IsAhead);

    /// <summary>How many they are.</summary>
    public int AheadCount => _aheadCount;

    public ZoneState StateOf(int zone) => _zones[zone];

    /// <summary>For the next frame; see <see cref="FrameHeader.CommitNumber"/>. At a hundred frames a second the counter lasts 300 years, and the epochs last 16 million openings.</summary>
    public ulong NextCommitNumber() => (OpenEpoch << 40) + ++_commits;

    /// <summary>A zone turned out to hold nothing.</summary>
    public void AddFree(int zone)
    {
        if (_zones[zone] is not (ZoneState.Unknown or ZoneState.Open or ZoneState.Releasing))
        {
            return;
        }

        _zones[zone] = ZoneState.Free;
        _free.Enqueue(zone);
        _freeCount = _free.Count;
    }

    /// <summary>A zone turned out to hold a sealed chunk.</summary>
    public void AddSealed(int zone) => _zones[zone] = ZoneState.Sealed;

    /// <summary>A look at a zone found a sealed chunk whose tail is still to be read.</summary>
    public void AddFound(ulong commitNumber, ulong generation, int zone) => _found[commitNumber] = (generation, zone);

    /// <summary>The tail of a found chunk is here. <c>false</c>: the chunk was freed meanwhile.</summary>
    public bool TakeFound(ulong commitNumber) => _found.Remove(commitNumber);

    /// <summary>Lowest commit number of the chunks that were found and not read yet; <c>null</c> when there is none.</summary>
    public ulong? OldestFound => _found.Count > 0 ? _found.First().Key : null;

    /// <summary>Generations that <see cref="FreeOldestFound"/> took.</summary>
    public IReadOnlyList<ulong> FreedFound => _freedFound;

    /// <summary>Frees a chunk that the index does not know yet, so that nobody reads from it.</summary>
    public void FreeOldestFound()
    {
        (ulong commitNumber, (ulong generation, int zone)) = _found.First();
        _found.Remove(commitNumber);
        _freedFound.Add(generation);
        AddFree(zone);
        Note(zone, ZoneChange.Freed, retentionClass: 0, generation);
    }

    /// <summary>Takes a free zone for a new chunk, the one that has been free longest.</summary>
    /// <param name="retentionClass">The class it is for.</param>
    /// <param name="isAhead">Ahead of need; see <see cref="OpenChunkEntry.IsAhead"/> and <see cref="Begin"/>.</param>
    /// <param name="entry">The chunk.</param>
    public bool TryOpen(byte retentionClass, bool isAhead, out OpenChunkEntry entry)
    {
        entry = default;
        if (!HasRoomForOpen || !_free.TryDequeue(out int zone))
        {
            return false;
        }

        _freeCount = _free.Count;
        entry = new OpenChunkEntry(zone, retentionClass, _nextChunk++, _nextGeneration++, IsAhead: isAhead);
        _zones[zone] = ZoneState.Open;
        _open.Add(entry);
        CountAhead();
        Note(zone, ZoneChange.Opened, retentionClass, entry.Generation);
        return true;
    }

    /// <summary>A chunk that was opened ahead of need is the head's now: from the next superblock on it may have more than one frame.</summary>
    /// <returns><c>false</c>: it was not opened ahead.</returns>
    public bool Begin(Chunk chunk)
    {
        int at = _open.FindIndex(e => e.Generation == chunk.Generation && e.IsAhead);
        if (at < 0)
        {
            return false;
        }

        _open[at] = _open[at] with { IsAhead = false };
        CountAhead();
        return true;
    }

    /// <summary>A zone holds frames without a footer that no superblock speaks of: takes it as an open chunk.</summary>
    public bool TryAdopt(in OpenChunkEntry entry)
    {
        if (!HasRoomForOpen || _zones[entry.Zone] != ZoneState.Unknown)
        {
            return false;
        }

        _zones[entry.Zone] = ZoneState.Open;
        _open.Add(entry);
        return true;
    }

    /// <summary>A frame of an open chunk failed and may stand on the disk all the same: the chunk ends before it.</summary>
    public void GiveUp(Chunk chunk)
    {
        int at = _open.FindIndex(e => e.Generation == chunk.Generation);
        if (at >= 0)
        {
            // A zone of 256 MiB has at most 65,536 blocks, one of them for the footer.
            _open[at] = _open[at] with { Frames = (ushort)chunk.FrameCount };
        }
    }

    /// <summary>The footer of an open chunk is durable.</summary>
    public void Seal(Chunk chunk)
    {
        RemoveOpen(chunk);
        _zones[chunk.Zone] = ZoneState.Sealed;
        Note(chunk.Zone, ZoneChange.Sealed, chunk.Class, chunk.Generation);
    }

    /// <summary>An open chunk that never got a durable frame: its zone is free again, at the end of the queue.</summary>
    public void GiveBack(Chunk chunk)
    {
        RemoveOpen(chunk);
        AddFree(chunk.Zone);
        Note(chunk.Zone, ZoneChange.Freed, chunk.Class, chunk.Generation);
    }

    /// <summary>Retention took a sealed chunk; its zone is free when the last reader has gone.</summary>
    public void Free(Chunk chunk)
    {
        _zones[chunk.Zone] = ZoneState.Releasing;
        Note(chunk.Zone, ZoneChange.Freed, chunk.Class, chunk.Generation);
        _releasing.Add(chunk);
        ReleaseUnread();
    }

    /// <summary>Makes zones free whose last reader has gone.</summary>
    public void ReleaseUnread()
    {
        for (int i = _releasing.Count - 1; i >= 0; i--)
        {
            if (_releasing[i].IsReleased)
            {
                AddFree(_releasing[i].Zone);
                _releasing.RemoveAt(i);
            }
        }
    }

    /// <summary>The next superblock: everything as it stands now.</summary>
    public Superblock Next(WallTime now, IReadOnlyList<RetentionClass> classes, bool clean = false) => _root with
    {
        Sequence = ++_sequence,
        OpenEpoch = OpenEpoch,
        NextChunk = _nextChunk,
        NextGeneration = _nextGeneration,
        Written = now,
        Clean = clean,
        LastTransition = LastTransition,
        Open = [.. _open],
        Spares = [.. _free.Take(Superblock.MaximumSpares)],
        Transitions = [.. _transitions],
        Classes = classes,
    };

    private void RemoveOpen(Chunk chunk)
    {
        _open.RemoveAll(e => e.Generation == chunk.Generation);
        CountAhead();
    }

    private void CountAhead() => _aheadCount = _open.Count(static e => e.IsAhead);

    private void Note(int zone, ZoneChange change, byte retentionClass, ulong generation)
    {
        _transitions.Add(new ZoneTransition(++LastTransition, zone, change, retentionClass, generation));
        if (_transitions.Count > Superblock.MaximumTransitions)
        {
            _transitions.RemoveAt(0);
        }
    }
}
