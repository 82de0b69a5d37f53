// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>From staged samples to durable frames.</summary>
internal sealed partial class Committer
{
    /// <summary>Writes all frames of one class. <c>false</c> when there was nothing to write.</summary>
    private bool CommitClass(byte retentionClass)
    {
        long waiting = WaitingBytes(retentionClass);
        if (waiting == 0)
        {
            return false;
        }

        while (waiting > 0)
        {
            OpenChunk? chunk = HeadFor(retentionClass, waiting);
            if (chunk is null || !WriteFrame(chunk, retentionClass))
            {
                break;
            }

            waiting = WaitingBytes(retentionClass);
        }

        CompleteUnderWay();
        // Nothing is under way: begin with the first buffer again. While one frame holds a whole commit, which is the rule, the pages of the second are not touched.
        _nextBuffer = 0;
        return true;
    }

    /// <summary>The chunk to write to: the head's, or a new one when what is left of it is not worth a seek.</summary>
    private OpenChunk? HeadFor(byte retentionClass, long waiting)
    {
        OpenChunk? head = _heads[retentionClass];
        if (head is not null && head.RoomBytes < Math.Min(waiting, _state.Geometry.ZoneBytes / 16))
        {
            PutAway(head);
            head = _heads[retentionClass];
        }

        return head ?? OpenHead(retentionClass);
    }

    private OpenChunk? OpenHead(byte retentionClass)
    {
        if (_resumable[retentionClass] is { } resumed)
        {
            if (_gaveUp && !TryWriteSuperblock())
            {
                return null;
            }

            _resumable[retentionClass] = null;
            return _heads[retentionClass] = resumed;
        }

        if (_ahead[retentionClass] is { } ahead)
        {
            if (_gaveUp && !TryWriteSuperblock())
            {
                return null;
            }

            _ahead[retentionClass] = null;
            _state.Ledger.Begin(ahead.Chunk);
            return _heads[retentionClass] = ahead;
        }

        if (!_state.Ledger.HasRoomForOpen)
        {
            GiveBackOneAhead();
            SealOneResumable();
            SealLeftOver(now: null);
        }

        if (_state.Ledger.FreeCount == 0 && !GiveBackOneAhead())
        {
            FreeZoneForHead();
        }

        if (!_state.Ledger.TryOpen(retentionClass, isAhead: false, out OpenChunkEntry entry))
        {
            _noChunk = WhyNoChunk();
            return null;
        }

        return _heads[retentionClass] = NewChunk(entry);
    }

    private OpenChunk NewChunk(in OpenChunkEntry entry) =>
        new(new Chunk(entry.Chunk, entry.Generation, entry.Zone, entry.Class) { Sections = new ChunkSections() }, _state.Geometry.ZoneBytes);

    /// <summary>Lays out one frame and hands it to the disk, having waited for the one before it.</summary>
    /// <returns><c>false</c> when the disk failed: what was laid out waits again.</returns>
    private bool WriteFrame(OpenChunk chunk, byte retentionClass)
    {
        FrameBuffer frame = _buffers[_nextBuffer];
        frame.Begin(chunk);
        try
        {
            return TryWriteFrame(frame, chunk, retentionClass);
        }
        catch
        {
            // An error of the program. What is half done is undone, or the samples would be acknowledged with the next frame without being in it.
            Rollback(frame);
            try
            {
                CompleteUnderWay();
            }
            finally
            {
                if (ReferenceEquals(_heads[retentionClass], chunk))
                {
                    Abandon(chunk);
                }
            }

            throw;
        }
    }

    private bool TryWriteFrame(FrameBuffer frame, OpenChunk chunk, byte retentionClass)
    {
        Fill(frame, retentionClass);
        if (frame.IsEmpty)
        {
            if (chunk.Position > 0)
            {
                PutAway(chunk);
                return true;
            }

            // Cannot be: an appender refuses samples that do not fit into an empty chunk.
            throw new InvalidOperationException("A staged sample does not fit into an empty chunk.");
        }

        FrameBuilder.Finish(frame, _state.Disk, _state.Ledger.NextCommitNumber(), WallTime.Now(_state.Clock));
        if (!CompleteUnderWay() || chunk.HasFailed || !Announce(chunk, frame.Frame))
        {
            Rollback(frame);
            return false;
        }

        _writer.Submit(frame.Memory, frame.PartBytes, _state.Geometry.ZoneOffset(chunk.Chunk.Zone) + frame.OffsetInZone);
        _underWay = frame;
        _nextBuffer ^= 1;
        return true;
    }

    private void Fill(FrameBuffer frame, byte retentionClass)
    {
        if (!FillGaps(frame, retentionClass))
        {
            return;
        }

        foreach (StreamAppender appender in _staged)
        {
            while (appender.Class == retentionClass && appender.Placed < appender.StagedCount)
            {
                if (!FrameBuilder.TryPlace(frame, appender))
                {
                    return;
                }
            }
        }
    }

    /// <returns><c>false</c> when they do not all fit.</returns>
    private bool FillGaps(FrameBuffer frame, byte retentionClass)
    {
        // Closed up in one pass: after a long failure there may be tens of thousands.
        int left = 0;
        bool fit = true;
        for (int i = 0; i < _gaps.Count; i++)
        {
            StagedGap gap = _gaps[i];
            fit = fit && (gap.Class != retentionClass || FrameBuilder.TryPlace(frame, gap));
            if (!fit || gap.Class != retentionClass)
            {
                _gaps[left++] = gap;
            }
        }

        _gaps.RemoveRange(left, _gaps.Count - left);
        return fit;
    }

    /// <summary>Waits for the frame at the disk and publishes it, or takes it back.</summary>
    /// <returns><c>false</c> when it failed.</returns>
    private bool CompleteUnderWay()
    {
        if (_underWay is not { } frame)
        {
            return true;
        }

        _underWay = null;
        if (_writer.Wait() is { } failure)
        {
            Rollback(frame);
            DiskFailed(frame.Chunk, failure);
            return false;
        }

        Publish(frame);
        DiskWorks();
        return true;
    }

    /// <summary>The frame is durable: makes it visible, then acknowledges it, then lets go of its memory.</summary>
    private void Publish(FrameBuffer frame)
    {
        MonotonicTime at = MonotonicTime.Now(_state.Clock);
        WallTime now = WallTime.Now(_state.Clock);
        Chunk chunk = frame.Chunk.Chunk;
        ChunkSections sections = chunk.Sections!;
        if (chunk.FrameCount == 0)
        {
            chunk.Committed = new WallRange(now, now);
            _state.Chunks.Add(chunk);
        }

        chunk.Committed = new WallRange(chunk.Committed.Start, WallTime.Max(chunk.Committed.Start, now));
        chunk.DataEnd = frame.OffsetInZone + frame.PartBytes;
        chunk.FrameCount = frame.Frame + 1;
        chunk.CommitNumber = frame.CommitNumber;
        foreach (FormatBlob format in frame.NewFormats)
        {
            if (sections.AddFormat(format.Id, format.Bytes))
            {
                _state.Formats.Add(format.Id, format.Bytes);
            }
        }

        ReadOnlySpan<byte> buffer = frame.Memory.GetSpan();
        foreach ((int entryAt, StagedGap gap) in frame.Gaps)
        {
            PublishEntry(chunk, sections, _state.Streams.Get(gap.Stream), buffer, entryAt, out _);
        }

        MonotonicTime oldest = at;
        foreach (PlacedRecord record in frame.Records)
        {
            PublishEntry(chunk, sections, record.Appender.Index, buffer, record.EntryAt, out RecordEntry entry);
            oldest = record.Appender.StagedSince < oldest ? record.Appender.StagedSince : oldest;
            record.Appender.Publish(record.Count, entry.PayloadBytes, entry.Wall.End, at);
        }

        if (frame.Records.Count > 0)
        {
            _state.Counters.CountWait(at - oldest);
        }

        _state.Chunks.Extended(chunk);
        _state.Counters.CountFrame(frame.PartBytes);
    }

    private static void PublishEntry(Chunk chunk, ChunkSections sections, StreamIndex index, ReadOnlySpan<byte> buffer, int entryAt, out RecordEntry entry)
    {
        if (!RecordEntry.TryParse(buffer[entryAt..], out entry))
        {
            throw new InvalidOperationException("A record entry that was just written does not parse.");
        }

        sections.Add(entry, buffer.Slice(entryAt, entry.EntryBytes));
        chunk.Wall = chunk.Wall == default
            ? entry.Wall
            : new WallRange(WallTime.Min(chunk.Wall.Start, entry.Wall.Start), WallTime.Max(chunk.Wall.End, entry.Wall.End));
        index.Add(chunk, entry);
    }

    private void Rollback(FrameBuffer frame)
    {
        for (int i = frame.Records.Count - 1; i >= 0; i--)
        {
            PlacedRecord record = frame.Records[i];
            record.Appender.Unplace(record.First, record.Sequence);
        }

        _gaps.InsertRange(0, frame.Gaps.Select(g => g.Gap));
    }

    private long WaitingBytes(byte retentionClass)
    {
        long bytes = 0;
        foreach (StagedGap gap in _gaps)
        {
            bytes += gap.Class == retentionClass ? RecordEntry.FixedBytes : 0;
        }

        foreach (StreamAppender appender in _staged)
        {
            if (appender.Class == retentionClass)
            {
                for (int i = appender.Placed; i < appender.StagedCount; i++)
                {
                    bytes += appender.Staged[i].Length + SampleTable.MinimumRowBytes;
                }
            }
        }

        return bytes;
    }
}
