// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;
using Rookery.Foundation;
using Rookery.Media;

namespace Rookery.Recording;

/// <summary>
/// The access units since the last random access point of the video, so that a viewer starts at once. Shares its bytes with what waits for the next commit; while nobody
/// watches it lets go of what the disk has, and only remembers what that was. Above its limit, and when the pool of blocks is short, it is empty until the next random access point.
/// </summary>
/// <remarks>
/// What was let go is always the oldest part, so what is held can follow what is read back. Used under the hub's lock. Reading back: <see cref="GopReader"/>.
/// </remarks>
internal sealed class GopCache
{
    /// <summary>The place of an access unit that no run has.</summary>
    public const long NotRecorded = -1;

    /// <summary>Access units known at most, 4096: a minute of 25 pictures and 47 AAC frames a second. Bytes alone would not bound a camera that sends tiny ones and no random access point.</summary>
    public const int MaximumItems = 4096;

    /// <summary>In order of arrival; the first <see cref="_gone"/> without their bytes.</summary>
    private readonly List<StreamItem> _items = [];
    private readonly List<long> _places = [];
    private int _gone;
    private long _heldBytes;
    private long _bytes;
    private bool _overflowed = true;

    /// <summary>What is in memory, which is the newest part.</summary>
    private ReadOnlySpan<StreamItem> Held => CollectionsMarshal.AsSpan(_items)[_gone..];

    /// <summary>A copy of all for one reader: what was let go, without bytes (<c>null</c> when that is nothing), and what is in memory, with a reference each. Nothing when memory is short.</summary>
    public (MissingPart? Missing, StreamItem[] Held) Share()
    {
        if (_items.Count == 0 || _items[^1].Unit.Data.Block.Pool.IsShort)
        {
            return (null, []);
        }

        foreach (StreamItem item in Held)
        {
            item.Unit.Data.Block.AddReference();
        }

        return (_gone == 0 ? null : new([.. _items[.._gone]], _items[_gone].Unit.Data.Block.Pool), Held.ToArray());
    }

    public void Add(in StreamItem item, long place, bool isEntryPoint, long limitBytes)
    {
        if (isEntryPoint)
        {
            Clear();
            _overflowed = false;
        }

        if (_overflowed)
        {
            return;
        }

        int length = item.Unit.Data.Length;
        bool isFull = _heldBytes + length > limitBytes || _bytes + length > StreamHub.WatchedCacheBytes || _items.Count == MaximumItems;
        if (isFull || item.Unit.Data.Block.Pool.IsShort)
        {
            Clear();
            return;
        }

        item.Unit.Data.Block.AddReference();
        _items.Add(item);
        _places.Add(place);
        _heldBytes += length;
        _bytes += length;
    }

    /// <summary>Lets go of the oldest part as far as it is durable, but for the newest access unit.</summary>
    /// <param name="recordings">What records the tracks.</param>
    public void LetGo(ReadOnlySpan<TrackRecording> recordings)
    {
        while (_gone < _items.Count - 1)
        {
            StreamItem item = _items[_gone];
            if (_places[_gone] == NotRecorded || item.Track >= recordings.Length || !(recordings[item.Track].Durable?.Samples > _places[_gone]))
            {
                return;
            }

            _heldBytes -= item.Unit.Data.Length;
            _items[_gone++] = item with { Unit = item.Unit with { Data = item.Unit.Data with { Block = null! } } };
            item.Release();
        }
    }

    public void Clear()
    {
        foreach (StreamItem item in Held)
        {
            item.Release();
        }

        _items.Clear();
        _places.Clear();
        _gone = 0;
        _heldBytes = 0;
        _bytes = 0;
        _overflowed = true;
    }
}

/// <summary>The beginning of a group of pictures that only the store has.</summary>
/// <param name="Items">In order of arrival; their slices have a length, and no block.</param>
/// <param name="Pool">Where blocks for it come from.</param>
internal sealed record MissingPart(StreamItem[] Items, BlockPool Pool);
