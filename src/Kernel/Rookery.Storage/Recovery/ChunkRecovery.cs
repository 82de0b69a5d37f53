// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Rebuilds what memory has to know of a chunk that was open when the store stopped: all of its frames up to the first that is not to be had whole.
/// </summary>
internal sealed class ChunkRecovery(DiskSet disks, ChunkReader reader, long zoneBytes)
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
    /// All of the zones were read, every column is whole, and nothing of the chunk lies behind its last whole frame, also no footer: recording may go on there. Without this proof a chunk without frames does
    /// not make its zones free.
    /// </param>
    /// <param name="BadColumns">Columns that miss the last frames that the others have, so nobody knows how many more: worth nothing. Bit i for column i.</param>
    /// <param name="TornColumns">Columns that miss one frame that the others have, as a crash or a bad spot leaves them: used, and to be rebuilt.</param>
    /// <param name="IsComplete">
    /// It ends where a frame is missing or damaged. <c>false</c>: it ends at a spot that a disk did not read, and whole frames may lie there and behind.
    /// </param>
    public readonly record struct Result(
        Chunk Chunk, IReadOnlyList<(FormatId Id, ReadOnlyMemory<byte> Bytes)> Formats, bool MayResume, ulong BadColumns, ulong TornColumns, bool IsComplete);

    /// <summary>Walks the chunk, up to the first frame that is damaged or cannot be read.</summary>
    /// <param name="set">Its columns.</param>
    /// <param name="head">Its head, in case it has no frame that says so.</param>
    /// <param name="givenUpAfter">The chunk was given up behind so many frames; 0 when it was not.</param>
    /// <param name="isAhead">It was opened ahead of need, so it has one frame at most.</param>
    /// <param name="cancellation">Stops between frames.</param>
    public Result Recover(in ColumnSet set, HeadId head, ushort givenUpAfter, bool isAhead, CancellationToken cancellation)
    {
        var walker = new FrameWalker(disks, reader, set, zoneBytes);
        var frames = new List<FoundFrame>();
        int most = isAhead ? 1 : givenUpAfter == 0 ? int.MaxValue : givenUpAfter;
        // A chunk that was only opened ahead costs one block of each column.
        most = isAhead && !MayHaveFrames(set) ? 0 : most;
        while (frames.Count < most && NextWithPatience(walker) is { } frame)
        {
            cancellation.ThrowIfCancellationRequested();
            frames.Add(frame);
        }

        bool isReadable = !walker.EndedUnreadable;
        (ulong bad, ulong torn) = CutTornTail(set, walker, frames, ref isReadable);
        Result result = Build(set, head, frames);
        bool isWhole = isReadable && (bad | torn) == 0 && givenUpAfter == 0 && !Array.Exists(set.Places, static p => p.IsNone) && result.Chunk.FrameCount == (ulong)frames.Count;
        return result with { BadColumns = bad, TornColumns = torn, IsComplete = isReadable, MayResume = isWhole && (frames.Count == 0 || HasNoFooter(set)) && (isAhead || IsLast(set, walker, result.Chunk, cancellation)) };
    }

    /// <summary>A chunk that was opened ahead of need may have been written. One short read for each column.</summary>
    public bool MayHaveFrames(in ColumnSet set)
    {
        Span<byte> first = stackalloc byte[PartHeader.SizeBytes];
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            if (!set.Places[column].IsNone && (!reader.TryReadColumn(set, column, 0, first) || (PartHeader.TryParse(first, out PartHeader part) && part.Generation == set.Generation)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the next frame; where a disk does not read, it is asked again.</summary>
    private static FoundFrame? NextWithPatience(FrameWalker walker)
    {
        FoundFrame? frame = walker.Next();
        for (int left = Tries - 1; left > 0 && frame is null && walker.EndedUnreadable; left--)
        {
            frame = walker.Next();
        }

        return frame;
    }

    /// <summary>
    /// The crash did not come while the chunk was being sealed. If it did, the chunk has to be sealed again: were it gone on with, its footers would be whole and tell only of what was there before, and a start
    /// that lacks a disk would believe them.
    /// </summary>
    private bool HasNoFooter(in ColumnSet set)
    {
        Span<byte> bytes = stackalloc byte[ChunkTrailer.SizeBytes];
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            if (!reader.TryReadColumn(set, column, zoneBytes - bytes.Length, bytes) || (ChunkTrailer.TryParse(bytes, zoneBytes, out ChunkTrailer trailer) && trailer.Generation == set.Generation))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Looks through the rest of the zones for a later frame of the same chunk. There is none after a crash; there is one when bit rot, not a crash, made the walk end, and
    /// then nothing may be written over it.
    /// </summary>
    private bool IsLast(in ColumnSet set, FrameWalker walker, Chunk chunk, CancellationToken cancellation)
    {
        byte[] buffer = new byte[(int)Math.Min(1 << 20, zoneBytes)];
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            for (long at = chunk.DataEnd; at < zoneBytes; at += buffer.Length)
            {
                cancellation.ThrowIfCancellationRequested();
                Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, zoneBytes - at));
                if (!reader.TryReadColumn(set, column, at, piece))
                {
                    return false;
                }

                for (int block = 0; block < piece.Length; block += AlignedMemory.Alignment)
                {
                    if (walker.IsPartOfChunk(piece[block..], column, at + block, out PartHeader part) && part.Frame > chunk.FrameCount)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    /// <summary>Cuts the last frames that fewer than D columns have whole.</summary>
    /// <returns>Columns that miss all of the frames that were verified and kept, and those that miss one of them.</returns>
    private static (ulong Bad, ulong Torn) CutTornTail(in ColumnSet set, FrameWalker walker, List<FoundFrame> frames, ref bool isReadable)
    {
        ulong here = 0;
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            here |= set.Places[column].IsNone ? 0 : 1UL << column;
        }

        ulong all = here;
        ulong any = 0;
        for (int i = Math.Max(0, frames.Count - FullyVerifiedFrames); i < frames.Count; i++)
        {
            ulong good = VerifyWithPatience(walker, frames[i], out ulong unreadable);
            if (unreadable == 0 && BitOperations.PopCount(good) < set.Layout.DataColumns && walker.Instead(frames[i]) is { } other)
            {
                // What the walk found behind the one is not behind the other.
                frames.RemoveRange(i, frames.Count - i);
                frames.Add(other);
                good = VerifyWithPatience(walker, other, out unreadable);
            }

            if (BitOperations.PopCount(good) < set.Layout.DataColumns)
            {
                isReadable &= unreadable == 0;
                frames.RemoveRange(i, frames.Count - i);
                break;
            }

            all &= ~good;
            any |= here & ~good;
        }

        return any == 0 ? (0, 0) : (all, any & ~all);
    }

    private static ulong VerifyWithPatience(FrameWalker walker, in FoundFrame frame, out ulong unreadable)
    {
        ulong good = walker.Verify(frame, out unreadable);
        for (int left = Tries - 1; left > 0 && unreadable != 0; left--)
        {
            good = walker.Verify(frame, out unreadable);
        }

        return good;
    }

    private static Result Build(in ColumnSet set, HeadId head, List<FoundFrame> frames)
    {
        var sections = new ChunkSections();
        var chunk = new Chunk(set.Chunk, set.Generation, frames.Count > 0 ? frames[0].Header.Head : head, set.Layout, set.Places) { Sections = sections };
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

        return new Result(chunk, formats, MayResume: false, BadColumns: 0, TornColumns: 0, IsComplete: false);
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
