// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Storage;

namespace Rookery.Recording.Playback.Hls;

/// <summary>A media segment, ready to be copied: its header made from the sample tables, its samples still in the store.</summary>
public sealed class HlsSegment
{
    /// <summary>Samples in one segment at most, all tracks together: an hour of video and audio.</summary>
    private const int MaximumSamples = 300_000;

    private readonly IVideoStore _store;
    private readonly List<OutputPart> _parts;

    private HlsSegment(IVideoStore store, List<OutputPart> parts)
    {
        _store = store;
        _parts = parts;
        LengthBytes = parts.Sum(part => (long)part.LengthBytes);
    }

    /// <summary>Bytes of the segment.</summary>
    public long LengthBytes { get; }

    /// <summary>Works out a segment. Reads no payload.</summary>
    /// <returns><c>null</c> when the leading track has nothing there (any more).</returns>
    public static async Task<HlsSegment?> PrepareAsync(IVideoStore store, ChannelId channel, HlsSegmentAddress address, CancellationToken cancellation)
    {
        List<TrackSamples> tracks = [];
        int samples = 0;
        foreach (HlsSegmentPart part in address.Parts)
        {
            TrackSamples? track = tracks.Find(track => track.Track == part.Track);
            if (track is null)
            {
                tracks.Add(track = new TrackSamples(part.Track));
            }

            StreamId stream = new TrackKey(channel, part.Role, part.Track).ToStreamId();
            await foreach (StoredRecord record in store.ReadRecordsAsync(stream, address.Wall, cancellation))
            {
                samples += record.Run == part.Run ? track.Add(record, part) : 0;
                if (samples > MaximumSamples)
                {
                    return null;
                }
            }

            track.End(part);
        }

        return tracks[0].IsEmpty ? null : new HlsSegment(store, Assemble(tracks));
    }

    /// <summary>Copies the segment.</summary>
    /// <exception cref="RecordLostException">A record is damaged or was freed meanwhile.</exception>
    public Task CopyToAsync(Stream destination, CancellationToken cancellation) => PayloadCopier.CopyAsync(_store, _parts, destination, cancellation);

    private static List<OutputPart> Assemble(List<TrackSamples> tracks)
    {
        List<FragmentRun> runs = [];
        List<OutputPart> parts = [];
        foreach (TrackSamples track in tracks.Where(track => !track.IsEmpty))
        {
            runs.Add(track.ToRun(HlsInit.TrackId(track == tracks[0] ? 0 : 1)));
            parts.AddRange(track.Parts);
        }

        BoxWriter fragment = new();
        long payload = Fragment.WriteHead(fragment, 1, runs.ToArray());
        BoxWriter head = new(fragment.Length + 128);
        Fragment.WriteSegmentType(head);
        TrackSamples lead = tracks[0];
        Fragment.WriteSegmentIndex(
            head, HlsInit.TrackId(0), lead.Timescale, lead.EarliestPresentationTime, lead.Duration, (int)(fragment.Length + payload), startsWithSync: true);
        head.Bytes(fragment.Span);
        parts.Insert(0, OutputPart.Made(head.Memory));
        return parts;
    }

    /// <summary>What a segment has of one track.</summary>
    private sealed class TrackSamples(byte track)
    {
        private readonly List<FragmentSample> _samples = [];
        private readonly List<long> _positions = [];
        private long _end;

        public byte Track => track;
        public List<OutputPart> Parts { get; } = [];
        public uint Timescale { get; private set; }
        public bool IsEmpty => _samples.Count == 0;
        public uint Duration => (uint)Math.Clamp(_end - _positions[0], 0, uint.MaxValue);
        public long EarliestPresentationTime { get; private set; } = long.MaxValue;

        public int Add(StoredRecord record, in HlsSegmentPart part)
        {
            bool isFirst = IsEmpty;
            long position = record.DecodeTime + part.TimeOffset;
            long from = part.From + part.TimeOffset;
            int offset = 0;
            int start = -1;
            int before = _samples.Count;
            foreach (StoredSample sample in record.Samples.Span)
            {
                position += sample.DecodeDelta;
                if (position >= from + part.Length)
                {
                    break;
                }

                // An address may lie: times never go back, and none is negative.
                if (position >= Math.Max(from, 0) && (_positions.Count == 0 || position > _positions[^1]))
                {
                    start = start < 0 ? offset : start;
                    bool isSync = track != 0 || (sample.Flags & SampleFlags.RandomAccess) != 0;
                    _samples.Add(new(0, sample.SizeBytes, sample.CompositionOffset, isSync));
                    _positions.Add(position);
                    EarliestPresentationTime = Math.Min(EarliestPresentationTime, Math.Max(0, position + sample.CompositionOffset));
                }

                offset += sample.SizeBytes;
            }

            if (start >= 0)
            {
                Timescale = isFirst ? record.Timescale : Timescale;
                Parts.Add(OutputPart.Stored(record.Location, start, offset - start));
            }

            return _samples.Count - before;
        }

        /// <summary>The last sample lasts to the end of the part, or to the first sample of the next one.</summary>
        public void End(in HlsSegmentPart part) => _end = Math.Max(_end, part.From + part.Length + part.TimeOffset);

        public FragmentRun ToRun(uint trackId)
        {
            FragmentSample[] samples = [.. _samples];
            for (int i = 0; i < samples.Length; i++)
            {
                long next = i + 1 < samples.Length ? _positions[i + 1] : Math.Max(_end, _positions[i] + 1);
                samples[i] = samples[i] with { Duration = (uint)Math.Min(next - _positions[i], uint.MaxValue) };
            }

            return new(trackId, _positions[0], 1, samples);
        }
    }
}
