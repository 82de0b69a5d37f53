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

    /// <summary>A controller that was reset, or a cable: the next try may read what the first could not.</summary>
    private const int Tries = 3;

    /// <param name="Chunk">The chunk with its whole frames.</param>
    /// <param name="Formats">The formats it refers to.</param>
    /// <param name="MayResume">
    /// All of the zone was read, and nothing of the chunk lies behind its last whole frame: recording may go on there. Without this proof a chunk without frames does not make its zone free.
    /// </param>
    /// <param name="IsComplete">
    /// It ends where a frame is missing or damaged. <c>false</c>: it ends at a spot that the disk did not read, and whole frames may lie there and behind.
    /// </param>
    public readonly record struct Result(Chunk Chunk, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> Formats, bool MayResume, bool IsComplete);

    /// <summary>Walks the chunk, up to the first frame that is damaged or cannot be read.</summary>
    public static Result Recover(AlignedReader reader, StoreGeometry geometry, UInt128 disk, OpenChunkEntry entry, CancellationToken cancellation)
    {
        var walker = new FrameWalker(reader, geometry, disk, entry.Zone, entry.Chunk, entry.Generation);
        var frames = new List<FoundFrame>();
        bool isReadable = true;
        int most = entry.IsAhead ? 1 : entry.Frames == 0 ? int.MaxValue : entry.Frames;
        try
        {
            // A chunk that was only opened ahead costs one block.
            most = entry.IsAhead && !Retried(() => HasFirstFrame(reader, geometry, entry)) ? 0 : most;
            while (frames.Count < most && Retried(walker.Next) is { } frame)
            {
                cancellation.ThrowIfCancellationRequested();
                frames.Add(frame);
            }
        }
        catch (DeviceException)
        {
            // What lies behind a bad spot was written after it; without the frames between it cannot be shown.
            isReadable = false;
        }

        isReadable &= CutTornTail(walker, frames);
        Result result = Build(entry, frames);
        return result with
        {
            IsComplete = isReadable,
            // Of a chunk opened ahead the superblock proves that nothing lies behind its first frame.
            MayResume = isReadable && entry.Frames == 0 && result.Chunk.FrameCount == (ulong)frames.Count
                && (entry.IsAhead || IsLast(reader, geometry, disk, result.Chunk, cancellation)),
        };
    }

    /// <summary>A chunk that was opened ahead of need has been written. One short read.</summary>
    public static bool HasFirstFrame(AlignedReader reader, StoreGeometry geometry, OpenChunkEntry entry)
    {
        Span<byte> first = stackalloc byte[PartHeader.SizeBytes];
        reader.Read(geometry.ZoneOffset(entry.Zone), first);
        return PartHeader.TryParse(first, out PartHeader part) && part.Generation == entry.Generation;
    }

    /// <summary>
    /// Looks through the rest of the zone for a later frame of the same chunk. There is none after a crash; there is one when bit rot, not a crash, made the walk end, and
    /// then nothing may be written over it.
    /// </summary>
    private static bool IsLast(AlignedReader reader, StoreGeometry geometry, UInt128 disk, Chunk chunk, CancellationToken cancellation)
    {
        byte[] buffer = new byte[(int)Math.Min(1 << 20, geometry.ZoneBytes)];
        try
        {
            for (long at = chunk.DataEnd; at < geometry.ZoneBytes; at += buffer.Length)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, geometry.ZoneBytes - at));
                reader.Read(geometry.ZoneOffset(chunk.Zone) + at, piece);
                for (int block = 0; block < piece.Length; block += AlignedMemory.Alignment)
                {
                    if (PartHeader.TryParse(piece[block..], out PartHeader part) && part.Disk == disk && part.Kind == FrameKind.Data && part.Zone == chunk.Zone
                        && part.Generation == chunk.Generation && part.OffsetBytes == at + block && part.Frame > chunk.FrameCount)
                    {
                        return false;
                    }
                }
            }
        }
        catch (DeviceException)
        {
            return false;
        }

        return true;
    }

    /// <returns><c>false</c> when a frame could not be read: it may be whole.</returns>
    private static bool CutTornTail(FrameWalker walker, List<FoundFrame> frames)
    {
        for (int i = Math.Max(0, frames.Count - FullyVerifiedFrames); i < frames.Count; i++)
        {
            bool isWhole = false;
            bool isReadable = true;
            try
            {
                FoundFrame frame = frames[i];
                isWhole = Retried(() => walker.VerifyPayload(frame));
            }
            catch (DeviceException)
            {
                isReadable = false;
            }

            if (!isWhole)
            {
                frames.RemoveRange(i, frames.Count - i);
                return isReadable;
            }
        }

        return true;
    }

    /// <exception cref="DeviceException">Each try failed.</exception>
    private static T Retried<T>(Func<T> read)
    {
        for (int left = Tries - 1; left > 0; left--)
        {
            try
            {
                return read();
            }
            catch (DeviceException)
            {
                // Again.
            }
        }

        return read();
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
            chunk.CommitNumber = frame.Header.CommitNumber;
        }

        return new Result(chunk, formats, MayResume: false, IsComplete: false);
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
