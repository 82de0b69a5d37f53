// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>All chunks that hold footage. Safe for any thread.</summary>
internal sealed class ChunkTable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Chunk> _chunks = [];

    /// <summary>Unknown after the chunk that held it was removed, until somebody asks.</summary>
    private WallTime? _oldest;
    private int _degraded;

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

    /// <summary>
    /// Earliest capture time of all; <c>null</c> when there is nothing. Each channel asks for the status several times a second, and a large disk has 60,000 chunks: they are gone
    /// through only once after the oldest was freed.
    /// </summary>
    public WallTime? Oldest
    {
        get
        {
            lock (_gate)
            {
                return _oldest ??= _chunks.Values.Where(HasFootage).Select(c => (WallTime?)c.Wall.Start).Min();
            }
        }
    }

    public void Add(Chunk chunk)
    {
        lock (_gate)
        {
            if (_chunks.Remove(chunk.Generation, out Chunk? before))
            {
                CountOut(before);
            }

            _chunks[chunk.Generation] = chunk;
            CountIn(chunk);
        }

        Extended(chunk);
    }

    /// <summary>A chunk became known, or holds more than before.</summary>
    public void Extended(Chunk chunk)
    {
        lock (_gate)
        {
            if (HasFootage(chunk) && _oldest is { } oldest)
            {
                _oldest = WallTime.Min(oldest, chunk.Wall.Start);
            }
        }
    }

    public void Remove(Chunk chunk)
    {
        lock (_gate)
        {
            if (_chunks.Remove(chunk.Generation, out Chunk? removed))
            {
                CountOut(removed);
            }

            _oldest = chunk.Wall.Start <= _oldest ? null : _oldest;
        }
    }

    /// <summary>It was put here before its first frame was counted, and then holds nothing yet.</summary>
    private static bool HasFootage(Chunk chunk) => chunk.Wall != default;

    public Chunk? Find(ulong generation)
    {
        lock (_gate)
        {
            return _chunks.GetValueOrDefault(generation);
        }
    }

    /// <summary>Chunks with a column that is nowhere. Kept, not counted: it is asked for with each status.</summary>
    public int DegradedCount
    {
        get
        {
            lock (_gate)
            {
                return _degraded;
            }
        }
    }

    /// <summary>A column of a chunk was lost, found or rebuilt.</summary>
    public void SetColumn(Chunk chunk, int column, ColumnPlace place)
    {
        lock (_gate)
        {
            bool isKnown = ReferenceEquals(_chunks.GetValueOrDefault(chunk.Generation), chunk);
            if (isKnown)
            {
                CountOut(chunk);
            }

            chunk.SetColumn(column, place);
            if (isKnown)
            {
                CountIn(chunk);
            }
        }
    }

    /// <summary>What shares chunks. Changed by the pool's thread, which alone may ask.</summary>
    public PairCounts Pairs { get; } = new();

    private void CountIn(Chunk chunk)
    {
        _degraded += chunk.IsWhole ? 0 : 1;
        Pairs.Add(DisksOf(chunk, stackalloc int[ChunkLayout.MaximumDataColumns + ChunkLayout.MaximumParityColumns]));
    }

    private void CountOut(Chunk chunk)
    {
        _degraded -= chunk.IsWhole ? 0 : 1;
        Pairs.Remove(DisksOf(chunk, stackalloc int[ChunkLayout.MaximumDataColumns + ChunkLayout.MaximumParityColumns]));
    }

    /// <summary>The disks of the columns that are somewhere.</summary>
    private static ReadOnlySpan<int> DisksOf(Chunk chunk, Span<int> disks)
    {
        int count = 0;
        foreach (ColumnPlace place in chunk.Columns)
        {
            if (!place.IsNone)
            {
                disks[count++] = place.Disk;
            }
        }

        return disks[..count];
    }

    /// <summary>Every chunk, open or sealed.</summary>
    public List<Chunk> All()
    {
        lock (_gate)
        {
            return [.. _chunks.Values];
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

    /// <summary>The sealed chunk with the lowest place, found in one pass; <c>null</c> when none has any. A large pool has 400,000 chunks, and the next to go is asked for at each that goes.</summary>
    /// <param name="placeOf">The place of a chunk; <c>null</c> for one that does not count.</param>
    public Chunk? FirstSealed(Func<Chunk, RetentionRule.Place?> placeOf)
    {
        lock (_gate)
        {
            (Chunk Chunk, RetentionRule.Place Place)? first = null;
            foreach (Chunk chunk in _chunks.Values)
            {
                if (chunk.State == ChunkState.Sealed && placeOf(chunk) is { } place && (first is not { } f || place.CompareTo(f.Place) < 0))
                {
                    first = (chunk, place);
                }
            }

            return first?.Chunk;
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
