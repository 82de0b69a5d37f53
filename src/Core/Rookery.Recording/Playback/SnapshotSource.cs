// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>Which picture a snapshot shows.</summary>
public enum SnapshotPrecision : byte
{
    /// <summary>The one that was on screen at the instant: everything from the random access point before it has to be decoded.</summary>
    Exact,

    /// <summary>The random access point at or before the instant: one picture to decode. Enough for scrubbing.</summary>
    RandomAccessPoint,
}

/// <summary>What a decoder needs to make one picture.</summary>
/// <param name="Format">How it is coded.</param>
/// <param name="Bytes">For H.264 and H.265 a fragmented MP4 that can be read from a pipe; for JPEG the picture itself.</param>
/// <param name="Picture">Which of the decoded pictures it is, in output order, 0 for the first.</param>
/// <param name="Wall">When it was captured.</param>
public sealed record SnapshotClip(TrackFormat Format, ReadOnlyMemory<byte> Bytes, int Picture, WallTime Wall);

/// <summary>Finds the coded pictures that a snapshot is made of. The decoder is somebody else's.</summary>
public static class SnapshotSource
{
    /// <summary>A group of pictures that is larger is not read to its end: the picture is then earlier than asked for, and says so.</summary>
    public const int MaximumBytes = 32 << 20;

    /// <summary>Reads the pictures for a snapshot.</summary>
    /// <returns><c>null</c> when no picture is recorded at that instant.</returns>
    /// <exception cref="RecordLostException">A record is damaged or was freed meanwhile.</exception>
    public static async Task<SnapshotClip?> ReadAsync(
        IVideoStore store, ChannelId channel, StreamRole role, WallTime instant, SnapshotPrecision precision, CancellationToken cancellation)
    {
        PlaybackPlan plan = new(store, new PlaybackRequest
        {
            Channel = channel,
            Role = role,
            // Long enough that the picture at the instant itself is inside, whatever rounding does at both ends.
            Range = new(instant, instant + (3 * RecordCursor.Rounding)),
            IncludeAudio = false,
            Accepts = format => format.Kind == TrackKind.Video,
        });
        List<Picture> pictures = [];
        TrackFormat? format = null;
        long bytes = 0;
        await foreach (PlannedChunk chunk in plan.ReadAsync(cancellation))
        {
            if (format is not null && chunk.Format != format)
            {
                pictures.Clear(); // the instant lies behind the change, and a change begins at a random access point
            }

            format = chunk.Format;
            bytes += chunk.LengthBytes;
            if (bytes > MaximumBytes && pictures.Count > 0)
            {
                break;
            }

            AddPictures(pictures, chunk);
            if (precision == SnapshotPrecision.RandomAccessPoint)
            {
                pictures.RemoveRange(1, pictures.Count - 1);
                break;
            }
        }

        return format is null ? null : await MakeAsync(store, format, pictures, plan, cancellation);
    }

    private static void AddPictures(List<Picture> pictures, PlannedChunk chunk)
    {
        long position = chunk.Position;
        int offset = chunk.OffsetBytes;
        ReadOnlySpan<StoredSample> samples = chunk.Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            position += i == 0 ? 0 : samples[i].DecodeDelta;
            WallTime wall = RecordCursor.WallAt(chunk.Record, position - chunk.TimeOffset + samples[i].CompositionOffset);
            OutputPart part = OutputPart.Stored(chunk.Record.Location, offset, samples[i].SizeBytes);
            pictures.Add(new(position, samples[i].CompositionOffset, RecordCursor.IsRandomAccess(samples[i], chunk.Format), wall, part));
            offset += samples[i].SizeBytes;
        }
    }

    private static async Task<SnapshotClip> MakeAsync(
        IVideoStore store, TrackFormat format, List<Picture> pictures, PlaybackPlan plan, CancellationToken cancellation)
    {
        long asked = plan.WindowStart + RecordCursor.ToTicks(RecordCursor.Rounding, plan.Timescale);
        Picture shown = pictures.Where(picture => picture.Shown <= asked).MaxBy(picture => picture.Shown) ?? pictures.MinBy(picture => picture.Shown)!;
        using MemoryStream bytes = new();
        if (format.Codec == Codec.Jpeg)
        {
            await PayloadCopier.CopyAsync(store, [shown.Part], bytes, cancellation);
            return new(format, bytes.ToArray(), 0, shown.Wall);
        }

        FragmentSample[] samples = new FragmentSample[pictures.Count];
        for (int i = 0; i < samples.Length; i++)
        {
            long next = i + 1 < samples.Length ? pictures[i + 1].Position : pictures[i].Position + 1;
            samples[i] = new((uint)Math.Max(1, next - pictures[i].Position), pictures[i].Part.LengthBytes, pictures[i].CompositionOffset, pictures[i].IsSync);
        }

        BoxWriter head = new();
        head.Bytes(InitSegment.Create([new Mp4Track(1, format)]));
        FragmentRun[] runs = [new(1, pictures[0].Position, 1, samples)];
        Fragment.WriteHead(head, 1, runs);
        IEnumerable<OutputPart> parts = pictures.Select(picture => picture.Part).Prepend(OutputPart.Made(head.ToArray()));
        await PayloadCopier.CopyAsync(store, parts, bytes, cancellation);
        int index = pictures.Count(picture => picture.Shown < shown.Shown);
        return new(format, bytes.ToArray(), index, shown.Wall);
    }

    private sealed record Picture(long Position, int CompositionOffset, bool IsSync, WallTime Wall, OutputPart Part)
    {
        public long Shown => Position + CompositionOffset;
    }
}
