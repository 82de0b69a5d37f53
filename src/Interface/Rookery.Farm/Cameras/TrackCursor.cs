// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Clips;

namespace Rookery.Farm.Cameras;

/// <summary>
/// Where a client is in the endless repetition of a track: which round, which unit, and when that unit is due. Pure arithmetic, no drift of its own: every round's
/// start is computed from the round's number, so that picture and sound stay together for ever although their clocks divide a round differently.
/// </summary>
public struct TrackCursor
{
    private readonly Clip _clip;
    private readonly ClipTrack _track;
    private readonly long _startNanoseconds;
    private readonly long _startTicks;
    private long _roundTicks;

    /// <param name="clip">What is repeated.</param>
    /// <param name="track">Which of its tracks.</param>
    /// <param name="startNanoseconds">Media time of the camera at which round 0 begins.</param>
    public TrackCursor(Clip clip, int track, long startNanoseconds)
    {
        _clip = clip;
        _track = clip.Tracks[track];
        _startNanoseconds = startNanoseconds;
        _startTicks = TicksOf(startNanoseconds, _track.Format.Timescale);
        Update();
    }

    /// <summary>Rounds completed.</summary>
    public long Round { get; private set; }

    /// <summary>The next unit, as an index in the track.</summary>
    public int Unit { get; private set; }

    /// <summary>Media time of the camera at which the next unit is due.</summary>
    public long DueNanoseconds { get; private set; }

    /// <summary>Presentation time of the next unit on the camera's media time line, in units of the track's RTP clock; its low 32 bits plus a start value are the RTP timestamp.</summary>
    public readonly long PresentationTicks => _startTicks + _roundTicks + _track.Units[Unit].PresentationTicks;

    public readonly bool IsRandomAccess => _track.Units[Unit].IsRandomAccess;

    public void MoveNext()
    {
        Unit++;
        if (Unit == _track.Units.Length)
        {
            Unit = 0;
            Round++;
        }

        Update();
    }

    /// <summary>Moves to the first unit due at or after <paramref name="mediaNanoseconds"/>.</summary>
    public void Seek(long mediaNanoseconds)
    {
        long ticks = Math.Max(0, TicksOf(mediaNanoseconds - _startNanoseconds, Clip.LoopTimescale));
        Round = ticks / _clip.LoopTicks;
        Unit = 0;
        Update();
        while (DueNanoseconds < mediaNanoseconds)
        {
            MoveNext();
        }
    }

    /// <summary>Moves on to the next random access point, if one is due before <paramref name="latestNanoseconds"/>; otherwise stays.</summary>
    public bool TrySeekRandomAccess(long latestNanoseconds)
    {
        TrackCursor probe = this;
        while (!probe.IsRandomAccess)
        {
            probe.MoveNext();
            if (probe.DueNanoseconds >= latestNanoseconds)
            {
                return false;
            }
        }

        this = probe;
        return true;
    }

    private void Update()
    {
        int timescale = _track.Format.Timescale;
        _roundTicks = (long)((Int128)Round * _clip.LoopTicks * timescale / Clip.LoopTimescale);
        DueNanoseconds = _startNanoseconds + NanosecondsOf(_roundTicks + _track.Units[Unit].DecodeTicks, timescale);
    }

    private static long NanosecondsOf(long ticks, int timescale) =>
        (ticks / timescale * 1_000_000_000) + (ticks % timescale * 1_000_000_000 / timescale);

    internal static long TicksOf(long nanoseconds, int timescale) =>
        (nanoseconds / 1_000_000_000 * timescale) + (nanoseconds % 1_000_000_000 * timescale / 1_000_000_000);
}
