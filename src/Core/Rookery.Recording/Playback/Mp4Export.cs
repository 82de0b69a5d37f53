// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Media.Mp4.Progressive;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>
/// A range of a channel as an MP4 file that is never made: its length, its tables and where each byte is are known; the bytes are copied from the store when somebody asks.
/// Immutable; any number of copies may run at a time.
/// </summary>
/// <remarks>Memory: the header of the file (about 5 bytes a sample) and 56 bytes a record; 3 MB for an hour, 55 MB for a day of video with audio.</remarks>
public sealed class Mp4Export
{
    private readonly IVideoStore _store;
    private readonly Mp4Layout _layout;
    private readonly Piece[] _pieces;

    private Mp4Export(IVideoStore store, Mp4Layout layout, Piece[] pieces)
    {
        _store = store;
        _layout = layout;
        _pieces = pieces;
        ETag = MakeETag(layout, pieces);
    }

    /// <summary>Bytes of the file.</summary>
    public long LengthBytes => _layout.LengthBytes;

    /// <summary>32 hexadecimal digits that change when any byte of the file does. Without quotes.</summary>
    public string ETag { get; }

    /// <summary>What a player shows as the length.</summary>
    public TimeSpan Duration => _layout.Duration;

    /// <summary>From the first picture shown to the end of the last one.</summary>
    public required WallRange Wall { get; init; }

    /// <summary>First format of the leading track.</summary>
    public required TrackFormat Format { get; init; }

    /// <summary>First format of the audio; <c>null</c> when there is none.</summary>
    public required TrackFormat? AudioFormat { get; init; }

    /// <summary>Breaks inside the range: shorter than two seconds they are pauses in the file, longer ones are closed.</summary>
    public required int Gaps { get; init; }

    /// <summary>Works out the file. Reads no payload.</summary>
    /// <returns><c>null</c> when nothing is recorded in the range.</returns>
    public static async Task<Mp4Export?> PrepareAsync(IVideoStore store, PlaybackRequest request, CancellationToken cancellation)
    {
        PlaybackPlan plan = new(store, request);
        Mp4LayoutBuilder builder = new();
        List<Piece> pieces = [];
        Dictionary<int, (int Number, uint Timescale)> tracks = [];
        TrackFormat? format = null;
        TrackFormat? audioFormat = null;
        long? firstShown = null;
        long rounding = 0;
        await foreach (PlannedChunk chunk in plan.ReadAsync(cancellation))
        {
            if (!tracks.TryGetValue(chunk.Track, out (int Number, uint Timescale) track))
            {
                track = (builder.AddTrack(chunk.Timescale), chunk.Timescale);
                tracks.Add(chunk.Track, track);
            }

            if (chunk.Track == 0)
            {
                format ??= chunk.Format;
                rounding = RecordCursor.ToTicks(RecordCursor.Rounding, plan.Timescale);
                firstShown = FirstShown(chunk, plan.WindowStart - rounding, plan.Timescale, firstShown);
            }
            else
            {
                audioFormat ??= chunk.Format;
            }

            pieces.Add(new(chunk.Record.Location, chunk.OffsetBytes));
            AddSamples(builder, track.Number, track.Timescale, chunk);
        }

        if (format is null)
        {
            return null;
        }

        // The file begins with a picture, not in the middle of one.
        long start = firstShown ?? plan.WindowStart;
        WallTime wallStart = plan.Wall.Start + RecordCursor.ToTimeSpan(start - plan.WindowStart, plan.Timescale);
        Mp4Layout layout = builder.Build(start, plan.WindowEnd, wallStart);
        return new Mp4Export(store, layout, [.. pieces])
        {
            Wall = new(wallStart, plan.Wall.End),
            Format = format,
            AudioFormat = audioFormat,
            Gaps = plan.Gaps,
        };
    }

    /// <summary>Copies a range of the file.</summary>
    /// <param name="destination">Where to. Not flushed, not disposed.</param>
    /// <param name="offsetBytes">First byte, at most <see cref="LengthBytes"/>.</param>
    /// <param name="lengthBytes">How many; the range lies inside the file.</param>
    /// <param name="cancellation">Ends the copy between two writes.</param>
    /// <exception cref="RecordLostException">A record is damaged or was freed meanwhile. What was written until then is right; the rest must not be made up.</exception>
    public Task CopyToAsync(Stream destination, long offsetBytes, long lengthBytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offsetBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lengthBytes, LengthBytes - offsetBytes);
        return PayloadCopier.CopyAsync(_store, Parts(offsetBytes, offsetBytes + lengthBytes), destination, cancellation);
    }

    private IEnumerable<OutputPart> Parts(long from, long to)
    {
        while (from < to)
        {
            Mp4Piece piece = _layout.PieceAt(from);
            int length = (int)Math.Min(piece.LengthBytes, to - from);
            if (piece.Chunk == Mp4Piece.Header)
            {
                yield return OutputPart.Made(_layout.Header.Slice(piece.OffsetBytes, length));
            }
            else
            {
                Piece stored = _pieces[piece.Chunk];
                yield return OutputPart.Stored(stored.Location, stored.OffsetBytes + piece.OffsetBytes, length);
            }

            from += length;
        }
    }

    private static void AddSamples(Mp4LayoutBuilder builder, int track, uint timescale, PlannedChunk chunk)
    {
        builder.BeginChunk(track, chunk.Format);
        long position = chunk.Position;
        uint lastDuration = (uint)Ticks.Rescale(RecordCursor.LastDuration(chunk.Record, chunk.Format), chunk.Timescale, timescale);
        ReadOnlySpan<StoredSample> samples = chunk.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            ref readonly StoredSample sample = ref samples[i];
            position += i == 0 ? 0 : sample.DecodeDelta;
            builder.AddSample(
                Ticks.Rescale(position, chunk.Timescale, timescale),
                (int)Ticks.Rescale(sample.CompositionOffset, chunk.Timescale, timescale),
                sample.SizeBytes,
                RecordCursor.IsRandomAccess(sample, chunk.Format),
                lastDuration);
        }
    }

    /// <summary>The earliest presentation time that is not before <paramref name="minimum"/>, of what was seen and of this chunk.</summary>
    private static long? FirstShown(PlannedChunk chunk, long minimum, uint timescale, long? seen)
    {
        long position = chunk.Position;
        ReadOnlySpan<StoredSample> samples = chunk.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            position += i == 0 ? 0 : samples[i].DecodeDelta;
            long shown = Ticks.Rescale(position + samples[i].CompositionOffset, chunk.Timescale, timescale);
            seen = shown >= minimum && (seen is null || shown < seen) ? shown : seen;
        }

        return seen;
    }

    private static string MakeETag(Mp4Layout layout, Piece[] pieces)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(layout.Header.Span);
        hash.AppendData(MemoryMarshal.AsBytes<Piece>(pieces));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Where the bytes of a chunk are. Without padding, so that it can be hashed as it lies in memory.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Piece(RecordLocation Location, int OffsetBytes);
}
