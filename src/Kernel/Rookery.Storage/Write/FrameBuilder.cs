// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

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
        if (!Fits(frame, GapEntryBytes, 0, 0, frame.Chunk.TailCost(gap.Stream, 0)))
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
        int tailCost = frame.Chunk.TailCost(appender.Stream, formatBytes);
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
            if (!Fits(frame, entryBytes, formatBytes, payload + (long)sample.Length, tailCost))
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

    /// <summary>A record of another chunk fits into the frame and the chunk.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="record">The record.</param>
    /// <param name="format">Its format; <c>null</c> for a gap.</param>
    public static bool HasRoomFor(FrameBuffer frame, in HeldRecord record, FormatBlob? format)
    {
        int formatBytes = FormatBytes(frame, format);
        return Fits(frame, record.Entry.EntryBytes, formatBytes, record.Entry.PayloadBytes, frame.Chunk.TailCost(record.Entry.Stream, formatBytes));
    }

    /// <summary>Adds a record of another chunk, for which there is room. All of it stays as it is, but for where its payload lies.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="record">The record.</param>
    /// <param name="format">Its format; <c>null</c> for a gap.</param>
    /// <param name="payload">Its payload, verified; unchanged until the frame is finished.</param>
    public static void Place(FrameBuffer frame, in HeldRecord record, FormatBlob? format, ReadOnlyMemory<byte> payload)
    {
        int formatBytes = FormatBytes(frame, format);
        record.Bytes.Span.CopyTo(frame.Memory.GetSpan()[frame.EntriesEnd..]);
        frame.Copies.Add((frame.EntriesEnd, record.Entry.Stream, payload));
        frame.EntriesEnd += record.Bytes.Length;
        frame.PayloadBytes += payload.Length;
        if (formatBytes > 0)
        {
            frame.NewFormats.Add(format!);
            frame.FormatsBytes += formatBytes;
        }

        frame.Chunk.AddToFooter(record.Entry.Stream, record.Bytes.Length, format?.Id, formatBytes);
    }

    private static int FormatBytes(FrameBuffer frame, FormatBlob? format) =>
        format is null || frame.Chunk.Knows(format.Id) ? 0 : FormatEntry.SizeOf(format.Bytes.Length);

    /// <summary>Copies the payloads, closes the tables, computes the parity, and writes the headers of all parts.</summary>
    public static void Finish(FrameBuffer frame, ulong commitNumber, WallTime now)
    {
        Span<byte> buffer = frame.Memory.GetSpan();
        ChunkLayout layout = frame.Chunk.Layout;
        frame.CommitNumber = commitNumber;
        int at = frame.EntriesEnd;
        foreach (FormatBlob format in frame.NewFormats)
        {
            at += FormatEntry.Write(buffer[at..], format.Id, format.Bytes.Span);
        }

        int headerBytes = at;
        int contentBytes = headerBytes - PartHeader.SizeBytes + (int)frame.PayloadBytes;
        frame.PartBytes = PartBytes(layout, headerBytes, contentBytes);
        var payload = new PayloadWriter(buffer, frame.PartBytes, headerBytes, stackalloc uint[layout.DataColumns], stackalloc int[layout.DataColumns]);
        foreach (PlacedRecord record in frame.Records)
        {
            var place = new ContentPlace(frame.OffsetInZone, frame.PartBytes, payload.ContentOffset);
            foreach (ref readonly StagedSample sample in record.Appender.Staged.Slice(record.First, record.Count))
            {
                payload.Copy(sample.Span);
            }

            RecordEntry.WritePayloadPlace(buffer[record.EntryAt..], place, payload.EndRecord());
        }

        foreach ((int entryAt, _, ReadOnlyMemory<byte> bytes) in frame.Copies)
        {
            if ((RecordKind)buffer[entryAt + RecordEntry.KindOffset] == RecordKind.Samples)
            {
                var place = new ContentPlace(frame.OffsetInZone, frame.PartBytes, payload.ContentOffset);
                payload.Copy(bytes.Span);
                RecordEntry.WritePayloadPlace(buffer[entryAt..], place, payload.EndRecord());
            }
        }

        payload.Pad(layout.DataColumns);
        new FrameHeader(
            now, frame.Records.Count + frame.Gaps.Count + frame.Copies.Count, frame.NewFormats.Count, frame.EntriesEnd - PartHeader.SizeBytes - FrameHeader.SizeBytes, frame.FormatsBytes,
            headerBytes - PartHeader.SizeBytes, (int)frame.PayloadBytes, frame.Chunk.Chunk.Head, commitNumber)
            .Write(buffer[PartHeader.SizeBytes..]);
        var part = new PartHeader
        {
            Kind = FrameKind.Data,
            Layout = layout,
            HeaderBytes = headerBytes,
            Chunk = frame.Chunk.Chunk.Id,
            Generation = frame.Chunk.Chunk.Generation,
            Frame = frame.Frame,
            PartBytes = frame.PartBytes,
            FrameContentBytes = contentBytes,
            Disk = 0,
            HeaderChecksum = Crc32C.Compute(buffer[PartHeader.SizeBytes..headerBytes]),
            OffsetBytes = frame.OffsetInZone,
            Zone = 0,
        };
        for (int column = 0; column < layout.DataColumns; column++)
        {
            (uint checksum, int bytes) = payload.InPart(column);
            int start = column == 0 ? headerBytes : PartHeader.SizeBytes;
            uint content = column == 0 ? Crc32C.Combine(part.HeaderChecksum, checksum, bytes) : checksum;
            PartSet.WriteHeader(buffer, part, frame.Chunk, column, PartSet.WithPadding(buffer, frame.PartBytes, column, start + bytes, content));
        }

        PartSet.AddParity(buffer, part, frame.Chunk);
        frame.Chunk.Advance(frame.PartBytes);
    }

    /// <summary>Size of each part: the content in equal shares, but all tables in column 0.</summary>
    public static int PartBytes(ChunkLayout layout, int headerBytes, long contentBytes) => (int)AlignedMemory.RoundUp(Math.Max(
        headerBytes, PartHeader.SizeBytes + (layout.DataColumns == 1 ? contentBytes : (contentBytes + layout.DataColumns - 1) / layout.DataColumns)));

    private static bool Fits(FrameBuffer frame, int entryBytes, int formatBytes, long payloadBytes, int tailCost)
    {
        int headerBytes = frame.EntriesEnd + entryBytes + frame.FormatsBytes + formatBytes + Slack;
        long content = headerBytes - PartHeader.SizeBytes + frame.PayloadBytes + payloadBytes;
        if (content > frame.MaximumContentBytes)
        {
            return false;
        }

        int part = PartBytes(frame.Chunk.Layout, headerBytes, content);
        return part <= frame.MaximumPartBytes && part <= frame.Chunk.RoomAfter(entryBytes, tailCost);
    }

    private static int Align8(int bytes) => (bytes + 7) & ~7;
}
