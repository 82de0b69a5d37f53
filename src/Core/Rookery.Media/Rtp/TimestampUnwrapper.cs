// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>Turns 32-bit RTP timestamps into 64-bit media time. The low 32 bits of what it gives are the timestamp.</summary>
/// <remarks>A step of less than 2^31 in either direction is taken as it is: 6.6 hours at 90 kHz, half a day at 48 kHz.</remarks>
public struct TimestampUnwrapper
{
    private long _last;
    private bool _started;

    /// <summary>Whether a timestamp was seen.</summary>
    public readonly bool IsStarted => _started;

    /// <summary>The media time given last.</summary>
    public readonly long Last => _last;

    /// <summary>The media time of <paramref name="timestamp"/>; the one that came before is the reference for the next.</summary>
    public long Unwrap(uint timestamp)
    {
        _last = _started ? Nearest(_last, timestamp) : timestamp;
        _started = true;
        return _last;
    }

    /// <summary>The value next to <paramref name="reference"/> whose low 32 bits are <paramref name="timestamp"/>.</summary>
    public static long Nearest(long reference, uint timestamp) => reference + (int)(timestamp - (uint)reference);
}
