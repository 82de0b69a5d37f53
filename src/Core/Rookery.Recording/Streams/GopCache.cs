// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;

namespace Rookery.Recording;

/// <summary>
/// The access units since the last random access point of the video, so that a viewer starts at once. Shares its bytes with
/// what waits for the next commit; above its limit, and when the pool of blocks is short, it is empty until the next random access point.
/// </summary>
/// <remarks>Used under the hub's lock.</remarks>
internal sealed class GopCache
{
    private readonly List<StreamItem> _items = [];
    private long _bytes;
    private bool _overflowed = true;

    public IReadOnlyList<StreamItem> Items => _items;

    public void Add(in StreamItem item, bool isEntryPoint, long limitBytes)
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

        if (_bytes + item.Unit.Data.Length > limitBytes || item.Unit.Data.Block.IsPoolShort)
        {
            Clear();
            return;
        }

        item.Unit.Data.Block.AddReference();
        _items.Add(item);
        _bytes += item.Unit.Data.Length;
    }

    public void Clear()
    {
        foreach (StreamItem item in _items)
        {
            item.Release();
        }

        _items.Clear();
        _bytes = 0;
        _overflowed = true;
    }
}
