// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A chunk that holds something of a stream, and from when to when at the most.</summary>
internal readonly record struct ChunkReference(Chunk Chunk, WallRange Wall);

/// <summary>
/// Which chunks hold something of a stream. The latest one is known exactly, because it is being written; those before it are kept as <see cref="ReferenceRun"/>s: 64 bytes for as long as the stream goes on.
/// </summary>
/// <remarks>Not safe for several threads; <see cref="StreamIndex"/> guards it.</remarks>
internal sealed class ReferenceList(ChunkOrders orders)
{
    private readonly List<ReferenceRun> _runs = [];
    private ChunkReference? _latest;

    public bool IsEmpty => _latest is null && _runs.Count == 0;

    /// <summary>Runs that are kept, for tests.</summary>
    public int RunCount => _runs.Count;

    /// <summary>A chunk holds something from then to then. A chunk that comes back after another one is listed twice.</summary>
    public void Add(Chunk chunk, WallRange wall)
    {
        if (_latest is { } latest)
        {
            if (ReferenceEquals(latest.Chunk, chunk))
            {
                _latest = new ChunkReference(chunk, new WallRange(WallTime.Min(latest.Wall.Start, wall.Start), WallTime.Max(latest.Wall.End, wall.End)));
                return;
            }

            Keep(latest);
        }

        // Numbered now, so that the chunks of a head are numbered in the order in which they were begun.
        orders.Of(chunk.Head).NumberOf(chunk);
        _latest = new ChunkReference(chunk, wall);
    }

    /// <summary>Adds a run of chunks that have their numbers already.</summary>
    public void Add(in ReferenceRun run)
    {
        ChunkOrder order = orders.Of(run.Head);
        if (_runs.Count > 0)
        {
            ReferenceRun last = _runs[^1];
            if (last.TryJoin(order.Find(run.First - 1), order.Find(run.First), run))
            {
                _runs[^1] = last;
                return;
            }
        }

        _runs.Add(run);
    }

    /// <summary>The head of the chunk in which the stream was last; <c>null</c> when that is not known any more.</summary>
    public HeadId? LatestHead => _latest?.Chunk.Head ?? (_runs.Count > 0 ? _runs[^1].Head : null);

    /// <summary>All of it as runs.</summary>
    public IReadOnlyList<ReferenceRun> ToRuns()
    {
        if (_latest is { } latest)
        {
            _latest = null;
            Keep(latest);
        }

        return _runs;
    }

    /// <summary>Takes a chunk away.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="wall">The stream's time in it, if its footer told it.</param>
    /// <param name="neighbours">The run it was amid, if it was there once.</param>
    /// <returns>Where its times lay.</returns>
    public List<WallRange> Remove(Chunk chunk, WallRange? wall, out ReferenceRun? neighbours)
    {
        var gone = new List<WallRange>();
        if (_latest is { } latest && ReferenceEquals(latest.Chunk, chunk))
        {
            gone.Add(latest.Wall);
            _latest = null;
        }

        ChunkOrder order = orders.Of(chunk.Head);
        // A chunk that came back after others has been there at two times, and what the footer tells is both of them with all between.
        bool wasThereOnce = gone.Count + _runs.Count(run => run.Has(chunk)) == 1;
        neighbours = null;
        for (int i = _runs.Count - 1; i >= 0; i--)
        {
            ReferenceRun run = _runs[i];
            if (!run.Has(chunk))
            {
                continue;
            }

            gone.Add(run.WallOf(chunk));
            neighbours = wasThereOnce ? run : null;
            (ReferenceRun before, ReferenceRun after) = run.Without(chunk.Order, wasThereOnce ? wall : null, order.Find(chunk.Order - 1), order.Find(chunk.Order + 1));
            _runs.RemoveAt(i);
            if (after.Count > 0)
            {
                _runs.Insert(i, after);
            }

            if (before.Count > 0)
            {
                _runs.Insert(i, before);
            }
        }

        return gone;
    }

    /// <summary>The chunks whose time may overlap <paramref name="range"/>, in no order, and some perhaps twice.</summary>
    public List<ChunkReference> Overlapping(WallRange range)
    {
        var found = new List<ChunkReference>();
        foreach (ReferenceRun run in _runs)
        {
            if (run.Wall.Start < range.End && range.Start < run.Wall.End)
            {
                orders.Of(run.Head).Overlapping(run, range, found);
            }
        }

        if (_latest is { } latest && latest.Wall.Start < range.End && range.Start < latest.Wall.End)
        {
            found.Add(latest);
        }

        return found;
    }

    private void Keep(in ChunkReference reference) =>
        Add(new ReferenceRun(reference.Chunk, orders.Of(reference.Chunk.Head).NumberOf(reference.Chunk), reference.Wall));
}

/// <summary>The order of the chunks of each head.</summary>
internal sealed class ChunkOrders
{
    private readonly ConcurrentDictionary<HeadId, ChunkOrder> _orders = new();

    public ChunkOrder Of(HeadId head) => _orders.GetOrAdd(head, static _ => new ChunkOrder());
}
