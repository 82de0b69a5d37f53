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
internal sealed class IndexLoader(StoreState state, Superblock root)
{
    /// <summary>A disk on which no chunk was ever opened needs no looking at.</summary>
    public bool TryLoadEmpty()
    {
        if (root.NextGeneration > 1)
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
        if (catalog.Position(root.Disk) is not { } position
            || position.OpenEpoch > root.OpenEpoch + 1
            || position.Transition > root.LastTransition
            || (root.Transitions.Count == 0 ? root.LastTransition : root.Transitions[0].Number - 1) > position.Transition
            || catalog.ReadTails() is not { } rows)
        {
            return false;
        }

        var tails = new SortedDictionary<ulong, (ChunkTail Tail, byte[] Bytes)>();
        foreach ((int zone, byte[] bytes) in rows)
        {
            if (ChunkTail.Parse(bytes, state.Geometry.ZoneBytes) is not { } tail || tail.Trailer.Zone != zone || tail.Trailer.Disk != root.Disk)
            {
                return false;
            }

            tails[tail.Trailer.Generation] = (tail, bytes);
        }

        var changes = new List<CatalogChange>();
        if (!TryReplay(position.Transition, tails, changes))
        {
            return false;
        }

        var used = new HashSet<int>();
        foreach ((ChunkTail tail, _) in tails.Values)
        {
            if (!used.Add(tail.Trailer.Zone))
            {
                return false;
            }
        }

        foreach ((ChunkTail tail, _) in tails.Values)
        {
            AddSealed(tail);
        }

        FreeTheRest();
        catalog.Apply(new CatalogBatch(position.Transition, root.LastTransition, changes));
        catalog.SetEpoch(state.Ledger.OpenEpoch);
        return true;
    }

    /// <summary>The newest generation freed in each zone, as far back as the superblock's transitions reach.</summary>
    public Dictionary<int, ulong> FreedByZone()
    {
        var freed = new Dictionary<int, ulong>();
        foreach (ZoneTransition transition in root.Transitions)
        {
            if (transition.Change == ZoneChange.Freed)
            {
                freed[transition.Zone] = Math.Max(freed.GetValueOrDefault(transition.Zone), transition.Generation);
            }
        }

        return freed;
    }

    /// <summary>A chunk found sealed on the disk.</summary>
    public void AddSealed(ChunkTail tail)
    {
        ChunkTrailer trailer = tail.Trailer;
        var chunk = new Chunk(trailer.Chunk, trailer.Generation, trailer.Zone, trailer.Class);
        chunk.Seal(trailer);
        state.Chunks.Add(chunk);
        state.Ledger.AddSealed(trailer.Zone);
        foreach ((FormatId id, byte[] bytes) in tail.Formats)
        {
            state.Formats.Add(id, bytes);
        }

        foreach (StreamDirectory stream in tail.Streams)
        {
            state.Streams.Get(stream.Stream).Add(chunk, stream);
        }
    }

    private void FreeTheRest()
    {
        for (int zone = 0; zone < state.Geometry.ZoneCount; zone++)
        {
            if (state.Ledger.StateOf(zone) == ZoneState.Unknown)
            {
                state.Ledger.AddFree(zone);
            }
        }
    }

    /// <summary>Brings the catalog's chunks up to the superblock. Reads the tail of each chunk sealed since.</summary>
    private bool TryReplay(ulong from, SortedDictionary<ulong, (ChunkTail Tail, byte[] Bytes)> tails, List<CatalogChange> changes)
    {
        var toRead = new Dictionary<ulong, int>();
        foreach (ZoneTransition transition in root.Transitions)
        {
            if (transition.Number <= from)
            {
                continue;
            }

            switch (transition.Change)
            {
                case ZoneChange.Sealed:
                    toRead[transition.Generation] = transition.Zone;
                    break;
                case ZoneChange.Freed:
                    toRead.Remove(transition.Generation);
                    tails.Remove(transition.Generation);
                    changes.Add(new CatalogChange(transition.Number, transition.Generation, transition.Zone, Tail: null));
                    break;
                case ZoneChange.Opened:
                    break;
                default:
                    return false;
            }
        }

        foreach ((ulong generation, int zone) in toRead)
        {
            try
            {
                if (state.Footers.ReadTail(zone) is { } read && read.Tail.Trailer.Generation == generation)
                {
                    tails[generation] = read;
                    changes.Add(new CatalogChange(root.LastTransition, generation, zone, read.Bytes));
                }
                else
                {
                    return false;
                }
            }
            catch (DeviceException)
            {
                return false;
            }
        }

        return true;
    }
}
