// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;

namespace Rookery.Storage;

/// <summary>Every format that a live chunk refers to. A format leaves with the last chunk that needs it, so a camera that changes its parameter sets for ever cannot fill the memory.</summary>
internal sealed class FormatTable
{
    private readonly ConcurrentDictionary<FormatId, Known> _formats = new();

    public ReadOnlyMemory<byte>? Find(FormatId id) => _formats.TryGetValue(id, out Known? known) ? known.Bytes : null;

    /// <summary>A chunk refers to a format, or several do.</summary>
    public void Add(FormatId id, ReadOnlyMemory<byte> bytes, int chunks = 1)
    {
        Known known = _formats.GetOrAdd(id, static (_, b) => new Known(b), bytes);
        known.Chunks += chunks;
    }

    /// <summary>A chunk that referred to it is gone.</summary>
    public void Release(FormatId id)
    {
        if (_formats.TryGetValue(id, out Known? known) && --known.Chunks == 0)
        {
            _formats.TryRemove(id, out _);
        }
    }

    /// <summary>Counted by the disk's thread only.</summary>
    private sealed class Known(ReadOnlyMemory<byte> bytes)
    {
        public ReadOnlyMemory<byte> Bytes => bytes;
        public int Chunks { get; set; }
    }
}
