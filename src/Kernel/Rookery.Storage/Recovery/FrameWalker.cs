// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A data frame as it was found.</summary>
/// <param name="Part">Its part header.</param>
/// <param name="Header">Its frame header.</param>
/// <param name="Entries">The record entries.</param>
/// <param name="Formats">The formats that stand in this frame.</param>
internal readonly record struct FoundFrame(PartHeader Part, FrameHeader Header, ReadOnlyMemory<byte> Entries, ReadOnlyMemory<byte> Formats);

/// <summary>
/// Goes through a chunk from frame to frame, reading headers and tables; stops at the first that is not what the chunk's next frame must be. Payload is read only
/// when <see cref="VerifyPayload"/> is asked.
/// </summary>
internal sealed class FrameWalker(AlignedReader reader, StoreGeometry geometry, UInt128 disk, int zone, ulong chunk, ulong generation)
{
    /// <summary>Read at the start of each frame: enough for the tables of some 300 records.</summary>
    private const int FirstReadBytes = 64 << 10;

    private readonly byte[] _window = new byte[FirstReadBytes];
    private byte[] _tables = new byte[FirstReadBytes];
    private long _windowStart = -1;
    private int _windowLength;

    /// <summary>Where the next frame is looked for, from the start of the zone.</summary>
    public long Position { get; private set; }
    public ulong NextFrame { get; private set; }

    /// <summary>Reads the next frame's tables.</summary>
    /// <returns><c>null</c> at the end of the chunk.</returns>
    /// <exception cref="DeviceException">The device could not read.</exception>
    public FoundFrame? Next()
    {
        if (Position + AlignedMemory.Alignment > geometry.ZoneBytes)
        {
            return null;
        }

        ReadOnlySpan<byte> first = Window(PartHeader.SizeBytes);
        if (!PartHeader.TryParse(first, out PartHeader part) || part.Kind != FrameKind.Data || part.Disk != disk || part.Zone != zone
            || part.Chunk != chunk || part.Generation != generation || part.Frame != NextFrame || part.OffsetBytes != Position
            || part.PartBytes > geometry.ZoneBytes - Position)
        {
            return null;
        }

        ReadOnlySpan<byte> tables = Window(part.HeaderBytes)[PartHeader.SizeBytes..part.HeaderBytes];
        if (Crc32C.Compute(tables) != part.HeaderChecksum || !FrameHeader.TryParse(tables, part, out FrameHeader header))
        {
            return null;
        }

        byte[] copy = tables[FrameHeader.SizeBytes..].ToArray();
        Position += part.PartBytes;
        NextFrame++;
        return new FoundFrame(part, header, copy.AsMemory(0, header.EntriesBytes), copy.AsMemory(header.EntriesBytes, header.FormatsBytes));
    }

    /// <summary>Reads all of a frame and checks it against its part's checksum.</summary>
    /// <exception cref="DeviceException">The device could not read.</exception>
    public bool VerifyPayload(in FoundFrame frame)
    {
        byte[] buffer = new byte[Math.Min(1 << 20, frame.Part.ContentBytes)];
        long at = geometry.ZoneOffset(zone) + frame.Part.OffsetBytes;
        int left = frame.Part.ContentBytes;
        int skip = PartHeader.SizeBytes;
        uint checksum = 0;
        while (left > 0)
        {
            Span<byte> piece = buffer.AsSpan(0, Math.Min(left, buffer.Length));
            reader.Read(at, piece);
            checksum = Crc32C.Append(checksum, piece[skip..]);
            skip = 0;
            at += piece.Length;
            left -= piece.Length;
        }

        return checksum == frame.Part.ContentChecksum;
    }

    /// <summary>At least <paramref name="length"/> bytes from <see cref="Position"/>, read ahead so that small frames cost one read for many.</summary>
    private ReadOnlySpan<byte> Window(int length)
    {
        if (length > _window.Length)
        {
            if (_tables.Length < length)
            {
                _tables = new byte[length];
            }

            reader.Read(geometry.ZoneOffset(zone) + Position, _tables.AsSpan(0, length));
            return _tables.AsSpan(0, length);
        }

        if (_windowStart < 0 || Position < _windowStart || Position + length > _windowStart + _windowLength)
        {
            _windowStart = -1; // A read that fails leaves nothing to be believed, also when it is tried again.
            _windowLength = (int)Math.Min(_window.Length, geometry.ZoneBytes - Position);
            reader.Read(geometry.ZoneOffset(zone) + Position, _window.AsSpan(0, _windowLength));
            _windowStart = Position;
        }

        return _window.AsSpan((int)(Position - _windowStart), Math.Min(_windowLength - (int)(Position - _windowStart), Math.Max(length, PartHeader.SizeBytes)));
    }
}
