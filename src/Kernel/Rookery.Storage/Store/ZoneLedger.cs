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
/// Who has which zone of a disk, and every number of the disk that never goes back. The ledger decides nothing durable by itself: each change becomes true with the next superblock,
/// of which <see cref="Next"/> makes the content.
/// </summary>
/// <remarks>Belongs to the pool's thread. Counts may be read by any.</remarks>
internal sealed class ZoneLedger
{
    private readonly Superblock _root;
    private readonly PoolNumbers _numbers;
    private readonly ZoneState[] _zones;
    private readonly Queue<int> _free = new();
    private readonly Queue<int> _unchecked = new();
    private readonly List<(int Zone, Func<bool> IsReleased)> _releasing = [];
    private readonly List<OpenColumn> _open;
    private readonly List<ZoneTransition> _transitions;
    private ulong _sequence;
    private volatile int _freeCount;
    private volatile int _uncheckedCount;
    private volatile int _aheadCount;

    /// <param name="root">The newest superblock found.</param>
    /// <param name="numbers">The numbers of the pool.</param>
    public ZoneLedger(Superblock root, PoolNumbers numbers)
    {
        _root = root;
        _numbers = numbers;
        _zones = new ZoneState[root.Geometry.ZoneCount];
        _open = [.. root.Open];
        _transitions = [.. root.Transitions];
        _sequence = root.Sequence;
        LastTransition = root.LastTransition;
        foreach (OpenColumn entry in _open)
        {
            _zones[entry.Zone] = ZoneState.Open;
        }

        CountAhead();
        foreach (int zone in root.Spares)
        {
            AddFree(zone);
        }
    }

    public ulong LastTransition { get; private set; }
    /// <summary>Zones without footage, as far as anybody knows.</summary>
    public int FreeCount => _freeCount + _uncheckedCount;

    /// <summary>Those that are proven to be: a superblock, a look at them, or this run says so.</summary>
    public int ReadyCount => _freeCount;

    /// <summary>Those that only the catalog's silence speaks for.</summary>
    public int UncheckedCount => _uncheckedCount;
    public int ReleasingCount => _releasing.Count;

    /// <summary>Columns that are open: being written, waiting for a footer, or being rebuilt.</summary>
    public int OpenCount => _open.Count;
    public bool HasRoomForOpen => _open.Count < Superblock.MaximumOpen;

    /// <summary>Half of the store's classes may have a next chunk open; the other places stay for heads, and for what a crash leaves behind.</summary>
    public bool HasRoomForAhead => _open.Count < RetentionClasses.Maximum;

    public bool IsOpen(ulong generation) => _open.Exists(e => e.Generation == generation);

    /// <summary>Columns of chunks opened ahead of need.</summary>
    public List<OpenColumn> Ahead() => _open.FindAll(static e => e.IsAhead);

    /// <summary>How many they are: their zones hold nothing that is acknowledged.</summary>
    public int AheadCount => _aheadCount;

    /// <summary>Something changed that the superblock on the disk does not say.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>A chunk was given up, and the superblock on the disk does not say so: samples of its last frame must not be written anew before.</summary>
    public bool HasUnsavedGiveUp { get; private set; }

    public ZoneState StateOf(int zone) => _zones[zone];

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

    /// <summary>A look at a zone found nothing that counts. What only other disks say was freed this one says as well from now on: they may be away the next time.</summary>
    public void AddFree(ZoneSurvey.Finding.Nothing found)
    {
        if (found.FreedElsewhere != 0 && _zones[found.Zone] == ZoneState.Unknown)
        {
            FreeFound(found.Zone, found.FreedElsewhere);
        }
        else
        {
            AddFree(found.Zone);
        }
    }

    /// <summary>The catalog does not mention a zone: it is looked at before it is used.</summary>
    public void AddUnchecked(int zone)
    {
        if (_zones[zone] == ZoneState.Unknown)
        {
            _zones[zone] = ZoneState.Free;
            _unchecked.Enqueue(zone);
            _uncheckedCount = _unchecked.Count;
        }
    }

    /// <summary>A zone to be looked at, which is unknown from now on; <c>null</c> when there is none.</summary>
    public int? TakeUnchecked()
    {
        if (!_unchecked.TryDequeue(out int zone))
        {
            return null;
        }

        _uncheckedCount = _unchecked.Count;
        _zones[zone] = ZoneState.Unknown;
        return zone;
    }

    /// <summary>A zone turned out to hold a column of a sealed chunk.</summary>
    public void AddSealed(int zone) => _zones[zone] = ZoneState.Sealed;

    /// <summary>Takes the zone that has been known to be free longest; −1 when there is none, or too many columns are open.</summary>
    public int TakeFree()
    {
        if (!HasRoomForOpen || !_free.TryDequeue(out int zone))
        {
            return -1;
        }

        _freeCount = _free.Count;
        return zone;
    }

    /// <summary>A zone that <see cref="TakeFree"/> gave is a column of a chunk now.</summary>
    public void Open(in OpenColumn entry)
    {
        _zones[entry.Zone] = ZoneState.Open;
        _open.Add(entry);
        CountAhead();
        Note(entry.Zone, ZoneChange.Opened, entry.Class, entry.Generation);
    }

    /// <summary>A chunk that was opened ahead of need is the head's now: from the next superblock on it may have more than one frame.</summary>
    public void Begin(Chunk chunk)
    {
        int at = _open.FindIndex(e => e.Generation == chunk.Generation && e.IsAhead);
        if (at >= 0)
        {
            _open[at] = _open[at] with { IsAhead = false };
            IsDirty = true;
            CountAhead();
        }
    }

    /// <summary>A chunk's entry, as the next superblock will have it.</summary>
    public OpenColumn? FindOpen(ulong generation)
    {
        int at = _open.FindIndex(e => e.Generation == generation);
        return at < 0 ? null : _open[at];
    }

    /// <summary>A zone holds frames without a footer that no superblock speaks of: takes it as an open column.</summary>
    public bool TryAdopt(in OpenColumn entry)
    {
        if (!HasRoomForOpen || _zones[entry.Zone] != ZoneState.Unknown)
        {
            return false;
        }

        _zones[entry.Zone] = ZoneState.Open;
        _open.Add(entry);
        IsDirty = true;
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
            IsDirty = true;
            HasUnsavedGiveUp = true;
        }
    }

    /// <summary>The footer of an open column is durable.</summary>
    public void Seal(int zone, byte retentionClass, ulong generation)
    {
        RemoveOpen(generation);
        _zones[zone] = ZoneState.Sealed;
        Note(zone, ZoneChange.Sealed, retentionClass, generation);
    }

    /// <summary>A column that never got a durable frame, or that lost its worth, and that nobody reads: its zone is free again, at the end of the queue.</summary>
    public void GiveBack(int zone, byte retentionClass, ulong generation, ZoneChange change = ZoneChange.Freed)
    {
        RemoveOpen(generation);
        AddFree(zone);
        Note(zone, change, retentionClass, generation);
    }

    /// <summary>A zone lost its column: retention took the chunk, or the column moved. It is free when the last reader has gone.</summary>
    public void Free(int zone, byte retentionClass, ulong generation, ZoneChange change, Func<bool> isReleased)
    {
        RemoveOpen(generation);
        _zones[zone] = ZoneState.Releasing;
        Note(zone, change, retentionClass, generation);
        _releasing.Add((zone, isReleased));
        ReleaseUnread();
    }

    /// <summary>A sealed column that was found and not taken into the index: nobody reads from it.</summary>
    public void FreeFound(int zone, ulong generation)
    {
        _zones[zone] = ZoneState.Unknown;
        AddFree(zone);
        Note(zone, ZoneChange.Freed, retentionClass: 0, generation);
    }

    /// <summary>Makes zones free whose last reader has gone.</summary>
    public void ReleaseUnread()
    {
        for (int i = _releasing.Count - 1; i >= 0; i--)
        {
            if (_releasing[i].IsReleased())
            {
                AddFree(_releasing[i].Zone);
                _releasing.RemoveAt(i);
            }
        }
    }

    /// <summary>The next superblock: everything as it stands now.</summary>
    public Superblock Next(WallTime now, bool clean = false)
    {
        IsDirty = false;
        HasUnsavedGiveUp = false;
        return _root with
        {
            Sequence = ++_sequence,
            OpenEpoch = _numbers.OpenEpoch,
            NextChunk = _numbers.NextChunk,
            NextGeneration = _numbers.NextGeneration,
            Written = now,
            Clean = clean,
            LastTransition = LastTransition,
            Open = [.. _open],
            Spares = [.. _free.Take(Superblock.MaximumSpares)],
            Transitions = [.. _transitions],
        };
    }

    /// <summary>The superblock could not be written: it is still to be done.</summary>
    public void Unsaved(bool giveUps)
    {
        IsDirty = true;
        HasUnsavedGiveUp |= giveUps;
    }

    private void RemoveOpen(ulong generation)
    {
        _open.RemoveAll(e => e.Generation == generation);
        IsDirty = true;
        CountAhead();
    }

    private void CountAhead() => _aheadCount = _open.Count(static e => e.IsAhead);

    private void Note(int zone, ZoneChange change, byte retentionClass, ulong generation)
    {
        IsDirty = true;
        _transitions.Add(new ZoneTransition(++LastTransition, zone, change, retentionClass, generation));
        if (_transitions.Count > Superblock.MaximumTransitions)
        {
            _transitions.RemoveAt(0);
        }
    }
}
