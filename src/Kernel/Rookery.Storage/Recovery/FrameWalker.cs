// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A data frame as it was found.</summary>
/// <param name="Part">The header of its first part that is valid.</param>
/// <param name="Header">Its frame header.</param>
/// <param name="Entries">The record entries.</param>
/// <param name="Formats">The formats that stand in this frame.</param>
internal readonly record struct FoundFrame(PartHeader Part, FrameHeader Header, ReadOnlyMemory<byte> Entries, ReadOnlyMemory<byte> Formats);

/// <summary>
/// Goes through a chunk from frame to frame, reading headers and tables of column 0 alone; stops at the first that is not what the chunk's next frame must be. Where column 0 is not to be
/// had, the other columns' part headers tell the frame's size, and its tables are computed from them. Payload is read only when <see cref="Verify"/> is asked.
/// </summary>
internal sealed class FrameWalker(DiskSet disks, ChunkReader reader, ColumnSet set, long zoneBytes)
{
    /// <summary>Read at the start of each frame: enough for the tables of some 300 records.</summary>
    private const int FirstReadBytes = 64 << 10;

    private readonly byte[] _window = new byte[FirstReadBytes];
    private byte[] _tables = new byte[FirstReadBytes];
    private long _windowStart = -1;
    private int _windowLength;

    /// <summary>Where the next frame is looked for, from the start of the zones.</summary>
    public long Position { get; private set; }
    public ulong NextFrame { get; private set; }

    /// <summary>A disk that is here could not be read where the walk ended: what it holds there is not known.</summary>
    public bool EndedUnreadable { get; private set; }

    /// <summary>Reads the next frame's tables.</summary>
    /// <returns><c>null</c> at the end of the chunk.</returns>
    public FoundFrame? Next()
    {
        EndedUnreadable = false;
        if (Position + AlignedMemory.Alignment > zoneBytes)
        {
            return null;
        }

        if ((FromColumn0() ?? FromOthers(Position, NextFrame, unlike: null)) is not { } frame)
        {
            return null;
        }

        GoBehind(frame);
        return frame;
    }

    /// <summary>
    /// Column 0 may have been left behind, with its part of a frame that a crash tore, while others have the frame that was written over it: looks for that one. The walk goes on behind it.
    /// </summary>
    /// <param name="frame">The frame as the walk found it, of which fewer than D parts are good.</param>
    /// <returns><c>null</c>: there is none.</returns>
    public FoundFrame? Instead(in FoundFrame frame)
    {
        if (FromOthers(frame.Part.OffsetBytes, frame.Part.Frame, frame.Part) is not { } other)
        {
            return null;
        }

        GoBehind(other);
        return other;
    }

    /// <summary>Reads all of a frame's parts and checks each against its checksum.</summary>
    /// <param name="frame">A frame that the walk found.</param>
    /// <param name="unreadable">Set to the columns whose disk is here but could not be read.</param>
    /// <returns>The columns whose part is whole, and of this write of the frame: bit i for column i.</returns>
    public ulong Verify(in FoundFrame frame, out ulong unreadable)
    {
        ulong good = 0;
        unreadable = 0;
        byte[] buffer = new byte[Math.Min(1 << 20, frame.Part.PartBytes)];
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            bool? isWhole = VerifyPart(column, frame.Part, buffer);
            good |= isWhole == true ? 1UL << column : 0;
            unreadable |= isWhole is null ? 1UL << column : 0;
        }

        return good;
    }

    /// <summary>The header of a column's part, if it is what it must be there.</summary>
    public bool IsPartOfChunk(ReadOnlySpan<byte> bytes, int column, long offset, out PartHeader part) =>
        PartHeader.TryParse(bytes, out part) && part.Kind == FrameKind.Data && disks.Find(set.Places[column].Disk) is { } disk && part.Disk == disk.Identity
        && part.Zone == set.Places[column].Zone && part.Column == column && part.Layout == set.Layout && part.Chunk == set.Chunk && part.Generation == set.Generation
        && part.OffsetBytes == offset && part.PartBytes <= zoneBytes - offset;

    /// <returns><c>null</c>: the disk could not read it.</returns>
    private bool? VerifyPart(int column, in PartHeader like, byte[] buffer)
    {
        if (set.Places[column].IsNone || disks.Find(set.Places[column].Disk) is null)
        {
            return false;
        }

        long at = like.OffsetBytes;
        Span<byte> piece = buffer.AsSpan(0, Math.Min(buffer.Length, like.PartBytes));
        if (!reader.TryReadColumn(set, column, at, piece))
        {
            return null;
        }

        if (!IsPartOfChunk(piece, column, at, out PartHeader part) || !part.IsOfSameFrame(like))
        {
            return false;
        }

        uint checksum = Crc32C.Compute(piece[PartHeader.SizeBytes..]);
        for (int done = piece.Length; done < part.PartBytes; done += piece.Length)
        {
            piece = buffer.AsSpan(0, Math.Min(buffer.Length, part.PartBytes - done));
            if (!reader.TryReadColumn(set, column, at + done, piece))
            {
                return null;
            }

            checksum = Crc32C.Append(checksum, piece);
        }

        return checksum == part.ContentChecksum;
    }

    private FoundFrame? FromColumn0()
    {
        ReadOnlySpan<byte> first = Window(PartHeader.SizeBytes);
        return !first.IsEmpty && IsPartOfChunk(first, 0, Position, out PartHeader part) && part.Frame == NextFrame
            && Window(part.HeaderBytes) is { IsEmpty: false } all
            ? Parse(part, all[PartHeader.SizeBytes..part.HeaderBytes])
            : null;
    }

    private void GoBehind(in FoundFrame frame)
    {
        Position = frame.Part.OffsetBytes + frame.Part.PartBytes;
        NextFrame = frame.Part.Frame + 1;
    }

    /// <summary>A frame by the part headers of the other columns.</summary>
    /// <param name="position">Where.</param>
    /// <param name="number">Its number.</param>
    /// <param name="unlike">What it must not be; <c>null</c> for anything.</param>
    private FoundFrame? FromOthers(long position, ulong number, PartHeader? unlike)
    {
        Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            if (!reader.TryReadColumn(set, column, position, bytes))
            {
                EndedUnreadable |= !set.Places[column].IsNone && disks.Find(set.Places[column].Disk) is not null;
                continue;
            }

            if (column == 0 || !IsPartOfChunk(bytes, column, position, out PartHeader part) || part.Frame != number || (unlike is { } not && part.IsOfSameFrame(not)))
            {
                continue;
            }

            if (FromComputedTables(part) is { } frame)
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>
    /// The tables of column 0, computed from all others; from those that have their part of this write of the frame; and, because one of these may lie and it is not known which, without each of them in turn.
    /// </summary>
    private FoundFrame? FromComputedTables(in PartHeader part)
    {
        if (FromParity(part, avoid: 0) is { } frame)
        {
            return frame;
        }

        ulong others = Others(part);
        // Without column 0, which is not read anyway: that is with all of these.
        for (int without = 0; without < set.Layout.Columns; without++)
        {
            if (FromParity(part, others | 1UL << without) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Computes the tables of a frame from other columns than 0.</summary>
    private FoundFrame? FromParity(in PartHeader part, ulong avoid)
    {
        byte[] tables = new byte[part.HeaderBytes - PartHeader.SizeBytes];
        return reader.TryReconstruct(set, 0, part.OffsetBytes + PartHeader.SizeBytes, tables, avoid) ? Parse(part, tables) : null;
    }

    /// <summary>Columns that do not have their part of this write of the frame: bit i for column i.</summary>
    private ulong Others(in PartHeader like)
    {
        Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
        ulong others = 0;
        for (int column = 0; column < set.Layout.Columns; column++)
        {
            bool isLike = reader.TryReadColumn(set, column, like.OffsetBytes, bytes) && IsPartOfChunk(bytes, column, like.OffsetBytes, out PartHeader part) && part.IsOfSameFrame(like);
            others |= isLike ? 0 : 1UL << column;
        }

        return others;
    }

    private static FoundFrame? Parse(in PartHeader part, ReadOnlySpan<byte> tables)
    {
        if (Crc32C.Compute(tables) != part.HeaderChecksum || !FrameHeader.TryParse(tables, part, out FrameHeader header))
        {
            return null;
        }

        byte[] copy = tables[FrameHeader.SizeBytes..].ToArray();
        return new FoundFrame(part, header, copy.AsMemory(0, header.EntriesBytes), copy.AsMemory(header.EntriesBytes, header.FormatsBytes));
    }

    /// <summary>At least <paramref name="length"/> bytes of column 0 from <see cref="Position"/>, read ahead so that small frames cost one read for many; empty when they cannot be read.</summary>
    private ReadOnlySpan<byte> Window(int length)
    {
        if (length > _window.Length)
        {
            if (_tables.Length < length)
            {
                _tables = new byte[length];
            }

            return reader.TryReadColumn(set, 0, Position, _tables.AsSpan(0, length)) ? _tables.AsSpan(0, length) : [];
        }

        if (_windowStart < 0 || Position < _windowStart || Position + length > _windowStart + _windowLength)
        {
            _windowStart = Position;
            _windowLength = (int)Math.Min(_window.Length, zoneBytes - Position);
            if (!reader.TryReadColumn(set, 0, Position, _window.AsSpan(0, _windowLength)))
            {
                // A bad sector further on must not hide a frame before it.
                _windowLength = length;
                if (!reader.TryReadColumn(set, 0, Position, _window.AsSpan(0, _windowLength)))
                {
                    _windowStart = -1;
                    return [];
                }
            }
        }

        return _window.AsSpan((int)(Position - _windowStart), Math.Min(_windowLength - (int)(Position - _windowStart), Math.Max(length, PartHeader.SizeBytes)));
    }
}
