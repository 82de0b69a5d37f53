// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>
/// Which records of a channel's tracks are played for a range, in which order, and where each lies on the output's timeline. Every output (download, HLS) is fed by it.
/// See docs/design/playback.md.
/// </summary>
/// <remarks>
/// It is read as a stream: a day of video passes through without being held. Chunks come ordered by capture time; each chunk of the leading track is followed by those of the other
/// tracks that begin before it ends. One reader, one thread at a time.
/// </remarks>
public sealed class PlaybackPlan(IVideoStore store, PlaybackRequest request)
{
    private readonly LeadTimeline _lead = new(request.Range);
    private readonly Dictionary<FormatId, TrackFormat?> _formats = [];

    /// <summary>Breaks inside what is played. Complete when everything was read, like all that follows.</summary>
    public int Gaps => _lead.Gaps;

    /// <summary>Capture time of what is shown.</summary>
    public WallRange Wall => _lead.Wall;

    /// <summary>
    /// First presentation time to be shown, on the output's timeline, in <see cref="Timescale"/>; known with the first chunk. What is before it is needed for decoding only.
    /// </summary>
    public long WindowStart => _lead.WindowStart;

    /// <summary>First presentation time that is not shown any more.</summary>
    public long WindowEnd => _lead.WindowEnd;

    /// <summary>Timescale of the window: that of the leading track's first record.</summary>
    public uint Timescale => _lead.Timescale;

    /// <summary>Reads the plan. Nothing at all comes when nothing is recorded in the range.</summary>
    public async IAsyncEnumerable<PlannedChunk> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        List<StreamId> streams = Streams();
        if (streams.Count == 0 || request.Range.IsEmpty)
        {
            yield break;
        }

        List<Follower> followers = [];
        try
        {
            LeadChunk? held = null;
            long cut = 0;
            await foreach (LeadChunk next in LeadChunksAsync(streams[0], cancellation))
            {
                if (held is { } current)
                {
                    yield return current.Chunk;
                    cut = current.IsAfterCut ? Shown(current.Chunk) : cut;
                    await foreach (PlannedChunk chunk in FollowAsync(followers, current, cut, next.IsAfterCut, cancellation))
                    {
                        yield return chunk;
                    }
                }
                else
                {
                    OpenFollowers(followers, streams, next.Chunk, cancellation);
                }

                held = next;
            }

            if (held is { } last)
            {
                yield return last.Chunk;
                cut = last.IsAfterCut ? Shown(last.Chunk) : cut;
                await foreach (PlannedChunk chunk in FollowAsync(followers, last, cut, isCutAfter: true, cancellation))
                {
                    yield return chunk;
                }
            }
        }
        finally
        {
            foreach (Follower follower in followers)
            {
                await follower.Records.DisposeAsync();
            }
        }
    }

    private List<StreamId> Streams() =>
    [
        .. store.Streams
            .Where(stream => TrackKey.From(stream) is { } key && key.Channel == request.Channel && key.Role == request.Role)
            .Order()
            .Take(request.IncludeAudio ? int.MaxValue : 1),
    ];

    private async IAsyncEnumerable<LeadChunk> LeadChunksAsync(StreamId stream, [EnumeratorCancellation] CancellationToken cancellation)
    {
        StoredRecord? start = await store.FindRandomAccessAsync(stream, request.Range.Start + RecordCursor.Rounding, cancellation);
        WallTime from = start is null ? request.Range.Start : WallTime.Min(start.Wall.Start, request.Range.Start);
        List<LeadChunk> placed = [];
        await foreach (StoredRecord record in store.ReadRecordsAsync(stream, new(from, request.Range.End + LeadTimeline.ReorderingReach), cancellation))
        {
            if (FormatOf(record) is { } format)
            {
                _lead.Place(record, format, placed);
            }

            foreach (LeadChunk chunk in placed)
            {
                yield return chunk;
            }

            placed.Clear();
        }
    }

    private void OpenFollowers(List<Follower> followers, List<StreamId> streams, PlannedChunk first, CancellationToken cancellation)
    {
        WallRange range = new(WallTime.Min(first.Record.Wall.Start, request.Range.Start), request.Range.End);
        for (int i = 1; i < streams.Count; i++)
        {
            followers.Add(new(new FollowerTimeline(i), store.ReadRecordsAsync(streams[i], range, cancellation).GetAsyncEnumerator(cancellation)));
        }
    }

    /// <summary>Chunks of the other tracks that begin before the end of this chunk of the leading one.</summary>
    private async IAsyncEnumerable<PlannedChunk> FollowAsync(
        List<Follower> followers, LeadChunk lead, long cut, bool isCutAfter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PlannedChunk chunk = lead.Chunk;
        uint leadTimescale = chunk.Timescale;
        long asked = RecordCursor.TimeAt(chunk.Record, request.Range.End) + chunk.TimeOffset;
        long end = isCutAfter ? Math.Min(asked, End(chunk)) : asked;
        WallTime until = WallTime.Max(chunk.Record.Wall.End, RecordCursor.WallAt(chunk.Record, End(chunk) - chunk.TimeOffset));
        foreach (Follower follower in followers)
        {
            if (lead.IsAfterCut)
            {
                follower.Timeline.Cut();
            }

            while (await follower.PeekAsync() is { } record && record.Wall.Start < until)
            {
                cancellation.ThrowIfCancellationRequested();
                follower.Take();
                if (FormatOf(record) is not { Kind: TrackKind.Audio } format)
                {
                    continue;
                }

                long At(long leadTime) => Ticks.Rescale(leadTime, leadTimescale, record.Timescale);
                long expected = At(RecordCursor.TimeAt(chunk.Record, record.Wall.Start) + chunk.TimeOffset);
                if (follower.Timeline.Place(record, format, chunk.Section, expected, At(cut), At(end)) is { } placed)
                {
                    yield return placed;
                }
            }
        }
    }

    private static long Shown(PlannedChunk chunk) => chunk.Position + chunk.Samples[0].CompositionOffset;

    /// <summary>Where the last sample of a chunk ends.</summary>
    private static long End(PlannedChunk chunk)
    {
        long time = chunk.Position;
        for (int i = 1; i < chunk.SampleCount; i++)
        {
            time += chunk.Samples[i].DecodeDelta;
        }

        return time + chunk.Samples[^1].CompositionOffset + RecordCursor.LastDuration(chunk.Record, chunk.Format);
    }

    /// <summary><c>null</c> for formats that are damaged, unknown, or not accepted.</summary>
    private TrackFormat? FormatOf(StoredRecord record)
    {
        if (!_formats.TryGetValue(record.Format, out TrackFormat? format))
        {
            bool isKnown = store.Format(record.Format) is { } bytes && TrackFormat.TryParse(bytes.Span, out format);
            format = isKnown && request.Accepts(format!) ? format : null;
            _formats.Add(record.Format, format);
        }

        return format;
    }

    /// <summary>A track beside the leading one, read one record ahead.</summary>
    private sealed class Follower(FollowerTimeline timeline, IAsyncEnumerator<StoredRecord> records)
    {
        private StoredRecord? _next;
        private bool _isAtEnd;

        public FollowerTimeline Timeline => timeline;

        public IAsyncEnumerator<StoredRecord> Records => records;

        public async ValueTask<StoredRecord?> PeekAsync()
        {
            if (_next is null && !_isAtEnd)
            {
                _isAtEnd = !await records.MoveNextAsync();
                _next = _isAtEnd ? null : records.Current;
            }

            return _next;
        }

        public void Take() => _next = null;
    }
}
