// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>All chunks that hold footage. Safe for any thread.</summary>
internal sealed class ChunkTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Chunk> _chunks = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _chunks.Count;
            }
        }
    }

    /// <summary>Earliest capture time of all; <c>null</c> when there is nothing.</summary>
    public WallTime? Oldest
    {
        get
        {
            lock (_gate)
            {
                return _chunks.Count == 0 ? null : new WallTime(_chunks.Values.Min(c => c.Wall.Start.Microseconds));
            }
        }
    }

    public void Add(Chunk chunk)
    {
        lock (_gate)
        {
            _chunks[chunk.Id] = chunk;
        }
    }

    public void Remove(Chunk chunk)
    {
        lock (_gate)
        {
            _chunks.Remove(chunk.Id);
        }
    }

    public Chunk? Find(ulong id)
    {
        lock (_gate)
        {
            return _chunks.GetValueOrDefault(id);
        }
    }

    /// <summary>There is footage of a class.</summary>
    public bool Has(RetentionClassId retentionClass)
    {
        lock (_gate)
        {
            return _chunks.Values.Any(c => c.Class == retentionClass.Value);
        }
    }

    /// <summary>Sealed chunks, the one written longest ago first.</summary>
    public List<Chunk> Sealed()
    {
        lock (_gate)
        {
            List<Chunk> result = [.. _chunks.Values.Where(c => c.State == ChunkState.Sealed)];
            result.Sort(static (a, b) => a.CommitNumber.CompareTo(b.CommitNumber));
            return result;
        }
    }
}
