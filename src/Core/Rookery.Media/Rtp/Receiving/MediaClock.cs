// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Rtp;

/// <summary>
/// The media time of one track from its RTP timestamps: unwrapped, and going on where it was when a camera sets its clock to another value
/// in the middle of a session, which would otherwise put hours between two pictures.
/// </summary>
/// <param name="maximumStep">Steps beyond this in either direction are a new clock. In units of the clock rate.</param>
internal struct MediaClock(long maximumStep)
{
    private TimestampUnwrapper _unwrapper;
    private long _offset;
    private long _step;

    /// <summary>Times the clock was found anew.</summary>
    public long Jumps { get; private set; }

    public long Unwrap(uint timestamp)
    {
        if (!_unwrapper.IsStarted)
        {
            return _unwrapper.Unwrap(timestamp);
        }

        long last = _unwrapper.Last;
        long step = _unwrapper.Unwrap(timestamp) - last;
        if (step > maximumStep || step < -maximumStep)
        {
            _offset += _step - step;
            Jumps++;
        }
        else if (step > 0)
        {
            _step = step;
        }

        return _unwrapper.Last + _offset;
    }

    /// <summary>Where a timestamp near the last one lies, without moving on.</summary>
    public readonly long Map(uint timestamp) =>
        (_unwrapper.IsStarted ? TimestampUnwrapper.Nearest(_unwrapper.Last, timestamp) : timestamp) + _offset;
}
