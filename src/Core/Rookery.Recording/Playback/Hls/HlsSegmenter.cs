// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Mp4;
using Rookery.Storage;

namespace Rookery.Recording.Playback.Hls;

/// <summary>A segment as the playlist lists it.</summary>
/// <param name="Address">How it is found again.</param>
/// <param name="Section">Section of the plan it is in.</param>
/// <param name="LeadFormat">Format of the leading track.</param>
/// <param name="AudioFormat">Format of the audio; that of the segment before where it has none of its own.</param>
/// <param name="Wall">Capture time of its first picture.</param>
/// <param name="Position">Presentation time of its first picture on the output's timeline.</param>
/// <param name="Seconds">Its duration.</param>
internal sealed record HlsSegmentEntry(
    HlsSegmentAddress Address, int Section, FormatId LeadFormat, FormatId? AudioFormat, WallTime Wall, long Position, double Seconds);

/// <summary>
/// Cuts a plan into segments at random access points of the leading track, and gives each the audio that sounds while it is shown: of one track, the first that has any. Pure.
/// </summary>
internal sealed class HlsSegmenter(StreamRole role)
{
    /// <summary>A random access point ends a segment that is at least this long: with one each second or two, segments are 4 s, a request each 4 s.</summary>
    private static readonly TimeSpan ShortestSegment = TimeSpan.FromSeconds(3.5);

    private readonly List<Open> _closing = [];
    private readonly List<PlannedChunk> _audio = [];
    private Open? _open;
    private FormatId? _audioFormat;
    private int? _audioTrack;

    /// <summary>Segments that are complete.</summary>
    public List<HlsSegmentEntry> Segments { get; } = [];

    public void Add(PlannedChunk chunk)
    {
        if (chunk.Track != 0)
        {
            _audioTrack ??= chunk.Track;
            if (_audioTrack == chunk.Track)
            {
                _audio.Add(chunk);
            }

            return;
        }

        // All audio that begins before the end of the last chunk has come by now: segments that ended in it are complete.
        CloseAll();
        long time = chunk.DecodeTime;
        ReadOnlySpan<StoredSample> samples = chunk.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            time += i == 0 ? 0 : samples[i].DecodeDelta;
            if (_open is not { } open || open.Section != chunk.Section)
            {
                Begin(chunk, time, samples[i].CompositionOffset);
            }
            else if (RecordCursor.IsRandomAccess(samples[i], chunk.Format)
                && RecordCursor.ToTimeSpan(time + chunk.TimeOffset - open.Position, chunk.Timescale) >= ShortestSegment)
            {
                open.Extend(time + chunk.TimeOffset, chunk);
                Begin(chunk, time, samples[i].CompositionOffset);
            }
        }

        _open!.Extend(time + RecordCursor.LastDuration(chunk.Record, chunk.Format) + chunk.TimeOffset, chunk);
    }

    /// <summary>Nothing comes any more: what was begun is complete too.</summary>
    public void Finish()
    {
        CloseAll();
        if (_open is { } last)
        {
            _closing.Add(last);
            _open = null;
            CloseAll();
        }
    }

    private void Begin(PlannedChunk chunk, long time, int compositionOffset)
    {
        if (_open is { } before)
        {
            _closing.Add(before);
        }

        _open = new Open(chunk, time, compositionOffset);
    }

    private void CloseAll()
    {
        foreach (Open segment in _closing)
        {
            Close(segment);
        }

        _closing.Clear();
    }

    private void Close(Open segment)
    {
        List<HlsSegmentPart> parts = [new(role, TrackOf(segment.First), segment.First.Record.Run, segment.Position - segment.TimeOffset, segment.End - segment.Position, segment.TimeOffset)];
        WallRange wall = segment.Wall;
        FormatId? format = null;
        int used = 0;
        foreach (PlannedChunk chunk in _audio)
        {
            long limit = Ticks.Rescale(segment.End + segment.CompositionOffset, segment.First.Timescale, chunk.Timescale);
            if (chunk.Position >= limit)
            {
                break;
            }

            (long end, bool isWhole) = EndBefore(chunk, limit);
            used += isWhole ? 1 : 0;
            format ??= chunk.Record.Format;
            long start = Math.Max(chunk.Position, Ticks.Rescale(segment.Position + segment.CompositionOffset, segment.First.Timescale, chunk.Timescale));
            if (chunk.Record.Format != format || end <= start)
            {
                continue;
            }

            Join(parts, new(role, TrackOf(chunk), chunk.Record.Run, start - chunk.TimeOffset, end - start, chunk.TimeOffset));
            wall = new(WallTime.Min(wall.Start, chunk.Record.Wall.Start), WallTime.Max(wall.End, chunk.Record.Wall.End));
        }

        _audio.RemoveRange(0, used);
        _audioFormat = format ?? _audioFormat;
        Segments.Add(new(
            new(wall, parts),
            segment.Section,
            segment.First.Record.Format,
            _audioFormat,
            RecordCursor.WallAt(segment.First.Record, segment.Position - segment.TimeOffset + segment.CompositionOffset),
            segment.Position + segment.CompositionOffset,
            (double)(segment.End - segment.Position) / segment.First.Timescale));
    }

    /// <summary>Where the last sample ends that begins before <paramref name="limit"/>: sound is cut between frames, never within one.</summary>
    private static (long End, bool IsWhole) EndBefore(PlannedChunk chunk, long limit)
    {
        long position = chunk.Position;
        for (int i = 1; i < chunk.SampleCount; i++)
        {
            position += chunk.Samples[i].DecodeDelta;
            if (position >= limit)
            {
                return (position, false);
            }
        }

        return (position + RecordCursor.LastDuration(chunk.Record, chunk.Format), true);
    }

    /// <summary>Parts of one run that follow each other are one.</summary>
    private static void Join(List<HlsSegmentPart> parts, HlsSegmentPart next)
    {
        HlsSegmentPart last = parts[^1];
        bool isSame = last.Track == next.Track && last.Run == next.Run && last.TimeOffset == next.TimeOffset && next.From >= last.From;
        if (isSame)
        {
            parts[^1] = last with { Length = Math.Max(last.Length, next.From + next.Length - last.From) };
        }
        else if (parts.Count < HlsSegmentAddress.MaximumParts)
        {
            parts.Add(next);
        }
    }

    private static byte TrackOf(PlannedChunk chunk) => TrackKey.From(chunk.Record.Stream).Track;

    /// <summary>A segment whose end is not known yet.</summary>
    private sealed class Open(PlannedChunk first, long decodeTime, int compositionOffset)
    {
        public PlannedChunk First => first;
        public int Section => first.Section;
        public int CompositionOffset => compositionOffset;
        public long TimeOffset => first.TimeOffset;

        /// <summary>Decode time on the output's timeline.</summary>
        public long Position { get; } = decodeTime + first.TimeOffset;

        public long End { get; private set; }

        public WallRange Wall { get; private set; } = first.Record.Wall;

        public void Extend(long end, PlannedChunk chunk)
        {
            End = end;
            Wall = Wall with { End = WallTime.Max(Wall.End, chunk.Record.Wall.End) };
        }
    }
}
