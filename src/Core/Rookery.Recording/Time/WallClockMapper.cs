// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Recording;

/// <summary>What happened to the mapping at an access unit.</summary>
public enum ClockEvent : byte
{
    None = 0,

    /// <summary>The wall time stepped forward over more than the rate limit allows, or runs at half speed now because it was ahead: shown as a loss.</summary>
    Jumped,

    /// <summary>Our own clock was set back by more than <see cref="WallClockMapper.SetBackLimit"/>: begin anew with another mapper.</summary>
    SetBack,
}

/// <summary>
/// Maps the media time of one track to UTC. Follows the camera's sender reports where its clock is near ours, and the arrival of its packets where it is not,
/// or before the first report. Design page: docs/design/rtsp.md, "Wall time".
/// </summary>
/// <remarks>
/// Invariants: 1. The wall time grows with every access unit. 2. It runs at the camera's rate ± <see cref="MaxSlewPartsPerMillion"/>, but for a jump.
/// 3. A jump comes only where the target is more than <see cref="JumpLimit"/> away; ahead it is made at once, back by running at half speed, because going back would break 1.
/// 4. Where that would last longer than two minutes (<see cref="SetBackLimit"/>) each access unit says so, and the caller ends the session.
/// Pure; one per track; called on the session's thread.
/// </remarks>
/// <param name="timescale">Units of media time in a second.</param>
/// <param name="trustLimit">How far a camera's clock may be off ours to be believed.</param>
public sealed class WallClockMapper(int timescale, TimeSpan trustLimit)
{
    /// <summary>Far above the 100 ppm of bad quartzes, far below what an eye or an ear notices.</summary>
    public const int MaxSlewPartsPerMillion = 500;

    /// <summary>2 s: NTP keeps a camera within 0.1 s; a camera further off has no NTP.</summary>
    public static readonly TimeSpan DefaultTrustLimit = TimeSpan.FromSeconds(2);

    /// <summary>Beyond it slewing would take more than half an hour.</summary>
    public static readonly TimeSpan JumpLimit = TimeSpan.FromSeconds(1);

    /// <summary>One minute: footage with a wrong time for longer is worse than the second that a new session costs.</summary>
    public static readonly TimeSpan SetBackLimit = TimeSpan.FromMinutes(1);

    private const long JumpMicros = 1_000_000;
    private const long SetBackMicros = 60_000_000;

    private readonly ArrivalClock _arrivals = new();
    private readonly long _trustMicros = trustLimit.Ticks / TimeSpan.TicksPerMicrosecond;
    private bool _started;
    private bool _hasReport;
    private bool _goingBack;
    private long _reportOffset;
    private long _offset;
    private long _slewRemainder;
    private long _lastMedia;
    private long _lastWall;

    /// <summary>Parts per million, positive when the camera is fast; <c>null</c> in the first two minutes.</summary>
    public double? DriftPartsPerMillion { get; private set; }

    /// <summary>Whether the camera's own clock is followed.</summary>
    public bool FollowsSender { get; private set; }

    /// <summary>Takes a sender report.</summary>
    /// <param name="mediaTime">The report's RTP time as media time.</param>
    /// <param name="sender">The camera's clock at that media time.</param>
    public void OnSenderReport(long mediaTime, WallTime sender)
    {
        _hasReport = true;
        _reportOffset = sender.Microseconds - ToMicros(mediaTime);
    }

    /// <summary>The wall time of an access unit.</summary>
    /// <param name="decodeTime">What is mapped: it grows, also where pictures are reordered.</param>
    /// <param name="presentationTime">What is compared with the arrival: sender reports mean it too, and it comes from the camera, while decode times are our own guess.</param>
    /// <param name="arrival">When it was complete here.</param>
    /// <param name="clockEvent">Whether the mapping jumped.</param>
    public WallTime Map(long decodeTime, long presentationTime, WallTime arrival, out ClockEvent clockEvent)
    {
        long media = ToMicros(decodeTime);
        if (_arrivals.Observe(ToMicros(presentationTime), arrival.Microseconds))
        {
            DriftPartsPerMillion = _arrivals.Drift() ?? DriftPartsPerMillion;
        }

        clockEvent = ClockEvent.None;
        long target = Target();
        if (!_started)
        {
            _started = true;
            _offset = target;
            _lastMedia = media;
            _lastWall = media + target - 1;
        }

        clockEvent = Approach(target, Math.Max(0, media - _lastMedia));
        _lastMedia = Math.Max(_lastMedia, media);
        _lastWall = Math.Max(_lastWall + 1, media + _offset);
        return new WallTime(_lastWall);
    }

    /// <summary>Where the offset should be: by the report when that agrees with the arrival, else by the arrival.</summary>
    private long Target()
    {
        long byArrival = _arrivals.OffsetMicros;
        if (!_hasReport)
        {
            return byArrival;
        }

        // Once lost, trust comes back only well inside the limit, lest the source of time flutter.
        long limit = FollowsSender || !_started ? _trustMicros : _trustMicros / 2;
        FollowsSender = Math.Abs(_reportOffset - byArrival) <= limit;
        return FollowsSender ? _reportOffset : byArrival;
    }

    private ClockEvent Approach(long target, long elapsed)
    {
        long error = target - _offset;
        if (error > JumpMicros)
        {
            _goingBack = false;
            _offset = target;
            return ClockEvent.Jumped;
        }

        if (error < -JumpMicros || (_goingBack && error < 0))
        {
            ClockEvent begun = error < -SetBackMicros ? ClockEvent.SetBack : _goingBack ? ClockEvent.None : ClockEvent.Jumped;
            _goingBack = true;
            _offset += Math.Max(error, -elapsed / 2);
            return begun;
        }

        _goingBack = false;
        long budget = (elapsed * MaxSlewPartsPerMillion) + _slewRemainder;
        long step = budget / 1_000_000;
        _slewRemainder = budget % 1_000_000;
        _offset += Math.Clamp(error, -step, step);
        return ClockEvent.None;
    }

    /// <summary>Whole seconds and the rest apart: a product of 64-bit media time and a million would overflow after 28 hours at 90 kHz.</summary>
    private long ToMicros(long mediaTime)
    {
        (long seconds, long rest) = Math.DivRem(mediaTime, (long)timescale);
        return (seconds * 1_000_000) + (rest * 1_000_000 / timescale);
    }
}
