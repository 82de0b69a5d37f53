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

        FreeTheRest();
        return true;
    }

    /// <summary>Loads from the catalog.</summary>
    /// <returns><c>false</c> when it is stale, foreign or damaged: nothing was loaded.</returns>
    public bool TryLoad(Catalog catalog)
    {
        if (catalog.Position(state.Pool) is not { } position || position.OpenEpoch > state.Numbers.OpenEpoch
            || !state.Disks.All.All(d => Reaches(d.Root, position.Transitions.GetValueOrDefault(d.Number)))
            || catalog.ReadChunks() is not { } rows)
        {
            return false;
        }

        var chunks = new SortedDictionary<ulong, CatalogChunk>();
        foreach (CatalogRow row in rows)
        {
            if (ChunkTail.Parse(row.Tail, state.ZoneBytes) is not { } tail || row.Columns.Length != tail.Trailer.Layout.Columns)
            {
                return false;
            }

            chunks[tail.Trailer.Generation] = new CatalogChunk(tail, row.Tail, row.Columns);
        }

        var changes = new List<CatalogChange>();
        if (!TryReplay(position.Transitions, chunks, changes))
        {
            return false;
        }

        var used = new HashSet<(int, int)>();
        foreach (ColumnPlace place in chunks.Values.SelectMany(c => c.Columns).Where(p => !p.IsNone))
        {
            if (!used.Add((place.Disk, place.Zone)) || (state.Disks.Find(place.Disk) is { } disk && (uint)place.Zone >= (uint)disk.Geometry.ZoneCount))
            {
                return false;
            }
        }

        foreach (CatalogChunk chunk in chunks.Values)
        {
            AddSealed(chunk.Tail, chunk.Columns);
        }

        FreeTheRest();
        catalog.Apply(new CatalogBatch(Positions(), changes));
        catalog.SetEpoch(state.Numbers.OpenEpoch);
        return true;
    }

    /// <summary>A chunk found sealed on its disks, or one more column of a chunk that is known.</summary>
    public Chunk AddSealed(ChunkTail tail, ColumnPlace[] columns)
    {
        ChunkTrailer trailer = tail.Trailer;
        foreach (ColumnPlace place in columns)
        {
            state.Disks.Find(place.Disk)?.Ledger.AddSealed(place.Zone);
        }

        var chunk = new Chunk(trailer.Chunk, trailer.Generation, trailer.Class, trailer.Layout, columns);
        chunk.Seal(trailer);
        state.Chunks.Add(chunk);
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

    /// <summary>The superblock tells everything that happened since.</summary>
    private static bool Reaches(Superblock root, ulong seen) =>
        seen <= root.LastTransition && (root.Transitions.Count == 0 ? root.LastTransition : root.Transitions[0].Number - 1) <= seen;

    private void FreeTheRest()
    {
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
    }

    /// <summary>Brings the catalog's chunks up to the superblocks. Reads the tail of each chunk sealed since.</summary>
    private bool TryReplay(IReadOnlyDictionary<int, ulong> seen, SortedDictionary<ulong, CatalogChunk> chunks, List<CatalogChange> changes)
    {
        var toRead = new SortedDictionary<ulong, List<(PoolDisk Disk, int Zone)>>();
        var changed = new SortedSet<ulong>();
        foreach (PoolDisk disk in state.Disks.All)
        {
            foreach (ZoneTransition transition in disk.Root.Transitions.Where(t => t.Number > seen.GetValueOrDefault(disk.Number)))
            {
                if (!Apply(disk, transition, chunks, toRead, changed))
                {
                    return false;
                }
            }
        }

        foreach (ulong freed in FreedSince(seen))
        {
            toRead.Remove(freed);
            chunks.Remove(freed);
            changed.Add(freed);
        }

        foreach ((ulong generation, List<(PoolDisk Disk, int Zone)> places) in toRead)
        {
            foreach ((PoolDisk disk, int zone) in places)
            {
                if (!TryAddColumn(disk, zone, generation, chunks))
                {
                    return false;
                }
            }

            changed.Add(generation);
        }

        changes.AddRange(changed.Select(g => chunks.TryGetValue(g, out CatalogChunk? c) ? new CatalogChange(g, c.Columns, c.Bytes, []) : new CatalogChange(g, [], Tail: null, [])));
        return true;
    }

    /// <summary>One disk saying that retention freed a chunk speaks for all.</summary>
    private IEnumerable<ulong> FreedSince(IReadOnlyDictionary<int, ulong> seen) => state.Disks.All.SelectMany(
        d => d.Root.Transitions.Where(t => t.Number > seen.GetValueOrDefault(d.Number) && t.Change == ZoneChange.Freed).Select(t => t.Generation)).Distinct();

    private static bool Apply(
        PoolDisk disk, in ZoneTransition transition, SortedDictionary<ulong, CatalogChunk> chunks, SortedDictionary<ulong, List<(PoolDisk Disk, int Zone)>> toRead, SortedSet<ulong> changed)
    {
        ulong generation = transition.Generation;
        int zone = transition.Zone;
        switch (transition.Change)
        {
            case ZoneChange.Sealed:
                if (!toRead.TryGetValue(generation, out List<(PoolDisk Disk, int Zone)>? places))
                {
                    toRead.Add(generation, places = []);
                }

                places.Add((disk, zone));
                return true;
            case ZoneChange.Dropped:
                if (toRead.TryGetValue(generation, out List<(PoolDisk Disk, int Zone)>? sealedHere))
                {
                    sealedHere.Remove((disk, zone));
                }

                if (chunks.TryGetValue(generation, out CatalogChunk? chunk))
                {
                    var place = new ColumnPlace(disk.Number, zone);
                    chunks[generation] = chunk with { Columns = [.. chunk.Columns.Select(c => c == place ? ColumnPlace.None : c)] };
                    changed.Add(generation);
                }

                return true;
            case ZoneChange.Opened or ZoneChange.Freed:
                return true;
            default:
                return false;
        }
    }

    private bool TryAddColumn(PoolDisk disk, int zone, ulong generation, SortedDictionary<ulong, CatalogChunk> chunks)
    {
        try
        {
            if (state.Footers.ReadTail(disk, zone) is not { } read || read.Tail.Trailer.Generation != generation)
            {
                return false;
            }

            ChunkTrailer trailer = read.Tail.Trailer;
            ColumnPlace[] columns = chunks.TryGetValue(generation, out CatalogChunk? known) ? [.. known.Columns] : [.. Enumerable.Repeat(ColumnPlace.None, trailer.Layout.Columns)];
            columns[trailer.Column] = new ColumnPlace(disk.Number, zone);
            chunks[generation] = known is null ? new CatalogChunk(read.Tail, read.Bytes, columns) : known with { Columns = columns };
            return true;
        }
        catch (DeviceException)
        {
            return false;
        }
    }

    private sealed record CatalogChunk(ChunkTail Tail, byte[] Bytes, ColumnPlace[] Columns);
}
