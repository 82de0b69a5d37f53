// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Lays out one frame: first the entries with their sample tables, from which the size of everything follows, then the formats, then one copy of each payload with
/// its checksum computed on the way. Pure but for the buffers it fills.
/// </summary>
internal static class FrameBuilder
{
    /// <summary>A gap's entry: no samples, no payload.</summary>
    private const int GapEntryBytes = RecordEntry.FixedBytes;

    /// <summary>What alignment may add between tables and payload.</summary>
    private const int Slack = 8;

    /// <summary>Largest sample that fits into a frame of its own, with the largest format.</summary>
    public static int MaximumSampleBytes(int frameBytes) =>
        frameBytes - PartHeader.SizeBytes - FrameHeader.SizeBytes - RecordEntry.FixedBytes - SampleTable.MaximumRowBytes - Slack
        - Math.Min(FormatEntry.SizeOf(FormatEntry.MaximumBytes), frameBytes / 4);

    /// <summary>Adds a gap. <c>false</c>: no room left in the frame or the chunk.</summary>
    public static bool TryPlace(FrameBuffer frame, in StagedGap gap)
    {
        long cost = frame.Chunk.FooterCost(gap.Stream, GapEntryBytes, 0);
        if (!Fits(frame, GapEntryBytes, 0, 0, cost))
        {
            return false;
        }

        int entryAt = frame.EntriesEnd;
        new RecordEntry
        {
            EntryBytes = GapEntryBytes,
            Kind = RecordKind.Gap,
            GapCause = gap.Gap.Cause,
            Stream = gap.Stream,
            Epoch = gap.Epoch,
            Wall = gap.Gap.Range,
        }.Write(frame.Memory.GetSpan()[entryAt..]);
        frame.EntriesEnd += GapEntryBytes;
        frame.Gaps.Add((entryAt, gap));
        frame.Chunk.AddToFooter(gap.Stream, GapEntryBytes, format: null, 0);
        return true;
    }

    /// <summary>
    /// Adds a record with as many of the appender's staged samples as share a format and fit. <c>false</c>: not even one fits.
    /// </summary>
    public static bool TryPlace(FrameBuffer frame, StreamAppender appender)
    {
        ReadOnlySpan<StagedSample> samples = appender.Staged[appender.Placed..];
        FormatBlob format = samples[0].Format;
        int formatBytes = frame.Chunk.Knows(format.Id) ? 0 : FormatEntry.SizeOf(format.Bytes.Length);
        Span<byte> buffer = frame.Memory.GetSpan();
        int entryAt = frame.EntriesEnd;
        int rowAt = entryAt + RecordEntry.FixedBytes;
        int payload = 0;
        int count = 0;
        var flags = RecordFlags.None;
        long lastDecodeTime = samples[0].DecodeTime;
        foreach (ref readonly StagedSample sample in samples)
        {
            long delta = sample.DecodeTime - lastDecodeTime;
            if (!ReferenceEquals(sample.Format, format) || (count > 0 && (delta <= 0 || delta > uint.MaxValue)))
            {
                break;
            }

            int entryBytes = Align8(rowAt + SampleTable.MaximumRowBytes - entryAt);
            if (!Fits(frame, entryBytes, formatBytes, payload + (long)sample.Length, frame.Chunk.FooterCost(appender.Stream, entryBytes, formatBytes)))
            {
                break;
            }

            rowAt += SampleTable.WriteRow(buffer[rowAt..], new StoredSample((uint)delta, sample.CompositionOffset, sample.Length, sample.Flags));
            if ((sample.Flags & SampleFlags.RandomAccess) != 0)
            {
                flags |= count == 0 ? RecordFlags.StartsAtRandomAccess | RecordFlags.HasRandomAccess : RecordFlags.HasRandomAccess;
            }

            payload += sample.Length;
            lastDecodeTime = sample.DecodeTime;
            count++;
        }

        if (count == 0)
        {
            return false;
        }

        int entryEnd = entryAt + Align8(rowAt - entryAt);
        buffer[rowAt..entryEnd].Clear();
        WallTime start = samples[0].Wall;
        new RecordEntry
        {
            EntryBytes = entryEnd - entryAt,
            Kind = RecordKind.Samples,
            Flags = flags,
            Stream = appender.Stream,
            Epoch = appender.Epoch,
            Run = appender.Run,
            Sequence = appender.NextSequence,
            SampleCount = count,
            // A clock put back within the record must not make an interval that ends before it begins, nor an empty one.
            Wall = new WallRange(start, WallTime.Max(appender.EndOf(count), start + TimeSpan.FromMicroseconds(1))),
            DecodeTime = samples[0].DecodeTime,
            Timescale = appender.Timescale,
            PayloadBytes = payload,
            Format = format.Id,
        }.Write(buffer[entryAt..]);
        int first = appender.Placed;
        frame.Records.Add(new PlacedRecord(appender, first, count, entryAt, appender.Place(count)));
        frame.EntriesEnd = entryEnd;
        frame.PayloadBytes += payload;
        if (formatBytes > 0)
        {
            frame.NewFormats.Add(format);
            frame.FormatsBytes += formatBytes;
        }

        frame.Chunk.AddToFooter(appender.Stream, entryEnd - entryAt, format.Id, formatBytes);
        return true;
    }

    /// <summary>Copies the payloads, closes the tables, and writes the headers.</summary>
    public static void Finish(FrameBuffer frame, UInt128 disk, ulong commitNumber, WallTime now)
    {
        Span<byte> buffer = frame.Memory.GetSpan();
        frame.CommitNumber = commitNumber;
        int at = frame.EntriesEnd;
        foreach (FormatBlob format in frame.NewFormats)
        {
            at += FormatEntry.Write(buffer[at..], format.Id, format.Bytes.Span);
        }

        int headerBytes = at;
        uint payloadChecksum = 0;
        foreach (PlacedRecord record in frame.Records)
        {
            int payloadAt = at;
            uint checksum = 0;
            foreach (ref readonly StagedSample sample in record.Appender.Staged.Slice(record.First, record.Count))
            {
                checksum = Crc32C.CopyAndAppend(checksum, sample.Span, buffer[at..]);
                at += sample.Length;
            }

            BinaryPrimitives.WriteInt64LittleEndian(buffer[(record.EntryAt + 72)..], frame.OffsetInZone + payloadAt);
            BinaryPrimitives.WriteUInt32LittleEndian(buffer[(record.EntryAt + 80)..], checksum);
            payloadChecksum = Crc32C.Combine(payloadChecksum, checksum, at - payloadAt);
        }

        new FrameHeader(
            now, frame.Records.Count + frame.Gaps.Count, frame.NewFormats.Count,
            frame.EntriesEnd - PartHeader.SizeBytes - FrameHeader.SizeBytes, frame.FormatsBytes, headerBytes, at - headerBytes, frame.Chunk.Chunk.Class, commitNumber)
            .Write(buffer[PartHeader.SizeBytes..]);
        frame.PartBytes = (int)AlignedMemory.RoundUp(at);
        buffer[at..frame.PartBytes].Clear();
        uint headerChecksum = Crc32C.Compute(buffer[PartHeader.SizeBytes..headerBytes]);
        new PartHeader
        {
            Kind = FrameKind.Data,
            HeaderBytes = headerBytes,
            Chunk = frame.Chunk.Chunk.Id,
            Generation = frame.Chunk.Chunk.Generation,
            Frame = frame.Frame,
            PartBytes = frame.PartBytes,
            ContentBytes = at,
            Disk = disk,
            ContentChecksum = Crc32C.Combine(headerChecksum, payloadChecksum, at - headerBytes),
            HeaderChecksum = headerChecksum,
            OffsetBytes = frame.OffsetInZone,
            Zone = frame.Chunk.Chunk.Zone,
        }.Write(buffer);
        frame.Chunk.Advance(frame.PartBytes);
    }

    private static bool Fits(FrameBuffer frame, int entryBytes, int formatBytes, long payloadBytes, long footerBytes)
    {
        long total = AlignedMemory.RoundUp(frame.EntriesEnd + entryBytes + (long)frame.FormatsBytes + formatBytes + frame.PayloadBytes + payloadBytes + Slack);
        return total <= frame.Memory.Length && total + AlignedMemory.RoundUp(footerBytes) <= frame.Chunk.RoomBytes;
    }

    private static int Align8(int bytes) => (bytes + 7) & ~7;
}
