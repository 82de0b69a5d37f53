// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The two places of the pool's document on a disk. A new one goes over the older of the two, so that a crash leaves the one before; the newest valid one of all disks counts.
/// </summary>
internal static class PoolDocumentSet
{
    public const int SlotBytes = 384 << 10;
    public const int HeaderBytes = 64;
    private const long FirstSlotOffset = 128 << 10;
    private const ulong Magic = 0x31_53_4C_4F_4F_50_4B_52; // "RKPOOLS1"
    private const uint Version = 1;

    /// <summary>What a disk says.</summary>
    /// <param name="Pool">Whose document it is.</param>
    /// <param name="Disk">On which disk it was written: tells who a disk is to be whose formatting a crash cut short.</param>
    /// <param name="Document">The newest valid one.</param>
    public readonly record struct Found(UInt128 Pool, UInt128 Disk, PoolDocument Document);

    public static long SlotOffset(ulong sequence) => FirstSlotOffset + ((long)(sequence % 2) * SlotBytes);

    /// <summary>The bytes to be written at <see cref="SlotOffset"/>, a multiple of 4096.</summary>
    /// <exception cref="StoreException">The document has outgrown its place.</exception>
    public static AlignedMemory Format(PoolDocument document, UInt128 pool, UInt128 disk)
    {
        byte[] json = document.ToJson();
        if (json.Length > SlotBytes - HeaderBytes)
        {
            throw new StoreException($"The pool's document has {json.Length} bytes; there is room for {SlotBytes - HeaderBytes}.");
        }

        var memory = new AlignedMemory((int)AlignedMemory.RoundUp(HeaderBytes + json.Length));
        Span<byte> d = memory.GetSpan();
        d.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(d, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(d[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(d[12..], json.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(d[16..], document.Sequence);
        BinaryPrimitives.WriteUInt128LittleEndian(d[24..], pool);
        BinaryPrimitives.WriteUInt128LittleEndian(d[40..], disk);
        json.CopyTo(d[HeaderBytes..]);
        BinaryPrimitives.WriteUInt32LittleEndian(d[56..], Crc32C.Compute(json));
        BinaryPrimitives.WriteUInt32LittleEndian(d[60..], Crc32C.Compute(d[..60]));
        return memory;
    }

    /// <summary>Makes a document durable on one disk.</summary>
    /// <exception cref="DeviceException">The one before is still there.</exception>
    public static void Write(IBlockDevice device, PoolDocument document, UInt128 pool, UInt128 disk)
    {
        using AlignedMemory bytes = Format(document, pool, disk);
        device.Write(SlotOffset(document.Sequence), bytes.GetSpan());
        device.Flush();
    }

    /// <summary>The newest valid document of a disk; <c>null</c> when it has none.</summary>
    public static Found? Read(IBlockDevice device)
    {
        Found? newest = null;
        for (ulong slot = 0; slot < 2; slot++)
        {
            if (ReadSlot(device, SlotOffset(slot)) is { } found && (newest is null || found.Document.Sequence > newest.Value.Document.Sequence))
            {
                newest = found;
            }
        }

        return newest;
    }

    /// <summary>Parses what stands in a slot.</summary>
    /// <param name="slot">From its beginning.</param>
    public static Found? Parse(ReadOnlySpan<byte> slot)
    {
        if (Length(slot) is not { } length || slot.Length < HeaderBytes + length)
        {
            return null;
        }

        ReadOnlySpan<byte> json = slot.Slice(HeaderBytes, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(slot[56..]) != Crc32C.Compute(json) || PoolDocument.Parse(json) is not { } document
            || document.Sequence != BinaryPrimitives.ReadUInt64LittleEndian(slot[16..])
            ? null
            : new Found(BinaryPrimitives.ReadUInt128LittleEndian(slot[24..]), BinaryPrimitives.ReadUInt128LittleEndian(slot[40..]), document);
    }

    private static int? Length(ReadOnlySpan<byte> slot)
    {
        if (slot.Length < HeaderBytes || BinaryPrimitives.ReadUInt64LittleEndian(slot) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(slot[8..]) != Version
            || BinaryPrimitives.ReadUInt32LittleEndian(slot[60..]) != Crc32C.Compute(slot[..60]))
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(slot[12..]);
        return length is >= 0 and <= SlotBytes - HeaderBytes ? length : null;
    }

    private static Found? ReadSlot(IBlockDevice device, long offset)
    {
        if (offset + SlotBytes > device.CapacityBytes)
        {
            return null;
        }

        try
        {
            using var first = new AlignedMemory(AlignedMemory.Alignment);
            device.Read(offset, first.GetSpan());
            if (Length(first.GetSpan()) is not { } length)
            {
                return null;
            }

            if (HeaderBytes + length <= first.Length)
            {
                return Parse(first.GetSpan());
            }

            using var all = new AlignedMemory((int)AlignedMemory.RoundUp(HeaderBytes + length));
            device.Read(offset, all.GetSpan());
            return Parse(all.GetSpan());
        }
        catch (DeviceException)
        {
            return null;
        }
    }
}
