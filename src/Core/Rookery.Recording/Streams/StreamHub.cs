// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;

namespace Rookery.Recording;

/// <summary>
/// Hands the access units of one stream to any number of readers: live viewers, snapshot, motion. One publisher, which never waits.
/// Recording does not read here: it is fed first, by the same publisher, so that no viewer can come between camera and disk.
/// </summary>
public sealed class StreamHub
{
    /// <summary>Bytes of a GOP held in memory while nobody watches, 1 MiB: far more than waits for its commit, and all there is where nothing is recorded.</summary>
    public const long IdleCacheBytes = 1 << 20;

    /// <summary>Bytes of a GOP held in memory while somebody watches, and known at all, 16 MiB: 8 s of 16 Mbit/s.</summary>
    public const long WatchedCacheBytes = 16 << 20;

    /// <summary>Readers of one stream at most; one more is refused.</summary>
    public const int MaximumReaders = 256;

    private readonly Lock _lock = new();
    private readonly List<StreamReader> _readers = [];
    private readonly GopCache _cache = new();
    private readonly TrackFormat?[] _formats = new TrackFormat?[byte.MaxValue];
    private int _session;
    private bool _hasVideo;
    private volatile int _readerCount;
    private bool _closed;

    /// <summary>How many read now.</summary>
    public int ReaderCount => _readerCount;

    /// <summary>The formats known in the present session by track; <c>null</c> where not yet known.</summary>
    public TrackFormat? Format(int track)
    {
        lock (_lock)
        {
            return _formats[track];
        }
    }

    /// <summary>Begins to read, with the present GOP at once, but for <see cref="StreamReader.Missing"/>, which the caller gets from the store.</summary>
    /// <returns><c>null</c> when <see cref="MaximumReaders"/> read already, or the stream is closed.</returns>
    internal StreamReader? TrySubscribe()
    {
        lock (_lock)
        {
            if (_closed || _readers.Count >= MaximumReaders)
            {
                return null;
            }

            (MissingPart? missing, StreamItem[] held) = _cache.Share();
            StreamReader reader = new(this, missing, held);
            _readers.Add(reader);
            _readerCount = _readers.Count;
            return reader;
        }
    }

    /// <summary>A new session of the camera: formats and media time begin anew.</summary>
    internal void BeginSession(bool hasVideo)
    {
        lock (_lock)
        {
            _session++;
            _hasVideo = hasVideo;
            _cache.Clear();
            Array.Clear(_formats);
        }
    }

    internal void SetFormat(int track, TrackFormat format)
    {
        lock (_lock)
        {
            _formats[track] = format;
        }
    }

    /// <param name="track">Index of the track.</param>
    /// <param name="unit">The access unit.</param>
    /// <param name="wall">When it was captured.</param>
    /// <param name="place">Its place in the run that records it.</param>
    internal void Publish(int track, in AccessUnit unit, WallTime wall, long place = GopCache.NotRecorded)
    {
        lock (_lock)
        {
            if (_formats[track] is not { } format)
            {
                return;
            }

            StreamItem item = new(_session, track, format, unit, wall);
            bool isEntryPoint = IsEntryPoint(item);
            _cache.Add(item, place, isEntryPoint, _readers.Count > 0 ? WatchedCacheBytes : IdleCacheBytes);
            foreach (StreamReader reader in _readers)
            {
                reader.Offer(item, isEntryPoint);
            }
        }
    }

    /// <summary>While nobody watches, what the disk has need not be in memory too.</summary>
    internal void LetGo(ReadOnlySpan<TrackRecording> recordings)
    {
        lock (_lock)
        {
            if (_readers.Count == 0)
            {
                _cache.LetGo(recordings);
            }
        }
    }

    /// <summary>A reader could not get what it missed: it begins at the next random access point.</summary>
    internal void BeginAnew(StreamReader reader)
    {
        lock (_lock)
        {
            reader.SkipToEntryPoint();
        }
    }

    /// <summary>The session is over; what it left must not be shown as live.</summary>
    internal void EndSession()
    {
        lock (_lock)
        {
            _cache.Clear();
        }
    }

    /// <summary>No more sessions: every reader comes to its end.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            _closed = true;
            _cache.Clear();
            foreach (StreamReader reader in _readers)
            {
                reader.Complete();
            }
        }
    }

    internal void Unsubscribe(StreamReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
            _readerCount = _readers.Count;
        }
    }

    private bool IsEntryPoint(in StreamItem item) =>
        _hasVideo ? item.Track == 0 && item.Unit.IsRandomAccess : item.Unit.IsRandomAccess;
}
