// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Goes through one column of a chunk from part to part, whatever the other columns are: every part has a checksum of its own.</summary>
internal sealed class PartWalker(AlignedReader reader, PoolDisk disk, OpenColumn column)
{
    /// <summary>Where the next part is looked for, from the start of the zone.</summary>
    public long Position { get; private set; }
    public ulong NextFrame { get; private set; }

    /// <returns><c>null</c> at the end of the chunk.</returns>
    /// <exception cref="DeviceException">The device could not read.</exception>
    public PartHeader? Next()
    {
        if (Position + AlignedMemory.Alignment > disk.Geometry.ZoneBytes)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[PartHeader.SizeBytes];
        reader.Read(disk.Geometry.ZoneOffset(column.Zone) + Position, bytes);
        if (!PartHeader.TryParse(bytes, out PartHeader part) || part.Kind != FrameKind.Data || part.Disk != disk.Identity || part.Zone != column.Zone
            || part.Generation != column.Generation || part.Column != column.Column || part.Frame != NextFrame || part.OffsetBytes != Position
            || part.PartBytes > disk.Geometry.ZoneBytes - Position)
        {
            return null;
        }

        Position += part.PartBytes;
        NextFrame++;
        return part;
    }

    /// <summary>Reads all of a part and checks it.</summary>
    /// <exception cref="DeviceException">The device could not read.</exception>
    public bool Verify(in PartHeader part)
    {
        byte[] bytes = new byte[part.PartBytes];
        reader.Read(disk.Geometry.ZoneOffset(column.Zone) + part.OffsetBytes, bytes);
        return part.IsWhole(bytes);
    }
}
