// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Rebuilds what memory has to know of a chunk that was open when the store stopped: all of its frames up to the first that is not whole.
/// </summary>
internal static class ChunkRecovery
{
    /// <summary>
    /// A frame is begun when the frame before it is durable, so only the last can be torn; two are verified in full because a disk that lied about a flush
    /// usually lied about one.
    /// </summary>
    private const int FullyVerifiedFrames = 2;

    public readonly record struct Result(Chunk Chunk, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> Formats);

    /// <summary>Walks the chunk. A read error ends it like a damaged frame does: what was read until then is kept.</summary>
    public static Result Recover(AlignedReader reader, StoreGeometry geometry, UInt128 disk, OpenChunkEntry entry, CancellationToken cancellation)
    {
        var walker = new FrameWalker(reader, geometry, disk, entry.Zone, entry.Chunk, entry.Generation);
        var frames = new List<FoundFrame>();
        try
        {
            while (walker.Next() is { } frame)
            {
                cancellation.ThrowIfCancellationRequested();
                frames.Add(frame);
            }
        }
        catch (DeviceException)
        {
            // What lies behind a bad spot was written after it; without the frames between it cannot be trusted to be complete.
        }

        CutTornTail(walker, frames);
        return Build(entry, frames);
    }

    private static void CutTornTail(FrameWalker walker, List<FoundFrame> frames)
    {
        for (int i = Math.Max(0, frames.Count - FullyVerifiedFrames); i < frames.Count; i++)
        {
            bool isWhole;
            try
            {
                isWhole = walker.VerifyPayload(frames[i]);
            }
            catch (DeviceException)
            {
                isWhole = false;
            }

            if (!isWhole)
            {
                frames.RemoveRange(i, frames.Count - i);
                return;
            }
        }
    }

    private static Result Build(OpenChunkEntry entry, List<FoundFrame> frames)
    {
        var sections = new ChunkSections();
        byte retentionClass = frames.Count > 0 ? frames[0].Header.Class : entry.Class;
        var chunk = new Chunk(entry.Chunk, entry.Generation, entry.Zone, retentionClass) { Sections = sections };
        var formats = new List<(FormatId, ReadOnlyMemory<byte>)>();
        foreach (FoundFrame frame in frames)
        {
            if (!TryAddRecords(chunk, sections, frame))
            {
                break;
            }

            int at = 0;
            while (at < frame.Formats.Length && FormatEntry.TryRead(frame.Formats.Span, ref at, out FormatId id, out ReadOnlySpan<byte> format))
            {
                byte[] bytes = format.ToArray();
                if (sections.AddFormat(id, bytes))
                {
                    formats.Add((id, bytes));
                }
            }

            WallTime committed = WallBounds.Clamp(frame.Header.Committed);
            chunk.Committed = chunk.FrameCount == 0
                ? new WallRange(committed, committed)
                : new WallRange(chunk.Committed.Start, WallTime.Max(chunk.Committed.End, committed));
            chunk.DataEnd = frame.Part.OffsetBytes + frame.Part.PartBytes;
            chunk.FrameCount = frame.Part.Frame + 1;
        }

        return new Result(chunk, formats);
    }

    private static bool TryAddRecords(Chunk chunk, ChunkSections sections, in FoundFrame frame)
    {
        ReadOnlySpan<byte> entries = frame.Entries.Span;
        var parsed = new List<(RecordEntry Entry, int At)>();
        int at = 0;
        for (int i = 0; i < frame.Header.RecordCount; i++)
        {
            if (!RecordEntry.TryParse(entries[at..], out RecordEntry record))
            {
                return false;
            }

            parsed.Add((record, at));
            at += record.EntryBytes;
        }

        // All or nothing: half a frame is no frame.
        foreach ((RecordEntry record, int start) in parsed)
        {
            sections.Add(record, entries.Slice(start, record.EntryBytes));
            chunk.Wall = chunk.Wall == default
                ? record.Wall
                : new WallRange(WallTime.Min(chunk.Wall.Start, record.Wall.Start), WallTime.Max(chunk.Wall.End, record.Wall.End));
        }

        return true;
    }
}
