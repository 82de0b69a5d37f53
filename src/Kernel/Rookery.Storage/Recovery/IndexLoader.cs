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

    /// <summary>Brings the catalog up to the superblock, so that it can be loaded.</summary>
    /// <returns><c>null</c> when it is stale, foreign or damaged.</returns>
    public CatalogLoader? TryBegin(Catalog catalog)
    {
        var tails = new SortedDictionary<ulong, ChunkTail>();
        var freed = new HashSet<ulong>();
        var changes = new List<CatalogChange>();
        if (catalog.Position(root.Disk) is not { } position
            || position.OpenEpoch > root.OpenEpoch + 1
            || position.Transition > root.LastTransition
            || (root.Transitions.Count == 0 ? root.LastTransition : root.Transitions[0].Number - 1) > position.Transition
            || !TryReplay(position.Transition, tails, freed, changes))
        {
            return null;
        }

        // Before the store's own changes come: the catalog takes only what follows what it has.
        catalog.Apply(new CatalogBatch(position.Transition, root.LastTransition, changes));
        catalog.SetEpoch(state.Ledger.OpenEpoch);
        return new CatalogLoader(state, this, root, freed, tails);
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
        Chunk chunk = AddChunk(tail.Trailer);
        foreach ((FormatId id, byte[] bytes) in tail.Formats)
        {
            state.Formats.Add(id, bytes);
        }

        foreach (StreamDirectory stream in tail.Streams)
        {
            state.Streams.Get(stream.Stream).Add(chunk, stream);
        }
    }

    /// <summary>The chunk alone; its streams follow.</summary>
    public Chunk AddChunk(in ChunkTrailer trailer)
    {
        var chunk = new Chunk(trailer.Chunk, trailer.Generation, trailer.Zone, trailer.Class);
        chunk.Seal(trailer);
        state.Chunks.Add(chunk);
        state.Ledger.AddSealed(trailer.Zone);
        return chunk;
    }

    /// <summary>Every zone that nothing is known of is free.</summary>
    public void FreeTheRest()
    {
        for (int zone = 0; zone < state.Geometry.ZoneCount; zone++)
        {
            if (state.Ledger.StateOf(zone) == ZoneState.Unknown)
            {
                state.Ledger.AddFree(zone);
            }
        }
    }

    /// <summary>What happened since the catalog was written. Reads the tail of each chunk sealed since.</summary>
    private bool TryReplay(ulong from, SortedDictionary<ulong, ChunkTail> tails, HashSet<ulong> freed, List<CatalogChange> changes)
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
                    freed.Add(transition.Generation);
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
                    tails[generation] = read.Tail;
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
