// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>One column that is being filled.</summary>
/// <param name="Chunk">A sealed chunk, pinned.</param>
/// <param name="Column">Which column.</param>
/// <param name="Avoid">Columns that are not to be believed.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="Zone">The zone there, listed as open and being rebuilt.</param>
internal sealed record RebuildJob(Chunk Chunk, int Column, ulong Avoid, PoolDisk Target, int Zone);

/// <summary>
/// Fills a zone with a column of a sealed chunk, part by part from the other columns, each of which is verified before it is believed. Only what is live is read and written: the parts of
/// frames, the index and the tail.
/// </summary>
/// <remarks>Runs where it may wait for disks. It writes to the target on its own; a zone that is being rebuilt is nobody else's.</remarks>
internal sealed class ColumnRebuilder(StoreState state)
{
    /// <param name="job">What to do.</param>
    /// <param name="pace">Told after each part how many bytes were read and written; waits as long as recording needs the disks.</param>
    /// <param name="cancellation">Stops between parts.</param>
    /// <returns><c>false</c> when too few of the other columns are good.</returns>
    /// <exception cref="DeviceException">The target failed.</exception>
    public async ValueTask<bool> RebuildAsync(RebuildJob job, Func<long, ValueTask> pace, CancellationToken cancellation)
    {
        ColumnSet set = ColumnSet.Of(job.Chunk);
        long position = 0;
        for (ulong frame = 0; frame < job.Chunk.FrameCount; frame++)
        {
            cancellation.ThrowIfCancellationRequested();
            int written = RebuildPart(job, set, position, FrameKind.Data, frame);
            if (written == 0)
            {
                return false;
            }

            position += written;
            await pace(written * (long)(set.Layout.DataColumns + 1));
        }

        if (RebuildPart(job, set, job.Chunk.FooterStart, FrameKind.Index, job.Chunk.FrameCount) == 0 || !WriteTail(job))
        {
            return false;
        }

        OnTarget(job, static device => device.Flush());
        return true;
    }

    /// <summary>Something that the target does. It may hang, like any disk; then memory that it reads from goes to <see cref="DiskThread.Release(IDisposable)"/> and stays.</summary>
    /// <exception cref="DeviceException">It failed, or did not answer in time.</exception>
    private static void OnTarget(RebuildJob job, Action<IBlockDevice> work)
    {
        job.Target.Filler.Begin(work);
        if (job.Target.Filler.Wait() is { } failure)
        {
            throw failure;
        }
    }

    /// <returns>Size of the part; 0 when it cannot be had.</returns>
    private int RebuildPart(RebuildJob job, in ColumnSet set, long position, FrameKind kind, ulong frame)
    {
        foreach (PartHeader like in Headers(job, set, position, kind, frame))
        {
            var memory = new AlignedMemory(like.PartBytes * set.Layout.Columns);
            try
            {
                if (RebuildPart(job, set, like, memory))
                {
                    return like.PartBytes;
                }
            }
            finally
            {
                job.Target.Filler.Release(memory);
            }
        }

        return 0;
    }

    private bool RebuildPart(RebuildJob job, in ColumnSet set, in PartHeader like, AlignedMemory memory)
    {
        Span<byte> bytes = memory.GetSpan();
        ulong good = ReadGoodParts(job, set, like, bytes);
        (int at, int length) = (job.Column * like.PartBytes, like.PartBytes);
        Span<byte> mine = bytes.Slice(at, length);
        if ((good >> job.Column & 1) == 0 && !TryReconstruct(set.Layout, good, job.Column, like.PartBytes, bytes))
        {
            return false;
        }

        (like with
        {
            Column = (byte)job.Column,
            ContentChecksum = Crc32C.Compute(mine[PartHeader.SizeBytes..]),
            Disk = job.Target.Identity,
            Zone = job.Zone,
        }).Write(mine);
        long offset = job.Target.Geometry.ZoneOffset(job.Zone) + like.OffsetBytes;
        OnTarget(job, device => device.Write(offset, memory.GetSpan().Slice(at, length)));
        job.Target.CountWritten(length);
        return true;
    }

    /// <summary>
    /// What columns say that stands there, the true one first. They may differ on the last frame alone: those that a crash left behind have their part of a frame that was torn before, in fewer than D
    /// columns, and written anew. On every other frame the first that says something is believed, without asking all disks.
    /// </summary>
    private IEnumerable<PartHeader> Headers(RebuildJob job, in ColumnSet set, long position, FrameKind kind, ulong frame)
    {
        bool mayDiffer = frame + 1 >= job.Chunk.FrameCount;
        var found = new List<(PartHeader Header, int Columns)>(1);
        Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
        for (int column = 0; column < set.Layout.Columns && (mayDiffer || found.Count == 0); column++)
        {
            if ((job.Avoid >> column & 1) == 0 && state.Reader.TryReadColumn(set, column, position, bytes)
                && IsPart(bytes, set, column, position, kind, frame, out PartHeader part))
            {
                int same = found.FindIndex(f => f.Header.IsOfSameFrame(part));
                if (same < 0)
                {
                    found.Add((part, 1));
                }
                else
                {
                    found[same] = (part, found[same].Columns + 1);
                }
            }
        }

        return found.OrderByDescending(static f => f.Columns).Select(static f => f.Header);
    }

    /// <summary>Reads parts until the wanted one or D others are good.</summary>
    private ulong ReadGoodParts(RebuildJob job, in ColumnSet set, in PartHeader like, Span<byte> bytes)
    {
        ulong good = 0;
        // The column itself first: when it only moves, one read is enough.
        for (int i = 0; i < set.Layout.Columns && (good >> job.Column & 1) == 0 && BitOperations.PopCount(good) < set.Layout.DataColumns; i++)
        {
            int column = i == 0 ? job.Column : i <= job.Column ? i - 1 : i;
            Span<byte> part = bytes.Slice(column * like.PartBytes, like.PartBytes);
            if ((job.Avoid >> column & 1) == 0 && state.Reader.TryReadColumn(set, column, like.OffsetBytes, part)
                && IsPart(part, set, column, like.OffsetBytes, like.Kind, like.Frame, out PartHeader header) && header.IsOfSameFrame(like) && header.IsWhole(part))
            {
                good |= 1UL << column;
            }
        }

        return good;
    }

    private bool IsPart(ReadOnlySpan<byte> bytes, in ColumnSet set, int column, long position, FrameKind kind, ulong frame, out PartHeader part) =>
        PartHeader.TryParse(bytes, out part) && part.Kind == kind && part.Generation == set.Generation && part.Column == column && part.Layout == set.Layout
        && part.Frame == frame && part.OffsetBytes == position && part.PartBytes <= state.ZoneBytes - position
        && state.Disks.Find(set.Places[column].Disk)?.Identity == part.Disk && part.Zone == set.Places[column].Zone;

    private static bool TryReconstruct(ChunkLayout layout, ulong good, int column, int partBytes, Span<byte> bytes)
    {
        if (BitOperations.PopCount(good) < layout.DataColumns)
        {
            return false;
        }

        Span<nint> columns = stackalloc nint[layout.Columns];
        for (int i = 0; i < layout.Columns; i++)
        {
            columns[i] = i == column || (good >> i & 1) != 0 ? PartSet.AddressOf(bytes, (i * partBytes) + PartHeader.SizeBytes) : 0;
        }

        return PartSet.CodeOf(layout).Reconstruct(columns, ((1UL << layout.Columns) - 1) & ~good, (nuint)(partBytes - PartHeader.SizeBytes));
    }

    private bool WriteTail(RebuildJob job)
    {
        if (state.Footers.AnyTail([.. job.Chunk.Columns.Where((_, i) => (job.Avoid >> i & 1) == 0)], job.Chunk.Generation) is not { } tail)
        {
            return false;
        }

        var memory = new AlignedMemory((int)AlignedMemory.RoundUp(tail.Bytes.Length));
        try
        {
            WriteTail(job, tail.Tail, tail.Bytes, memory);
            return true;
        }
        finally
        {
            job.Target.Filler.Release(memory);
        }
    }

    private void WriteTail(RebuildJob job, ChunkTail tail, byte[] content, AlignedMemory memory)
    {
        Span<byte> bytes = memory.GetSpan();
        bytes.Clear();
        content.CopyTo(bytes[^content.Length..]);
        (tail.Trailer with { Column = (byte)job.Column, Disk = job.Target.Identity, Zone = job.Zone }).Write(bytes[^ChunkTrailer.SizeBytes..]);
        long offset = job.Target.Geometry.ZoneOffset(job.Zone) + state.ZoneBytes - memory.Length;
        OnTarget(job, device => device.Write(offset, memory.GetSpan()));
        job.Target.CountWritten(memory.Length);
    }
}
