// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Reads bytes of chunks from whatever columns there are: straight from the data column that holds them, and, where it is missing, errs or lies, computed from D others at the same
/// offsets. Any range, byte by byte: no whole part is read for one record.
/// </summary>
/// <param name="disks">The disks that are here.</param>
/// <param name="isForPool">Reads of the pool's own thread, which never queue behind viewers.</param>
internal sealed class ChunkReader(DiskSet disks, bool isForPool)
{
    /// <summary>Reconstructed in one piece: D of these are read into memory.</summary>
    private const int PieceBytes = 256 << 10;

    /// <summary>Reads a column as it stands on its disk.</summary>
    /// <param name="set">The chunk's columns.</param>
    /// <param name="column">Which.</param>
    /// <param name="offsetInZone">From the start of its zone.</param>
    /// <param name="destination">Filled.</param>
    /// <returns><c>false</c> when the column is not to be had there.</returns>
    public bool TryReadColumn(in ColumnSet set, int column, long offsetInZone, Span<byte> destination)
    {
        ColumnPlace place = set.Places[column];
        if (place.IsNone || disks.Find(place.Disk) is not { } disk || offsetInZone + destination.Length > disk.Geometry.ZoneBytes)
        {
            return false;
        }

        try
        {
            (isForPool ? disk.PoolReader : disk.Reader).Read(disk.Geometry.ZoneOffset(place.Zone) + offsetInZone, destination);
            return true;
        }
        catch (DeviceException)
        {
            disk.CountError();
            return false;
        }
    }

    /// <summary>Computes bytes of a column from D others.</summary>
    /// <param name="set">The chunk's columns.</param>
    /// <param name="column">Which; it is not read.</param>
    /// <param name="offsetInZone">Within the content of one part: neither headers nor anything else that the parity does not cover.</param>
    /// <param name="destination">Filled.</param>
    /// <param name="avoid">Columns that are not to be believed.</param>
    public bool TryReconstruct(in ColumnSet set, int column, long offsetInZone, Span<byte> destination, ulong avoid = 0)
    {
        avoid |= 1UL << column;
        if (set.Layout.DataColumns == 1)
        {
            return TryReadCopy(set, offsetInZone, destination, avoid);
        }

        if (BitOperations.PopCount(avoid) > set.Layout.ParityColumns)
        {
            return false;
        }

        int piece = (int)Math.Min(PieceBytes, AlignedMemory.RoundUp(destination.Length));
        using var memory = new AlignedMemory(piece * set.Layout.Columns);
        while (!destination.IsEmpty)
        {
            int length = Math.Min(piece, destination.Length);
            if (!TryReconstructPiece(set, column, offsetInZone, destination[..length], avoid, memory.GetSpan(), piece))
            {
                return false;
            }

            destination = destination[length..];
            offsetInZone += length;
        }

        return true;
    }

    /// <summary>Reads content of a frame or an index.</summary>
    /// <param name="set">The chunk's columns.</param>
    /// <param name="place">Where it begins.</param>
    /// <param name="destination">Filled.</param>
    /// <param name="avoid">Columns that are not to be believed: bit i for column i.</param>
    /// <param name="failed">Set to the columns that had to be done without.</param>
    /// <returns><c>false</c> when it cannot be had.</returns>
    public bool TryRead(in ColumnSet set, ContentPlace place, Span<byte> destination, ulong avoid, ref ulong failed)
    {
        while (!destination.IsEmpty)
        {
            int column = place.Column;
            int length = Math.Min(place.LeftInColumn, destination.Length);
            if (column >= set.Layout.DataColumns)
            {
                return false;
            }

            bool isDirect = (avoid >> column & 1) == 0;
            if (!isDirect || !TryReadColumn(set, column, place.OffsetInZone, destination[..length]))
            {
                failed |= isDirect ? 1UL << column : 0;
                if (!TryReconstruct(set, column, place.OffsetInZone, destination[..length], avoid))
                {
                    return false;
                }
            }

            destination = destination[length..];
            place = place.Plus(length);
        }

        return true;
    }

    /// <summary>Reads content whose checksum is known, and searches for the lie when it does not agree.</summary>
    /// <param name="set">The chunk's columns.</param>
    /// <param name="place">Where it begins.</param>
    /// <param name="destination">Filled.</param>
    /// <param name="checksum">CRC-32C of all of it.</param>
    /// <param name="failed">Set to the columns that are missing, err or lie.</param>
    /// <returns><c>false</c> when more columns are bad than the layout bears.</returns>
    public bool TryReadVerified(in ColumnSet set, ContentPlace place, Span<byte> destination, uint checksum, out ulong failed)
    {
        failed = 0;
        if (TryRead(set, place, destination, avoid: 0, ref failed) && Crc32C.Compute(destination) == checksum)
        {
            return true;
        }

        // Which column lies is not known: each that may, then each two, is done without until the checksum agrees.
        for (int first = 0; first < set.Layout.Columns && set.Layout.ParityColumns > 0; first++)
        {
            for (int second = first; second < (set.Layout.ParityColumns > 1 ? set.Layout.Columns : first + 1); second++)
            {
                ulong avoid = (1UL << first) | (1UL << second);
                ulong missing = 0;
                if (TryRead(set, place, destination, avoid, ref missing) && Crc32C.Compute(destination) == checksum)
                {
                    failed |= avoid | missing;
                    return true;
                }
            }
        }

        return false;
    }

    private bool TryReadCopy(in ColumnSet set, long offsetInZone, Span<byte> destination, ulong avoid)
    {
        for (int other = 0; other < set.Layout.Columns; other++)
        {
            if ((avoid >> other & 1) == 0 && TryReadColumn(set, other, offsetInZone, destination))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryReconstructPiece(in ColumnSet set, int column, long offsetInZone, Span<byte> destination, ulong avoid, Span<byte> memory, int stride)
    {
        Span<nint> columns = stackalloc nint[set.Layout.Columns];
        ulong missing = (1UL << set.Layout.Columns) - 1;
        int needed = set.Layout.DataColumns;
        for (int other = 0; other < set.Layout.Columns && needed > 0; other++)
        {
            if ((avoid >> other & 1) == 0 && TryReadColumn(set, other, offsetInZone, memory.Slice(other * stride, destination.Length)))
            {
                columns[other] = PartSet.AddressOf(memory, other * stride);
                missing &= ~(1UL << other);
                needed--;
            }
        }

        columns[column] = PartSet.AddressOf(memory, column * stride);
        if (needed > 0 || !PartSet.CodeOf(set.Layout).Reconstruct(columns, missing, (nuint)destination.Length))
        {
            return false;
        }

        memory.Slice(column * stride, destination.Length).CopyTo(destination);
        return true;
    }
}
