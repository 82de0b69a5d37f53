// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>How far the rebuilding of the index has come.</summary>
/// <param name="DoneZones">Zones looked at.</param>
/// <param name="TotalZones">All zones.</param>
public readonly record struct RebuildProgress(int DoneZones, int TotalZones);

/// <summary>
/// Fills the index at a start: from the catalog and the transitions it has not seen, or from the tails of all zones.
/// </summary>
internal sealed class IndexLoader(StoreState state)
{
    /// <summary>The last transition of each disk, as its superblock tells it.</summary>
    public IReadOnlyDictionary<int, ulong> Positions() => state.Disks.All.ToDictionary(d => d.Number, d => d.Root.LastTransition);

    /// <summary>Disks on which no chunk was ever opened need no looking at.</summary>
    public bool TryLoadEmpty()
    {
        if (state.Disks.All.Any(d => d.Root.LastTransition > 0))
        {
            return false;
        }

        foreach (PoolDisk disk in state.Disks.All)
        {
            for (int zone = 0; zone < disk.Geometry.ZoneCount; zone++)
            {
                if (disk.Ledger.StateOf(zone) == ZoneState.Unknown)
                {
                    disk.Ledger.AddFree(zone);
                }
            }
        }

        return true;
    }

    /// <summary>Brings the catalog up to the superblock, so that it can be loaded.</summary>
    /// <returns><c>null</c> when it is stale, foreign or damaged.</returns>
    public CatalogLoader? TryBegin(Catalog catalog)
    {
        if (catalog.Position(state.Pool) is not { } position || position.OpenEpoch > state.Numbers.OpenEpoch
            || !state.Disks.All.All(d => Reaches(d.Root, position.Transitions.GetValueOrDefault(d.Number)))
            || ChangesSince(position.Transitions, catalog) is not { } changes)
        {
            return null;
        }

        // Before the store's own changes come: the catalog takes only what follows what it has.
        catalog.Apply(new CatalogBatch(Positions(), changes));
        catalog.SetEpoch(state.Numbers.OpenEpoch);
        return catalog.IsBroken ? null : new CatalogLoader(state, this);
    }

    /// <summary>A chunk found sealed on its disks, or one more column of a chunk that is known.</summary>
    public Chunk AddSealed(ChunkTail tail, ColumnPlace[] columns)
    {
        Chunk chunk = AddChunk(tail.Trailer, columns);
        foreach ((FormatId id, byte[] bytes) in tail.Formats)
        {
            state.Formats.Add(id, bytes);
        }

        foreach (StreamDirectory stream in tail.Streams)
        {
            state.Streams.Get(stream.Stream).Add(chunk, stream);
        }

        return chunk;
    }

    /// <summary>The chunk alone; its streams follow.</summary>
    public Chunk AddChunk(in ChunkTrailer trailer, ColumnPlace[] columns)
    {
        foreach (ColumnPlace place in columns)
        {
            state.Disks.Find(place.Disk)?.Ledger.AddSealed(place.Zone);
        }

        var chunk = new Chunk(trailer.Chunk, trailer.Generation, trailer.Head, trailer.Layout, columns);
        chunk.Seal(trailer);
        state.Chunks.Add(chunk);
        return chunk;
    }

    /// <summary>Every zone that nothing is known of is free, once it was looked at.</summary>
    public void FreeTheRest()
    {
        foreach (PoolDisk disk in state.Disks.All)
        {
            for (int zone = 0; zone < disk.Geometry.ZoneCount; zone++)
            {
                disk.Ledger.AddUnchecked(zone);
            }
        }
    }

    /// <summary>The superblock tells everything that happened since.</summary>
    private static bool Reaches(Superblock root, ulong seen) =>
        seen <= root.LastTransition && (root.Transitions.Count == 0 ? root.LastTransition : root.Transitions[0].Number - 1) <= seen;

    /// <summary>What happened since the catalog was written. Reads the tail of each column sealed since.</summary>
    /// <returns><c>null</c> when a footer is not to be had, or the catalog is damaged.</returns>
    private List<CatalogChange>? ChangesSince(IReadOnlyDictionary<int, ulong> seen, Catalog catalog)
    {
        var columns = new SortedDictionary<ulong, ColumnsSince>();
        // One disk saying that retention freed a chunk speaks for all, also when the catalog has seen it there: of a disk that was away it may not have seen how the chunk was sealed.
        HashSet<ulong> freed = [.. state.Disks.All.SelectMany(d => d.Root.Transitions).Where(t => t.Change == ZoneChange.Freed).Select(t => t.Generation)];
        foreach (PoolDisk disk in state.Disks.All)
        {
            foreach (ZoneTransition transition in disk.Root.Transitions.Where(t => t.Number > seen.GetValueOrDefault(disk.Number)))
            {
                if (transition.Change != ZoneChange.Freed && !TryNote(new ColumnPlace(disk.Number, transition.Zone), transition, columns))
                {
                    return null;
                }
            }
        }

        List<CatalogChange> changes = [.. freed.Select(generation => new CatalogChange(generation, [], Tail: null, []))];
        foreach ((ulong generation, ColumnsSince since) in columns)
        {
            if (!freed.Contains(generation) && !TryAdd(generation, since, catalog, changes))
            {
                return null;
            }
        }

        return changes;
    }

    private static bool TryNote(ColumnPlace place, in ZoneTransition transition, SortedDictionary<ulong, ColumnsSince> columns)
    {
        if (!columns.TryGetValue(transition.Generation, out ColumnsSince? since) && transition.Change is ZoneChange.Sealed or ZoneChange.Dropped)
        {
            columns.Add(transition.Generation, since = new ColumnsSince([], []));
        }

        switch (transition.Change)
        {
            case ZoneChange.Sealed:
                since!.Sealed.Add(place);
                return true;
            case ZoneChange.Dropped:
                since!.Sealed.Remove(place);
                since.Dropped.Add(place);
                return true;
            default:
                return transition.Change == ZoneChange.Opened;
        }
    }

    private bool TryAdd(ulong generation, ColumnsSince since, Catalog catalog, List<CatalogChange> changes)
    {
        if (!catalog.TryFind(generation, out CatalogRow? known))
        {
            return false;
        }

        ColumnPlace[]? columns = known is { } row ? [.. row.Columns.Select(c => since.Dropped.Contains(c) ? ColumnPlace.None : c)] : null;
        byte[]? tail = null;
        foreach (ColumnPlace place in since.Sealed)
        {
            if (ReadTail(place, generation) is not { } read)
            {
                return false;
            }

            ChunkTrailer trailer = read.Tail.Trailer;
            columns ??= [.. Enumerable.Repeat(ColumnPlace.None, trailer.Layout.Columns)];
            if (columns.Length != trailer.Layout.Columns)
            {
                return false;
            }

            columns[trailer.Column] = place;
            tail ??= known is null ? read.Bytes : null;
        }

        if (columns is not null)
        {
            changes.Add(new CatalogChange(generation, columns, tail, []));
        }

        return true;
    }

    private (ChunkTail Tail, byte[] Bytes)? ReadTail(ColumnPlace place, ulong generation)
    {
        try
        {
            return state.Footers.ReadTail(state.Disks.Find(place.Disk)!, place.Zone) is { } read && read.Tail.Trailer.Generation == generation ? read : null;
        }
        catch (DeviceException)
        {
            return null;
        }
    }

    /// <summary>What became of the columns of a chunk since the catalog was written.</summary>
    private sealed record ColumnsSince(List<ColumnPlace> Sealed, HashSet<ColumnPlace> Dropped);
}
