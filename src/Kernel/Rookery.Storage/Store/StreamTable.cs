// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;

namespace Rookery.Storage;

/// <summary>The index of every stream. Safe for any thread.</summary>
internal sealed class StreamTable
{
    private readonly ConcurrentDictionary<StreamId, StreamIndex> _streams = new();
    private readonly ChunkOrders _orders = new();

    /// <summary>Streams with at least one durable record or gap.</summary>
    public IReadOnlyCollection<StreamId> Ids => [.. _streams.Where(s => !s.Value.IsEmpty).Select(s => s.Key)];

    public StreamIndex? Find(StreamId stream) => _streams.GetValueOrDefault(stream);

    public StreamIndex Get(StreamId stream) => _streams.GetOrAdd(stream, static (_, orders) => new StreamIndex(orders), _orders);

    /// <summary>The order of the chunks of each head.</summary>
    public ChunkOrders Orders => _orders;

    /// <summary>A chunk whose directory cannot be read is gone: takes away what each stream knows of it.</summary>
    public void Remove(Chunk chunk)
    {
        foreach (StreamIndex stream in _streams.Values)
        {
            stream.Remove(chunk);
        }
    }
}
