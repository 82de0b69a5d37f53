// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Farm.Cameras;

/// <summary>
/// The clock inside a camera: it runs too fast or too slow by a settable number of parts per million, and may be set wrong. Both the pace of the pictures and the
/// wall-clock time in its sender reports come from it, as in a camera that has no time server.
/// </summary>
public sealed class CameraClock
{
    private MonotonicTime _anchor;
    private long _anchorMediaNanoseconds;
    private WallTime _anchorWall;

    /// <param name="now">The present.</param>
    /// <param name="wall">The present in UTC.</param>
    /// <param name="phase">Media time of the camera now: where in its clip it begins.</param>
    public CameraClock(MonotonicTime now, WallTime wall, TimeSpan phase)
    {
        _anchor = now;
        _anchorWall = wall;
        _anchorMediaNanoseconds = phase.Ticks * 100;
    }

    /// <summary>Parts per million; positive runs fast.</summary>
    public double DriftPpm { get; private set; }

    /// <summary>What the camera's wall clock is wrong by; positive is ahead of UTC.</summary>
    public TimeSpan Offset { get; set; }

    /// <summary>Changes the rate from <paramref name="now"/> on; what has passed stays as it was.</summary>
    public void SetDrift(double partsPerMillion, MonotonicTime now)
    {
        long elapsed = Elapsed(now);
        _anchorMediaNanoseconds += elapsed;
        _anchorWall += TimeSpan.FromTicks(elapsed / 100);
        _anchor = now;
        DriftPpm = partsPerMillion;
    }

    /// <summary>Media time in nanoseconds.</summary>
    public long Media(MonotonicTime now) => _anchorMediaNanoseconds + Elapsed(now);

    /// <summary>What the camera takes for UTC.</summary>
    public WallTime Wall(MonotonicTime now) => _anchorWall + TimeSpan.FromTicks(Elapsed(now) / 100) + Offset;

    // In two parts, so that a long run does not lose nanoseconds in a double.
    private long Elapsed(MonotonicTime now)
    {
        long real = now.Nanoseconds - _anchor.Nanoseconds;
        return real + (long)(real * (DriftPpm / 1e6));
    }
}
