// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>
/// Decides where the records of another track (audio) go, given where wall-clock time lies on the leading track. Within a run its own media time rules as long as that stays
/// within <see cref="Tolerance"/> of the wall clock, so sound is neither stretched nor cut by jitter; beyond it the track is placed anew. Pure.
/// </summary>
internal sealed class FollowerTimeline(int track)
{
    /// <summary>Sound that is off by less than this is not noticed as such (ITU-R BT.1359 finds 125 ms ahead and 185 ms behind acceptable at most).</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(120);

    private ulong? _run;
    private uint _timescale;
    private long _offset;
    private long _end = long.MinValue;
    private uint _duration;

    /// <summary>What comes next does not continue what was before.</summary>
    public void Cut() => _run = null;

    /// <summary>Places one record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="format">Its format.</param>
    /// <param name="section">Section of the leading track.</param>
    /// <param name="expected">Where its first sample belongs by the wall clock, in the record's timescale.</param>
    /// <param name="minimum">Samples before this are left out.</param>
    /// <param name="maximum">Samples from here on are left out.</param>
    /// <returns><c>null</c> when nothing of it is left.</returns>
    public PlannedChunk? Place(StoredRecord record, TrackFormat format, int section, long expected, long minimum, long maximum)
    {
        if (record.Samples.IsEmpty)
        {
            return null;
        }

        if (_timescale != record.Timescale)
        {
            _end = _timescale == 0 || _end == long.MinValue ? long.MinValue : Media.Mp4.Ticks.Rescale(_end, _timescale, record.Timescale);
            _timescale = record.Timescale;
            _duration = 0;
            _run = null;
        }

        long wanted = expected - record.Samples.Span[0].CompositionOffset - record.DecodeTime;
        if (_run != record.Run || Math.Abs(wanted - _offset) > RecordCursor.ToTicks(Tolerance, record.Timescale))
        {
            _offset = wanted;
            _run = record.Run;
        }

        // A sample may begin a little before the one before it ends (rounding, a clock that was set), but not half of it.
        long free = _end == long.MinValue ? long.MinValue : _end - (_duration / 2);
        long from = Math.Max(0, Math.Max(minimum, free));
        if (RecordCursor.Slice(record, format, from - _offset, maximum == long.MaxValue ? long.MaxValue : maximum - _offset, _offset, track, section) is not { } chunk)
        {
            return null;
        }

        long time = chunk.Position;
        for (int i = 1; i < chunk.SampleCount; i++)
        {
            time += chunk.Samples[i].DecodeDelta;
        }

        _duration = RecordCursor.LastDuration(record, format);
        _end = time + _duration;
        return chunk;
    }
}
