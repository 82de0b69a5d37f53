// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Where things lie on a disk: superblocks at both ends, zones of equal size between.</summary>
/// <param name="CapacityBytes">Size of the disk when it was formatted.</param>
/// <param name="ZoneBytes">Size of a zone, a multiple of 4096.</param>
/// <param name="ZoneCount">Number of zones.</param>
internal readonly record struct StoreGeometry(long CapacityBytes, long ZoneBytes, int ZoneCount)
{
    /// <summary>Zones begin at 1 MiB, the alignment that partitions, RAID stripes and flash erase blocks share.</summary>
    public const long FirstZoneBytes = 1 << 20;

    /// <summary>Room for the two superblock copies at the end.</summary>
    public const long TailBytes = 128 << 10;

    /// <summary>Distance between the two copies at one end: further apart than one torn write or one bad spot.</summary>
    public const long CopyDistanceBytes = 64 << 10;

    public const int SuperblockCopies = 4;
    public const long LargestZoneBytes = 256 << 20;
    public const long SmallestChosenZoneBytes = 16 << 20;

    /// <summary>Smallest zone the format allows; only tests use less than 16 MiB.</summary>
    public const long SmallestZoneBytes = 64 << 10;

    /// <summary>Zones wanted at least: retention frees one at a time, so a zone is the grain of what is kept.</summary>
    private const int WantedZones = 64;

    /// <summary>Fewest zones a store can work with: one being written, two free ahead, one to keep.</summary>
    public const int FewestZones = 4;

    public long ZoneOffset(int zone) => FirstZoneBytes + (zone * ZoneBytes);

    /// <summary>Where a superblock copy lies. Copies 0 and 1 are at the front, 2 and 3 at the end.</summary>
    public static long CopyOffset(int copy, long capacityBytes) =>
        copy < 2 ? copy * CopyDistanceBytes : capacityBytes - TailBytes + ((copy - 2) * CopyDistanceBytes);

    /// <summary>The geometry of a new disk: zones of 256 MiB, halved down to 16 MiB until there are 64.</summary>
    /// <exception cref="StoreException">The disk is too small.</exception>
    public static StoreGeometry Choose(long capacityBytes, long? zoneBytes)
    {
        long room = capacityBytes - FirstZoneBytes - TailBytes;
        long zone = zoneBytes ?? LargestZoneBytes;
        if (zoneBytes is null)
        {
            while (zone > SmallestChosenZoneBytes && room / zone < WantedZones)
            {
                zone /= 2;
            }
        }

        long count = room / zone;
        if (count < FewestZones)
        {
            throw new StoreException(
                $"The disk has {capacityBytes} bytes; a store needs at least {FirstZoneBytes + TailBytes + (FewestZones * zone)} (four zones of {zone}).");
        }

        return new StoreGeometry(capacityBytes, zone, (int)Math.Min(count, int.MaxValue));
    }

    public bool IsValid =>
        ZoneBytes >= SmallestZoneBytes && ZoneBytes <= LargestZoneBytes && ZoneBytes % AlignedMemory.Alignment == 0
        && ZoneCount >= FewestZones && CapacityBytes % AlignedMemory.Alignment == 0
        && FirstZoneBytes + (ZoneCount * ZoneBytes) + TailBytes <= CapacityBytes;
}
