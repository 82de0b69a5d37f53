// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Threading.Channels;

namespace Rookery.Recording;

/// <summary>
/// A reader's end of a <see cref="StreamHub"/>. A reader that cannot follow loses access units up to the next random access point;
/// the publisher never waits for it.
/// </summary>
/// <remarks>Written by the publisher's thread, read by one task.</remarks>
public sealed class StreamReader : IDisposable
{
    /// <summary>
    /// Access units that may wait, 512: about 6 s of 25 pictures and 47 AAC frames a second. When the block pool is short, none is added: recording comes first.
    /// </summary>
    public const int Capacity = 512;

    private readonly StreamHub _hub;
    private readonly Channel<StreamItem> _queue = Channel.CreateBounded<StreamItem>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private StreamItem[] _beginning;
    private int _begun;
    private bool _waitsForRandomAccess;
    private long _skipped;

    /// <param name="hub">Where it reads.</param>
    /// <param name="missing">What comes before everything else and is not in memory.</param>
    /// <param name="held">What comes then, references included. Not in the queue, because a group of pictures may be longer than that.</param>
    internal StreamReader(StreamHub hub, MissingPart? missing, StreamItem[] held)
    {
        _hub = hub;
        _beginning = held;
        Missing = missing;
    }

    /// <summary>Access units this reader lost because it was too slow.</summary>
    public long Skipped => Interlocked.Read(ref _skipped);

    /// <summary>What comes before everything else and is not in memory; <c>null</c> when there is nothing of the kind. Given with <see cref="Begin"/>.</summary>
    internal MissingPart? Missing { get; }

    /// <summary>Waits for access units; <c>false</c> when the hub was closed.</summary>
    public ValueTask<bool> WaitToReadAsync(CancellationToken cancellation) =>
        _begun < _beginning.Length ? new(true) : _queue.Reader.WaitToReadAsync(cancellation);

    /// <summary>The next access unit, in the order in which they were published. Release it.</summary>
    public bool TryRead(out StreamItem item)
    {
        if (_begun == _beginning.Length)
        {
            return _queue.Reader.TryRead(out item);
        }

        item = _beginning[_begun++];
        if (_begun == _beginning.Length)
        {
            // A viewer stays for hours: it need not keep the list so long.
            (_beginning, _begun) = ([], 0);
        }

        return true;
    }

    public void Dispose()
    {
        _hub.Unsubscribe(this);
        Complete();
        while (TryRead(out StreamItem item))
        {
            item.Release();
        }
    }

    /// <summary>Gives what was missing, references included; <c>null</c> when it cannot be had. Before the first read.</summary>
    internal void Begin(StreamItem[]? beginning)
    {
        if (beginning is null)
        {
            _hub.BeginAnew(this);
            return;
        }

        _beginning = [.. beginning, .. _beginning];
    }

    /// <summary>Drops what waits. Called under the hub's lock, by the task that reads.</summary>
    internal void SkipToEntryPoint()
    {
        _waitsForRandomAccess = true;
        while (TryRead(out StreamItem item))
        {
            item.Release();
            Interlocked.Increment(ref _skipped);
        }
    }

    internal void Complete() => _queue.Writer.TryComplete();

    /// <summary>Offers an item; adds a reference when it is taken. Called under the hub's lock.</summary>
    internal void Offer(in StreamItem item, bool isEntryPoint)
    {
        if ((_waitsForRandomAccess && !isEntryPoint) || item.Unit.Data.Block.Pool.IsShort)
        {
            _waitsForRandomAccess = true;
            Interlocked.Increment(ref _skipped);
            return;
        }

        item.Unit.Data.Block.AddReference();
        if (_queue.Writer.TryWrite(item))
        {
            _waitsForRandomAccess = false;
            return;
        }

        item.Release();
        _waitsForRandomAccess = true;
        Interlocked.Increment(ref _skipped);
    }
}
