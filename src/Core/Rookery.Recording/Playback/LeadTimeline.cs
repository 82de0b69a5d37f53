// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>
/// Decides where the records of the leading track go on the output's timeline: where playing begins, where sections begin, and what becomes of gaps.
/// </summary>
/// <remarks>
/// Within a run media time rules, so pictures keep the distances the camera gave them. A break (another run, a missing record) begins a section at the next random access point:
/// up to <see cref="LongestKeptGap"/> it stays as a pause, beyond that it is closed. Pure; design in docs/design/playback.md.
/// </remarks>
internal sealed class LeadTimeline(WallRange range)
{
    /// <summary>
    /// With reordered pictures a record may begin with a picture that is shown after pictures of the same record: records that begin up to this long after the end of the range are
    /// looked at too. Encoders reorder across some tenths of a second.
    /// </summary>
    public static readonly TimeSpan ReorderingReach = TimeSpan.FromSeconds(1);

    /// <summary>A gap shorter than this stays a pause of the same length, so that a reconnecting camera does not make time jump.</summary>
    public static readonly TimeSpan LongestKeptGap = TimeSpan.FromSeconds(2);

    private readonly List<LeadChunk> _waiting = [];
    private StoredRecord? _previous;
    private StoredRecord? _placed;
    private TrackFormat? _format;
    private bool _isSeeking = true;
    private bool _isStarted;
    private int _section = -1;
    private long _offset;
    private long _end;
    private uint _timescale;

    /// <summary>Breaks inside what is played.</summary>
    public int Gaps { get; private set; }

    /// <summary>First presentation time asked for, on the output's timeline, in <see cref="Timescale"/>. Not more exact than <see cref="RecordCursor.Rounding"/>.</summary>
    public long WindowStart { get; private set; }

    /// <summary>End of what is asked for and recorded, on the output's timeline, in the timescale of the last record.</summary>
    public long WindowEnd { get; private set; }

    /// <summary>Capture time of <see cref="WindowStart"/> and <see cref="WindowEnd"/>.</summary>
    public WallRange Wall { get; private set; }

    /// <summary>Timescale of the first record played.</summary>
    public uint Timescale { get; private set; }

    /// <summary>Takes the next record and adds what becomes of it to <paramref name="placed"/>: nothing while the start is still to be reached, several chunks when it is.</summary>
    public void Place(StoredRecord record, TrackFormat format, List<LeadChunk> placed)
    {
        if (record.Samples.IsEmpty)
        {
            return;
        }

        bool follows = _previous is { } last && last.Run == record.Run && last.Sequence + 1 == record.Sequence && last.Timescale == record.Timescale;
        _isSeeking |= !follows || !format.Equals(_format);
        bool isNewFormat = follows && !format.Equals(_format);
        if (!follows && !_isStarted)
        {
            Restart();
        }

        if (Begin(record, format) is { } from && Add(record, format, from, follows, isNewFormat) is { } chunk)
        {
            _waiting.Add(chunk);
            Advance(record, chunk);
        }

        _previous = record;
        _format = format;
        if (_isStarted)
        {
            placed.AddRange(_waiting);
            _waiting.Clear();
        }
    }

    /// <summary>The decode time from which the record is used; <c>null</c> when nothing of it can be decoded.</summary>
    private long? Begin(StoredRecord record, TrackFormat format)
    {
        long time = record.DecodeTime;
        long? first = null;
        long? beforeStart = null;
        foreach (StoredSample sample in record.Samples.Span)
        {
            time += sample.DecodeDelta;
            if (!RecordCursor.IsRandomAccess(sample, format))
            {
                continue;
            }

            WallTime wall = RecordCursor.WallAt(record, time + sample.CompositionOffset);
            if (wall < range.End)
            {
                first ??= time;
            }

            if (!_isStarted && wall <= range.Start + RecordCursor.Rounding)
            {
                beforeStart = time;
            }
        }

        if (beforeStart is not null)
        {
            Restart(); // a random access point nearer to the start makes everything before it useless
            return beforeStart;
        }

        return _isSeeking ? first : record.DecodeTime;
    }

    private LeadChunk? Add(StoredRecord record, TrackFormat format, long from, bool follows, bool isNewFormat)
    {
        bool isBreak = false;
        bool isClosed = false;
        long offset = _offset;
        if (_section < 0)
        {
            offset = -from;
        }
        else if (_isSeeking)
        {
            isBreak = !(follows && isNewFormat && from == record.DecodeTime);
            (offset, isClosed) = isBreak ? PlaceAfterBreak(record, from) : (offset, false);
        }

        // Decode time never passes presentation time, so nothing behind the end is needed to show what is before it.
        long to = record.Wall.End > range.End ? RecordCursor.TimeAt(record, range.End - RecordCursor.Rounding) : long.MaxValue;
        int section = _section < 0 || _isSeeking ? _section + 1 : _section;
        if (RecordCursor.Slice(record, format, from, to, offset, 0, section) is not { } chunk)
        {
            return null;
        }

        Gaps += isBreak ? 1 : 0;
        _placed = record;
        _offset = offset;
        _section = section;
        _isSeeking = false;
        return new(chunk, section == 0 ? _waiting.Count == 0 && !_isStarted : isClosed);
    }

    /// <summary>Tells what to add to decode times after a break, and whether the gap was closed.</summary>
    private (long Offset, bool IsClosed) PlaceAfterBreak(StoredRecord record, long from)
    {
        long end = Ticks.Rescale(_end, _timescale, record.Timescale);
        StoredRecord previous = _placed!;
        bool isSameRun = previous.Run == record.Run && previous.Timescale == record.Timescale;
        TimeSpan gap = isSameRun
            ? RecordCursor.ToTimeSpan(from - (_end - _offset), record.Timescale)
            : RecordCursor.WallAt(record, from) - previous.Wall.End;
        bool isKept = gap >= TimeSpan.Zero && gap < LongestKeptGap;
        long position = end + (isKept ? RecordCursor.ToTicks(gap, record.Timescale) : 0);
        return (position - from, !isKept);
    }

    private void Advance(StoredRecord record, LeadChunk placed)
    {
        PlannedChunk chunk = placed.Chunk;
        long time = chunk.Position;
        long lastShown = long.MinValue;
        uint duration = RecordCursor.LastDuration(record, chunk.Format);
        bool isFirst = true;
        foreach (StoredSample sample in chunk.Samples)
        {
            time += isFirst ? 0 : sample.DecodeDelta;
            isFirst = false;
            lastShown = Math.Max(lastShown, time + sample.CompositionOffset);
        }

        _end = time + duration;
        _timescale = record.Timescale;
        WallTime shownEnd = RecordCursor.WallAt(record, lastShown + duration - _offset);
        if (!_isStarted && WallTime.Max(record.Wall.End, shownEnd) > range.Start)
        {
            _isStarted = true;
            PlannedChunk first = _waiting[0].Chunk;
            long firstShown = first.Position + first.Samples[0].CompositionOffset;
            WallTime firstWall = RecordCursor.WallAt(first.Record, first.DecodeTime + first.Samples[0].CompositionOffset);
            bool isInside = firstWall < range.Start;
            WindowStart = isInside ? RecordCursor.TimeAt(record, range.Start) + _offset : firstShown;
            Timescale = record.Timescale;
            Wall = new(isInside ? range.Start : firstWall, default);
        }

        long asked = RecordCursor.TimeAt(record, range.End) + _offset;
        WindowEnd = Math.Min(asked, lastShown + duration);
        Wall = Wall with { End = WallTime.Min(range.End, shownEnd) };
    }

    private void Restart()
    {
        _waiting.Clear();
        _section = -1;
        _isSeeking = true;
        Gaps = 0;
    }
}

/// <summary>A chunk of the leading track.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="IsAfterCut">It begins the output, or follows a gap that was closed: what other tracks have from before does not belong to it.</param>
internal readonly record struct LeadChunk(PlannedChunk Chunk, bool IsAfterCut);
