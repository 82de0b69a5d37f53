// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>
/// Derives decode times from presentation times as they come in decoding order, without looking ahead: with a reorder depth of N the decode
/// time of a picture is the smallest of the last N + 1 presentation times not yet given. Those grow strictly, and none is above the
/// presentation time of its picture.
/// </summary>
/// <remarks>
/// The first N pictures have no such time and are placed before the first one at the nominal frame distance; decode times may start below
/// zero. Also learns how deep a stream that does not say really reorders.
/// </remarks>
internal sealed class DecodeTimes
{
    /// <summary>The decoded picture buffer of H.264 and H.265 never holds more than 16 pictures.</summary>
    public const int MaximumDepth = 16;

    /// <summary>More than this is not believed without being told: it is a clock that was set back a little. B-pyramids of encoders need 2.</summary>
    private const int LearnableDepth = 4;

    private readonly long[] _waiting = new long[MaximumDepth + 1];
    private readonly long[] _recent = new long[MaximumDepth];
    private int _waitingCount;
    private int _recentCount;
    private int _depth;
    private long _frameDistance = 3000;
    private long _pause;
    private long _start;
    private int _sinceStart;
    private long _newest = long.MinValue;

    /// <summary>Pictures that were seen to precede another in decoding order and follow it in output order.</summary>
    public int ObservedDepth { get; private set; }

    /// <summary>Takes the format of what follows.</summary>
    public void Configure(TrackFormat format)
    {
        int depth = Math.Clamp(format.ReorderDepth, 0, MaximumDepth);
        _frameDistance = format.NominalFrameRate > 0 ? Math.Max(1, (long)(format.Timescale / format.NominalFrameRate)) : format.Timescale / 30;
        _pause = Math.Max(format.Timescale, 2 * (depth + 1) * _frameDistance);
        if (depth != _depth)
        {
            _depth = depth;
            _sinceStart = 0;
        }
    }

    public long Next(long presentationTime)
    {
        Observe(presentationTime);
        if (_depth == 0)
        {
            return presentationTime;
        }

        // Times from before a pause would make the pictures after it wait as long as the pause was.
        if (_sinceStart == 0 || Math.Abs(presentationTime - _newest) > _pause)
        {
            _start = presentationTime;
            _sinceStart = 0;
            _waitingCount = 0;
        }

        _newest = presentationTime;
        Insert(presentationTime);
        if (_sinceStart < _depth)
        {
            return Math.Min(_start - ((_depth - _sinceStart++) * _frameDistance), presentationTime);
        }

        long smallest = _waiting[0];
        _waitingCount--;
        Array.Copy(_waiting, 1, _waiting, 0, _waitingCount);
        return smallest;
    }

    private void Insert(long time)
    {
        int at = _waitingCount++;
        while (at > 0 && _waiting[at - 1] > time)
        {
            _waiting[at] = _waiting[at - 1];
            at--;
        }

        _waiting[at] = time;
    }

    private void Observe(long time)
    {
        if (_recentCount > 0 && time < _recent[0] && _recent[0] - time < _pause)
        {
            int later = 0;
            for (int i = 0; i < _recentCount; i++)
            {
                later += _recent[i] > time ? 1 : 0;
            }

            ObservedDepth = later > LearnableDepth ? ObservedDepth : Math.Max(ObservedDepth, later);
        }

        // Newest first only where it matters: _recent[0] is the latest presentation time, the others come in any order.
        if (_recentCount < _recent.Length)
        {
            _recentCount++;
        }

        Array.Copy(_recent, 0, _recent, 1, _recentCount - 1);
        if (_recentCount > 1 && _recent[1] > time)
        {
            _recent[0] = _recent[1];
            _recent[1] = time;
        }
        else
        {
            _recent[0] = time;
        }
    }
}
