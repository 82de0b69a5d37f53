// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>What a snapshot is remembered by.</summary>
/// <param name="Channel">The camera.</param>
/// <param name="Instant">Rounded: see <see cref="SnapshotEndpoints"/>.</param>
/// <param name="Width">Pixels; <c>null</c> for the camera's own size.</param>
internal readonly record struct SnapshotKey(ChannelId Channel, WallTime Instant, int? Width);

/// <summary>The last pictures, up to <see cref="MaximumBytes"/>: scrubbing to and fro asks for the same ones. Safe for any thread.</summary>
internal sealed class SnapshotCache
{
    /// <summary>16 MiB: a thousand thumbnails.</summary>
    public const int MaximumBytes = 16 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<SnapshotKey, LinkedListNode<(SnapshotKey Key, byte[] Jpeg)>> _byKey = [];
    private readonly LinkedList<(SnapshotKey Key, byte[] Jpeg)> _byUse = new();
    private int _bytes;

    public byte[]? Find(SnapshotKey key)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(key, out LinkedListNode<(SnapshotKey Key, byte[] Jpeg)>? node))
            {
                return null;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value.Jpeg;
        }
    }

    public void Add(SnapshotKey key, byte[] jpeg)
    {
        lock (_lock)
        {
            if (jpeg.Length > MaximumBytes / 4 || _byKey.ContainsKey(key))
            {
                return;
            }

            _byKey[key] = _byUse.AddFirst((key, jpeg));
            _bytes += jpeg.Length;
            while (_bytes > MaximumBytes)
            {
                (SnapshotKey oldest, byte[] dropped) = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _byKey.Remove(oldest);
                _bytes -= dropped.Length;
            }
        }
    }
}
