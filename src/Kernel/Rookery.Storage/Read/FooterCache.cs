// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// Parsed tails and record entries of sealed chunks, least recently used out first, bounded in bytes. A key is a chunk's generation, which is never used twice, so nothing
/// in here can go stale. Safe for any thread.
/// </summary>
internal sealed class FooterCache(long budgetBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(ulong Generation, ulong Stream, bool IsTail), LinkedListNode<Item>> _items = [];
    private readonly LinkedList<Item> _order = new();
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public ChunkTail? FindTail(ulong generation) => Find((generation, 0, true)) as ChunkTail;

    public byte[]? FindEntries(ulong generation, StreamId stream) => Find((generation, stream.Value, false)) as byte[];

    public void AddTail(ulong generation, ChunkTail tail) => Add((generation, 0, true), tail, tail.EstimatedBytes);

    public void AddEntries(ulong generation, StreamId stream, byte[] entries) => Add((generation, stream.Value, false), entries, entries.Length + 128);

    private object? Find((ulong, ulong, bool) key)
    {
        lock (_gate)
        {
            if (!_items.TryGetValue(key, out LinkedListNode<Item>? node))
            {
                return null;
            }

            _order.Remove(node);
            _order.AddFirst(node);
            return node.Value.Content;
        }
    }

    private void Add((ulong, ulong, bool) key, object content, long bytes)
    {
        if (bytes > budgetBytes)
        {
            return;
        }

        lock (_gate)
        {
            if (_items.ContainsKey(key))
            {
                return;
            }

            _items.Add(key, _order.AddFirst(new Item(key, content, bytes)));
            _bytes += bytes;
            while (_bytes > budgetBytes)
            {
                Item oldest = _order.Last!.Value;
                _order.RemoveLast();
                _items.Remove(oldest.Key);
                _bytes -= oldest.Bytes;
            }
        }
    }

    private readonly record struct Item((ulong, ulong, bool) Key, object Content, long Bytes);
}
