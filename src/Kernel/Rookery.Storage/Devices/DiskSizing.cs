// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>How large a file a disk may be, so that the file system it lies on never fills up.</summary>
public static class DiskSizing
{
    /// <summary>Smallest disk, 96 MiB: superblocks and five zones of 16 MiB, one more than a store needs. Good for trials only.</summary>
    public const long MinimumBytes = 96L << 20;

    /// <summary>Smallest disk that is chosen without being asked for, 2 GiB: an hour of one 4 Mbit/s camera.</summary>
    public const long MinimumChosenBytes = 2L << 30;

    /// <summary>Largest disk that is chosen without being asked for: 1 GiB below the 16 TiB that a file on ext4 with 4 KiB blocks can have.</summary>
    public const long MaximumChosenBytes = (16L << 40) - (1L << 30);

    /// <summary>What stays free of a file system at the least when a size is asked for by name, 1 GiB: logs, the catalog and other programs still work.</summary>
    public const long LeastLeftBytes = 1L << 30;

    /// <summary>The size of a new disk file when none is asked for: all but max(10 % of the file system, 5 GiB), in whole GiB.</summary>
    /// <param name="freeBytes">Bytes free to this user on the file system.</param>
    /// <param name="totalBytes">Size of the file system.</param>
    /// <exception cref="DeviceException">Less than <see cref="MinimumChosenBytes"/> would come out.</exception>
    public static long Choose(long freeBytes, long totalBytes)
    {
        const long Gibibyte = 1L << 30;
        long left = Math.Max(totalBytes / 10, 5 * Gibibyte);
        long size = Math.Min(freeBytes - left, MaximumChosenBytes) / Gibibyte * Gibibyte;
        return size >= MinimumChosenBytes
            ? size
            : throw new DeviceException(
                $"{new ByteSize(freeBytes)} of {new ByteSize(totalBytes)} are free. Of these {new ByteSize(left)} are left alone, which leaves too little for video "
                + $"(at least {new ByteSize(MinimumChosenBytes)}). Free some space, choose another place, or give a size: PATH:SIZE.");
    }

    /// <summary>Refuses a size asked for by name that would fill the file system.</summary>
    /// <exception cref="DeviceException">Less than <see cref="LeastLeftBytes"/> would be left.</exception>
    public static void Check(long sizeBytes, long freeBytes)
    {
        if (freeBytes - sizeBytes < LeastLeftBytes)
        {
            throw new DeviceException(
                $"{new ByteSize(sizeBytes)} were asked for, but only {new ByteSize(freeBytes)} are free, of which {new ByteSize(LeastLeftBytes)} must be left.");
        }
    }
}
