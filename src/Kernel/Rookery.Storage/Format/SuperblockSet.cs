// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The four copies of the superblock, in two pairs of one copy at each end of the disk. <see cref="SuperblockWriter"/> sees to it that whatever a crash tears,
/// one pair remains, of the new state or of the one before, and both are true.
/// </summary>
internal static class SuperblockSet
{
    /// <summary>What was found on a disk.</summary>
    /// <param name="Newest">The newest valid copy; <c>null</c> when there is none.</param>
    /// <param name="ValidCopies">How many of the four are valid, of any age.</param>
    /// <param name="IsBlank">All four places hold only zeros, or a mark says that formatting was begun and not finished.</param>
    /// <param name="IsBeingFormatted">There is that mark.</param>
    /// <param name="FirstPair">The pair to be written first: the one that lacks the newest state.</param>
    public readonly record struct Found(Superblock? Newest, int ValidCopies, bool IsBlank, bool IsBeingFormatted, int FirstPair);

    /// <summary>"RKFORMAT": stands alone at the place of copy 1 while a blank disk is being formatted.</summary>
    private const ulong FormattingMark = 0x54_41_4D_52_4F_46_4B_52;
    private const int MarkedCopy = 1;

    public static Found Read(IBlockDevice device)
    {
        using var buffer = new AlignedMemory(Superblock.SizeBytes);
        Superblock? newest = null;
        int valid = 0;
        int pairsWithNewest = 0;
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
                int pair = 1 << (copy % 2);
                pairsWithNewest = newest is null || found.Sequence > newest.Sequence ? pair : found.Sequence == newest.Sequence ? pairsWithNewest | pair : pairsWithNewest;
                newest = newest is null || found.Sequence > newest.Sequence ? found : newest;
            }
        }

        return new Found(newest, valid, blank || formatting, formatting, FirstPair: pairsWithNewest == 1 ? 1 : 0);
    }

    /// <summary>
    /// Makes the first superblock of a blank disk durable. On a disk whose sectors are smaller than a superblock a crash could tear both copies of the first pair, and the disk would look
    /// foreign; so <see cref="WriteMark"/> goes before, which one sector holds whole or not at all, and which the second pair overwrites.
    /// </summary>
    /// <exception cref="DeviceException">The disk is not formatted.</exception>
    public static void WriteFirst(IBlockDevice device, Superblock superblock)
    {
        using var writer = new SuperblockWriter(device, firstPair: 0);
        writer.Write(superblock);
    }

    /// <summary>Marks a blank disk as one that is being formatted. Goes before everything else.</summary>
    /// <exception cref="DeviceException">The disk is not formatted.</exception>
    public static void WriteMark(IBlockDevice device)
    {
        using var buffer = new AlignedMemory(Superblock.SizeBytes);
        Span<byte> bytes = buffer.GetSpan()[..Superblock.SizeBytes];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, FormattingMark);
        device.Write(StoreGeometry.CopyOffset(MarkedCopy, device.CapacityBytes), bytes);
        device.Flush();
    }

    /// <summary>
    /// The newest copy that can be read may be a leftover in a place that takes no writes any more. Then chunks were written since, the first of them in one of its spare zones; there
    /// a generation stands that it has not given out yet. Or a chunk that it lists as opened ahead has a second frame by now, which would be written over. At most 80 short reads, asked only when a
    /// copy is missing.
    /// </summary>
    public static bool IsOutdated(IBlockDevice device, Superblock newest)
    {
        using var buffer = new AlignedMemory(AlignedMemory.Alignment);
        return newest.Spares.Any(zone => PartAt(zone, 0) is { } part && part.Generation >= newest.NextGeneration)
            || newest.Open.Any(entry => PartAt(entry.Zone, 0) is { } first
                && (first.Generation >= newest.NextGeneration
                    || (entry.IsAhead && first.Generation == entry.Generation && PartAt(entry.Zone, first.PartBytes)?.Generation == entry.Generation)));

        PartHeader? PartAt(int zone, long offset)
        {
            if (offset + AlignedMemory.Alignment > newest.Geometry.ZoneBytes)
            {
                return null;
            }

            try
            {
                device.Read(newest.Geometry.ZoneOffset(zone) + offset, buffer.GetSpan());
            }
            catch (DeviceException)
            {
                // It proves nothing; another may.
                return null;
            }

            return PartHeader.TryParse(buffer.GetSpan(), out PartHeader part) && part.Kind == FrameKind.Data && part.Disk == newest.Disk && part.Zone == zone && part.OffsetBytes == offset ? part : null;
        }
    }
}
