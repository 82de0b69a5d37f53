// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Playback;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>
/// Works out exports, few at a time, and remembers the last ones for a while: a browser asks for the preview, then for the file, then for parts of it. Safe for any thread.
/// </summary>
/// <remarks>
/// A day of video takes up to 55 MB while its export is remembered, so there are at most <see cref="MaximumRemembered"/>. A range that ends in the last seconds
/// may still grow, and is never remembered.
/// </remarks>
internal sealed class Exports(IVideoStore store, TimeProvider clock)
{
    public const int MaximumRemembered = 4;

    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    private readonly record struct Key(ChannelId Channel, WallRange Range, bool WithAudio);

    private readonly record struct Remembered(Key Key, Mp4Export Export, MonotonicTime At);

    private readonly Lock _lock = new();
    // 16 in all, the ones under way included.
    private readonly Turns _turns = new(atOneTime: 2, maximumWaiting: 14);
    private readonly List<Remembered> _remembered = [];

    /// <summary>Downloads at one time: each holds its export until its last byte, however slow its reader is.</summary>
    public Turns Sending { get; } = new(atOneTime: 16, maximumWaiting: 0);

    /// <returns>The export, <c>null</c> when nothing is recorded in the range; and whether there was a turn at all.</returns>
    public async ValueTask<(bool HadTurn, Mp4Export? Export)> PrepareAsync(ChannelId channel, WallRange range, bool withAudio, CancellationToken cancellation)
    {
        Key key = new(channel, range, withAudio);
        if (Find(key) is { } known)
        {
            return (true, known);
        }

        if (!await _turns.TryBeginAsync(cancellation))
        {
            return (false, null);
        }

        try
        {
            if (Find(key) is { } made)
            {
                return (true, made);
            }

            PlaybackRequest request = new() { Channel = channel, Range = range, IncludeAudio = withAudio };
            Mp4Export? export = await Mp4Export.PrepareAsync(store, request, cancellation);
            Remember(key, export);
            return (true, export);
        }
        finally
        {
            _turns.End();
        }
    }

    private Mp4Export? Find(Key key)
    {
        lock (_lock)
        {
            MonotonicTime now = MonotonicTime.Now(clock);
            _remembered.RemoveAll(entry => now - entry.At > RememberedFor);
            int place = _remembered.FindIndex(entry => entry.Key == key);
            return place < 0 ? null : _remembered[place].Export;
        }
    }

    private void Remember(Key key, Mp4Export? export)
    {
        if (export is null || key.Range.End + Settling > WallTime.Now(clock))
        {
            return;
        }

        lock (_lock)
        {
            if (_remembered.Count >= MaximumRemembered)
            {
                _remembered.RemoveAt(0);
            }

            _remembered.Add(new Remembered(key, export, MonotonicTime.Now(clock)));
        }
    }
}
