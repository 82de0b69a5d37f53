// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The four copies of the superblock. They are written in two pairs, one copy at each end of the disk, with a flush after each pair: whatever a crash tears,
/// one whole pair remains, of the new state or of the one before, and both are true.
/// </summary>
internal static class SuperblockSet
{
    /// <summary>What was found on a disk.</summary>
    /// <param name="Newest">The newest valid copy; <c>null</c> when there is none.</param>
    /// <param name="ValidCopies">How many of the four are valid, of any age.</param>
    /// <param name="IsBlank">All four places hold only zeros, or a mark says that formatting was begun and not finished: a disk that was never used.</param>
    public readonly record struct Found(Superblock? Newest, int ValidCopies, bool IsBlank);

    /// <summary>"RKFORMAT": stands alone at the place of copy 1 while a blank disk is being formatted.</summary>
    private const ulong FormattingMark = 0x54_41_4D_52_4F_46_4B_52;
    private const int MarkedCopy = 1;

    public static Found Read(IBlockDevice device)
    {
        using var buffer = new AlignedMemory(Superblock.SizeBytes);
        Superblock? newest = null;
        int valid = 0;
        bool blank = true;
        bool formatting = false;
        for (int copy = 0; copy < StoreGeometry.SuperblockCopies; copy++)
        {
            long offset = StoreGeometry.CopyOffset(copy, device.CapacityBytes);
            if (offset < 0 || offset + Superblock.SizeBytes > device.CapacityBytes)
            {
                throw new StoreException($"{device.Name} is too small for a store.");
            }

            try
            {
                device.Read(offset, buffer.GetSpan());
            }
            catch (DeviceException)
            {
                // One bad spot must not hide the other copies.
                blank = false;
                continue;
            }

            blank &= !buffer.GetSpan().ContainsAnyExcept((byte)0);
            formatting |= copy == MarkedCopy && BinaryPrimitives.ReadUInt64LittleEndian(buffer.GetSpan()) == FormattingMark;
            Superblock? found = Superblock.Parse(buffer.GetSpan());
            if (found is not null)
            {
                valid++;
                newest = newest is null || found.Sequence > newest.Sequence ? found : newest;
            }
        }

        return new Found(newest, valid, blank || formatting);
    }

    /// <summary>
    /// Makes the first superblock of a blank disk durable. On a disk whose sectors are smaller than a superblock a crash could tear both copies of the first pair, and the disk would look
    /// foreign; so a mark goes before, which one sector holds whole or not at all, and which the second pair overwrites.
    /// </summary>
    public static void WriteFirst(IBlockDevice device, Superblock superblock, AlignedMemory buffer)
    {
        Span<byte> bytes = buffer.GetSpan()[..Superblock.SizeBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, FormattingMark);
        device.Write(StoreGeometry.CopyOffset(MarkedCopy, device.CapacityBytes), bytes);
        device.Flush();
        Write(device, superblock, buffer);
    }

    /// <summary>Makes <paramref name="superblock"/> durable in all four places.</summary>
    /// <exception cref="DeviceException">The state on the disk is this one or the one before.</exception>
    public static void Write(IBlockDevice device, Superblock superblock, AlignedMemory buffer)
    {
        Span<byte> bytes = buffer.GetSpan()[..Superblock.SizeBytes];
        superblock.Write(bytes);
        for (int pair = 0; pair < 2; pair++)
        {
            device.Write(StoreGeometry.CopyOffset(pair, device.CapacityBytes), bytes);
            device.Write(StoreGeometry.CopyOffset(pair + 2, device.CapacityBytes), bytes);
            device.Flush();
        }
    }
}
