// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording.Playback;

/// <summary>Arithmetic on one record: where its samples lie in time and in the payload. Times are in the record's timescale.</summary>
internal static class RecordCursor
{
    /// <summary>
    /// Wall clocks count in microseconds, media in ticks; a sample captured exactly at the start of a range must not be lost to rounding. 1 ms is far above the rounding and far below
    /// the distance of two pictures.
    /// </summary>
    public static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    /// <summary>Capture time of the first sample on the record's own clock: its presentation time.</summary>
    public static long FirstPresentationTime(StoredRecord record) =>
        record.DecodeTime + (record.Samples.IsEmpty ? 0 : record.Samples.Span[0].CompositionOffset);

    /// <summary>When a sample of this decode time was captured, by the wall-clock time of the record it is in.</summary>
    public static WallTime WallAt(StoredRecord record, long time) =>
        record.Wall.Start + ToTimeSpan(time - FirstPresentationTime(record), record.Timescale);

    /// <summary>The inverse of <see cref="WallAt"/>.</summary>
    public static long TimeAt(StoredRecord record, WallTime wall) =>
        FirstPresentationTime(record) + ToTicks(wall - record.Wall.Start, record.Timescale);

    public static TimeSpan ToTimeSpan(long ticks, uint timescale) => TimeSpan.FromTicks(Media.Mp4.Ticks.Rescale(ticks, timescale, TimeSpan.TicksPerSecond));

    public static long ToTicks(TimeSpan span, uint timescale) => Media.Mp4.Ticks.Rescale(span.Ticks, TimeSpan.TicksPerSecond, timescale);

    /// <summary>Every audio sample can begin decoding, whatever its flags say.</summary>
    public static bool IsRandomAccess(in StoredSample sample, TrackFormat format) =>
        format.Kind != TrackKind.Video || (sample.Flags & SampleFlags.RandomAccess) != 0;

    /// <summary>How long the last sample of a record lasts when nothing follows it: as long as the one before it.</summary>
    public static uint LastDuration(StoredRecord record, TrackFormat format)
    {
        ReadOnlySpan<StoredSample> samples = record.Samples.Span;
        return samples.Length > 1 && samples[^1].DecodeDelta > 0
            ? samples[^1].DecodeDelta
            : Media.Mp4.NominalDuration.Of(format, record.Timescale, samples.IsEmpty ? 0 : samples[^1].SizeBytes);
    }

    /// <summary>Decode time of the last sample.</summary>
    public static long LastDecodeTime(StoredRecord record)
    {
        long time = record.DecodeTime;
        foreach (StoredSample sample in record.Samples.Span)
        {
            time += sample.DecodeDelta;
        }

        return time;
    }

    /// <summary>Cuts the samples with a decode time in <c>[from, to)</c> out of a record; <c>null</c> when there are none.</summary>
    public static PlannedChunk? Slice(StoredRecord record, TrackFormat format, long from, long to, long timeOffset, int track, int section)
    {
        ReadOnlySpan<StoredSample> samples = record.Samples.Span;
        long time = record.DecodeTime;
        int offset = 0;
        int first = -1;
        int count = 0;
        long firstTime = 0;
        int firstOffset = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            time += samples[i].DecodeDelta;
            if (time >= to)
            {
                break;
            }

            if (time >= from)
            {
                if (first < 0)
                {
                    (first, firstTime, firstOffset) = (i, time, offset);
                }

                count++;
            }

            offset += samples[i].SizeBytes;
        }

        return first < 0
            ? null
            : new(track, section, format, record, first, count, firstTime, firstTime + timeOffset, firstOffset, offset - firstOffset);
    }
}
