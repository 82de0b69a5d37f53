// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What becomes of a round at the disks: announced, written and flushed on all disks side by side, published or taken back.</summary>
internal sealed partial class Committer
{
    private readonly List<FrameBuffer> _underWay = [];
    private readonly List<PoolDisk> _atWork = [];

    /// <summary>Invariant 1: the superblocks know each chunk before its zones are written. Takes back the frames of chunks that could not be announced.</summary>
    private void Announce(List<FrameBuffer> frames)
    {
        if (frames.Exists(f => !f.Chunk.MayWrite(f.Frame)) || _state.Disks.All.Any(d => IsUsable(d) && d.Ledger.HasUnsavedGiveUp))
        {
            WriteSuperblocks([.. Dirty().Union(frames.Where(f => !f.Chunk.MayWrite(f.Frame)).SelectMany(f => DisksOf(f.Chunk.Chunk)).Where(IsUsable))], clean: false);
        }

        bool giveUpsAreSafe = SaveGiveUps();
        foreach (FrameBuffer frame in frames.ToArray())
        {
            if (giveUpsAreSafe && !frame.Chunk.HasFailed && frame.Chunk.MayWrite(frame.Frame) && IsUsable(frame.Chunk.Chunk))
            {
                continue;
            }

            frames.Remove(frame);
            Rollback(frame);
            if (_heads.WithCurrent(frame.Chunk) is not null)
            {
                // Its next frame was laid out behind one that will never be there.
                Abandon(frame.Chunk);
            }
        }
    }

    /// <summary>Begins to write all parts: each disk gets its parts in one go, and one flush.</summary>
    private void Submit(List<FrameBuffer> frames)
    {
        _underWay.AddRange(frames);
        foreach (PoolDisk disk in _state.Disks.All)
        {
            List<(FrameBuffer Frame, int Column)> parts = [.. frames.Select(f => (f, f.Chunk.Chunk.ColumnOn(disk.Number))).Where(p => p.Item2 >= 0)];
            if (parts.Count == 0)
            {
                continue;
            }

            _atWork.Add(disk);
            disk.Writer.Begin(device =>
            {
                long begin = _state.Clock.GetTimestamp();
                foreach ((FrameBuffer frame, int column) in parts)
                {
                    ReadOnlySpan<byte> part = frame.Part(column);
                    device.Write(disk.Geometry.ZoneOffset(frame.Chunk.Chunk.Columns[column].Zone) + frame.OffsetInZone, part);
                    disk.CountWritten(part.Length);
                }

                device.Flush();
                TimeSpan duration = _state.Clock.GetElapsedTime(begin);
                disk.Recent.Add(duration);
                disk.Pace.Add(parts.Sum(static p => (long)p.Frame.PartBytes), duration);
            });
        }
    }

    /// <summary>Waits for the frames at the disks and publishes them, or takes back those of which a part failed.</summary>
    /// <returns><c>false</c> when one failed.</returns>
    private bool CompleteUnderWay()
    {
        if (_underWay.Count == 0)
        {
            return true;
        }

        List<FrameBuffer> frames = [.. _underWay];
        _underWay.Clear();
        var failed = new HashSet<int>();
        foreach (PoolDisk disk in _atWork)
        {
            if (disk.Writer.Wait() is { } failure)
            {
                failed.Add(disk.Number);
                DiskFailed(disk, failure);
            }
            else
            {
                DiskWorks(disk);
            }
        }

        _atWork.Clear();
        foreach (FrameBuffer frame in frames)
        {
            if (!Array.Exists(frame.Chunk.Chunk.Columns, c => failed.Contains(c.Disk)))
            {
                Publish(frame);
                continue;
            }

            Rollback(frame);
            if (_heads.WithCurrent(frame.Chunk) is not null)
            {
                Abandon(frame.Chunk);
            }

            Withdraw(frame);
        }

        return failed.Count == 0;
    }

    /// <summary>A disk that hangs may still write from the memory of a frame: it is not used again, and freed when the last of these disks has returned. At most one round for each disk.</summary>
    private void Withdraw(FrameBuffer frame)
    {
        List<DiskThread> hung = [.. DisksOf(frame.Chunk.Chunk).Select(d => d.Writer).Where(w => w.IsHung)];
        if (hung.Count == 0)
        {
            return;
        }

        _heads.Find(frame.Chunk.Chunk.Head)?.Withdraw(frame);
        DiskThread.Release(hung, frame);
    }

    /// <summary>The frame is durable on all of its disks: makes it visible, then acknowledges it, then lets go of its memory.</summary>
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

        foreach ((int entryAt, StreamId stream, _) in frame.Copies)
        {
            PublishEntry(chunk, sections, _state.Streams.Get(stream), buffer, entryAt, out _);
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
        _state.Counters.CountFrame(frame.PartBytes * chunk.Layout.Columns);
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
}
