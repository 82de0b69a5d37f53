// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>Makes pools and disks of pools. A mark comes first; then the document is on the disks before any superblock, so that a crash leaves marked disks that say whose they were to be.</summary>
internal static class PoolFormat
{
    /// <summary>A disk that is to be formatted.</summary>
    public readonly record struct NewDisk(IBlockDevice Device, PoolMember Member);

    /// <summary>Makes a pool of blank disks.</summary>
    /// <exception cref="StoreException">A disk is too small.</exception>
    /// <exception cref="DeviceException">A disk takes no writes: it stays blank.</exception>
    public static (UInt128 Pool, PoolDocument Document) Create(IReadOnlyList<IBlockDevice> devices, StoreOptions options, TimeProvider clock)
    {
        UInt128 pool = options.Identity ?? Draw(options);
        // All columns of a chunk are equally long, so the smallest disk says how large a zone may be.
        long zoneBytes = devices.Select(d => StoreGeometry.Choose(d.CapacityBytes, options.ZoneBytes)).Min(g => g.ZoneBytes);
        NewDisk[] disks = [.. devices.Select((device, number) => new NewDisk(device, Member(device, number, options)))];
        var document = new PoolDocument { Sequence = 1, ZoneBytes = zoneBytes, Members = [.. disks.Select(d => d.Member)] };
        foreach (NewDisk disk in disks)
        {
            SuperblockSet.WriteMark(disk.Device);
            PoolDocumentSet.Write(disk.Device, document, pool, disk.Member.Id);
        }

        foreach (NewDisk disk in disks)
        {
            Format(disk, pool, zoneBytes, openEpoch: 0, clock);
        }

        return (pool, document);
    }

    public static PoolMember Member(IBlockDevice device, int number, StoreOptions options) => new()
    {
        Number = number,
        Identity = PoolMember.Text(options.Identity is { } fixedIdentity ? fixedIdentity + 1 + (UInt128)number : Draw(options)),
        Name = device.Name,
        CapacityBytes = device.CapacityBytes,
    };

    /// <summary>Writes the first superblock of a blank disk whose document is durable.</summary>
    public static Superblock Format(NewDisk disk, UInt128 pool, long zoneBytes, ulong openEpoch, TimeProvider clock)
    {
        StoreGeometry geometry = StoreGeometry.Choose(disk.Device.CapacityBytes, zoneBytes);
        var root = new Superblock
        {
            Sequence = 1,
            Pool = pool,
            Disk = disk.Member.Id,
            Number = (ushort)disk.Member.Number,
            Geometry = geometry,
            Created = WallTime.Now(clock),
            Written = WallTime.Now(clock),
            OpenEpoch = openEpoch,
            NextChunk = 1,
            NextGeneration = 1,
            Clean = true,
            Spares = [.. Enumerable.Range(0, Math.Min(geometry.ZoneCount, Superblock.MaximumSpares))],
        };
        SuperblockSet.WriteFirst(disk.Device, root);
        return root;
    }

    private static UInt128 Draw(StoreOptions options) => new(options.Draw(), options.Draw());
}
