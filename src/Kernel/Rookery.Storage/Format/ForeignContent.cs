// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Says whether a disk that holds no store holds something else. File systems, partition tables, volume managers and RAID members leave their marks in the first or the last MiB;
/// so a disk counts as unused only when all of both is zero. The marks known here only serve to say what was found.
/// </summary>
internal static class ForeignContent
{
    private const int LookedAtBytes = 1 << 20;

    /// <summary>Marks, the more telling first: a partition table's boot sector may also be that of a file system.</summary>
    private static readonly (long Offset, byte[] Mark, string Name)[] Known =
    [
        (512, "EFI PART"u8.ToArray(), "a partition table (GPT)"),
        (4096, "EFI PART"u8.ToArray(), "a partition table (GPT)"),
        (1024 + 56, [0x53, 0xEF], "an ext2, ext3 or ext4 file system"),
        (0, "XFSB"u8.ToArray(), "an XFS file system"),
        (65_536 + 64, "_BHRfS_M"u8.ToArray(), "a btrfs file system"),
        (0, "LUKS"u8.ToArray(), "an encrypted volume (LUKS)"),
        (512, "LABELONE"u8.ToArray(), "an LVM physical volume"),
        (4096, [0xFC, 0x4E, 0x2B, 0xA9], "a member of a software RAID"),
        (0, [0xFC, 0x4E, 0x2B, 0xA9], "a member of a software RAID"),
        (4086, "SWAPSPACE2"u8.ToArray(), "a swap area"),
        (3, "NTFS    "u8.ToArray(), "an NTFS file system"),
        (3, "EXFAT   "u8.ToArray(), "an exFAT file system"),
        (82, "FAT32"u8.ToArray(), "a FAT file system"),
        (54, "FAT1"u8.ToArray(), "a FAT file system"),
        (32_769, "CD001"u8.ToArray(), "an ISO 9660 file system"),
        (510, [0x55, 0xAA], "a partition table (MBR)"),
    ];

    /// <returns>What stands on the disk, in words; <c>null</c> when its first and its last MiB are zero.</returns>
    /// <exception cref="DeviceException">A part cannot be read: nobody can say that the disk is unused.</exception>
    public static string? Find(IBlockDevice device)
    {
        using var buffer = new AlignedMemory((int)Math.Min(LookedAtBytes, device.CapacityBytes));
        Span<byte> bytes = buffer.GetSpan();
        device.Read(0, bytes);
        foreach ((long offset, byte[] mark, string name) in Known)
        {
            if (offset + mark.Length <= bytes.Length && bytes.Slice((int)offset, mark.Length).SequenceEqual(mark))
            {
                return name;
            }
        }

        if (bytes.ContainsAnyExcept((byte)0))
        {
            return "data of another kind, or a store whose superblocks are lost";
        }

        device.Read(device.CapacityBytes - bytes.Length, bytes);
        return bytes.ContainsAnyExcept((byte)0) ? "data at its end" : null;
    }
}
