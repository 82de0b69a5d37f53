// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// Finds out what pool the given devices are: reads superblocks and documents, refuses what belongs elsewhere, finishes formatting that a crash cut short, and makes a pool of disks that are
/// all blank. Design: docs/design/pool.md, "Opening".
/// </summary>
internal sealed class PoolOpening(StoreOptions options, TimeProvider clock)
{
    /// <summary>Most disks of a pool.</summary>
    public const int MaximumDisks = 64;

    /// <param name="Device">The device.</param>
    /// <param name="Superblocks">Its superblocks.</param>
    /// <param name="Document">The pool's document on it.</param>
    /// <param name="Problem">Why it cannot be used, in words; <c>null</c> when it can.</param>
    private sealed record Found(IBlockDevice Device, SuperblockSet.Found Superblocks, PoolDocumentSet.Found? Document, string? Problem)
    {
        public Superblock? Root => Problem is null ? Superblocks.Newest : null;
    }

    /// <exception cref="StoreException">The devices are no pool, or of several; the message says what is wrong.</exception>
    /// <exception cref="DeviceException">A blank disk takes no writes.</exception>
    public PoolContent Open(IReadOnlyList<IBlockDevice> devices)
    {
        if (devices.Count is 0 or > MaximumDisks)
        {
            throw new StoreException($"A pool has 1 to {MaximumDisks} disks.");
        }

        List<Found> found = [.. devices.Select(Look)];
        if (found.TrueForAll(f => f.Root is null))
        {
            if (found.Find(f => f.Problem is not null) is { } unusable)
            {
                throw new StoreException(unusable.Problem!);
            }

            // Formatting that was cut short begins anew: nothing was ever written there.
            PoolFormat.Create(devices, options, clock);
            found = [.. devices.Select(Look)];
        }

        List<Found> known = found.FindAll(f => f.Root is not null);
        UInt128 pool = known[0].Root!.Pool;
        if (known.Find(f => f.Root!.Pool != pool) is { } stranger)
        {
            throw new StoreException($"{stranger.Device.Name} belongs to another pool than {known[0].Device.Name}. Give the disks of one pool only.");
        }

        return Assemble(found, known, pool);
    }

    private PoolContent Assemble(List<Found> found, List<Found> known, UInt128 pool)
    {
        var notices = new List<PoolNotice>();
        var refused = new List<IBlockDevice>();
        PoolDocument? newest = known.Where(f => f.Document is { } d && d.Pool == pool).Select(f => f.Document!.Value.Document).MaxBy(d => d.Sequence);
        PoolDocument document = newest ?? new PoolDocument { ZoneBytes = known[0].Root!.Geometry.ZoneBytes };
        if (newest is null)
        {
            notices.Add(new PoolNotice(null, "The pool's document cannot be read on any disk: holds are lost, and retention times are as they are defined anew."));
        }

        var numbers = new PoolNumbers([.. known.Select(f => f.Root!)], options.Draw());
        var disks = new List<PoolDisk>();
        foreach (Found disk in known)
        {
            if (Refuse(disk.Root!, document, disks) is { } why)
            {
                refused.Add(disk.Device);
                notices.Add(new PoolNotice(disk.Device.Name, $"{disk.Device.Name} is not used: {why}"));
                continue;
            }

            PoolMember member = document.Find(disk.Root!.Disk) ?? new PoolMember
            {
                Number = disk.Root.Number,
                Identity = PoolMember.Text(disk.Root.Disk),
                Name = disk.Device.Name,
                CapacityBytes = disk.Root.Geometry.CapacityBytes,
            };
            document = document.Find(member.Id) is null ? document.With(member) : document;
            disks.Add(new PoolDisk(disk.Device, disk.Root, member.State, disk.Superblocks.FirstPair, numbers, options));
        }

        foreach (Found disk in found.Where(f => f.Problem is not null))
        {
            refused.Add(disk.Device);
            notices.Add(new PoolNotice(disk.Device.Name, disk.Problem!));
        }

        foreach (Found disk in found.Where(f => f.Root is null && f.Problem is null))
        {
            if (FinishOrJoin(disk, pool, ref document, numbers) is { } root)
            {
                disks.Add(new PoolDisk(disk.Device, root, DiskState.Online, firstPair: 0, numbers, options));
            }
            else
            {
                refused.Add(disk.Device);
                notices.Add(new PoolNotice(
                    disk.Device.Name, $"{disk.Device.Name} is blank and not used: it belongs to no pool. Add it to the pool, or see whether what should be there is mounted."));
            }
        }

        if (disks.Count == 0)
        {
            throw new StoreException($"No disk of the pool can be used. {string.Join(" ", notices.Select(n => n.Words))}");
        }

        return new PoolContent(pool, document, !ReferenceEquals(document, newest), numbers, disks, notices, refused);
    }

    private static Found Look(IBlockDevice device)
    {
        SuperblockSet.Found superblocks = SuperblockSet.Read(device);
        return new Found(device, superblocks, PoolDocumentSet.Read(device), ProblemOf(device, superblocks));
    }

    private static string? ProblemOf(IBlockDevice device, in SuperblockSet.Found superblocks)
    {
        if (superblocks.Newest is not { } newest)
        {
            return !superblocks.IsBeingFormatted && ForeignContent.Find(device) is { } content
                ? $"{device.Name} is neither blank nor a store that can be read: it holds {content}. Nothing was written. If nothing on it is needed, fill its first and last MiB with zeros and start again."
                : null;
        }

        if (newest.Geometry.CapacityBytes > device.CapacityBytes)
        {
            return $"{device.Name} has {device.CapacityBytes} bytes, but its store was made for {newest.Geometry.CapacityBytes}. Give it back its size.";
        }

        return superblocks.ValidCopies < StoreGeometry.SuperblockCopies && SuperblockSet.IsOutdated(device, newest)
            ? $"The only superblock of {device.Name} that can be read is older than the footage on it. Recording there would overwrite footage, so the disk is left as it is. Replace it."
            : null;
    }

    /// <returns>Why a disk of this pool is not taken, in words; <c>null</c> when it is.</returns>
    private static string? Refuse(Superblock root, PoolDocument document, List<PoolDisk> taken)
    {
        if (document.Find(root.Disk) is { State: DiskState.Removed })
        {
            return "it was removed from the pool.";
        }

        if (taken.Exists(d => d.Identity == root.Disk))
        {
            return "it is a copy of another disk that is here.";
        }

        if (document.Find(root.Disk) is null && (document.Members.Any(m => m.Number == root.Number) || taken.Exists(d => d.Number == root.Number)))
        {
            return "another disk has taken its number.";
        }

        return root.Geometry.ZoneBytes != document.ZoneBytes ? "its zones have another size than those of the pool." : null;
    }

    /// <summary>A blank disk: one of this pool whose formatting a crash cut short is finished, another one joins if that was asked for.</summary>
    private Superblock? FinishOrJoin(Found disk, UInt128 pool, ref PoolDocument document, PoolNumbers numbers)
    {
        PoolMember? member = disk.Document is { } said && said.Pool == pool ? document.Find(said.Disk) : null;
        if (member is null)
        {
            if (!options.JoinBlankDisks)
            {
                return null;
            }

            int number = document.Members.Select(m => m.Number).DefaultIfEmpty(-1).Max() + 1;
            member = PoolFormat.Member(disk.Device, number, options);
            document = document.With(member);
            SuperblockSet.WriteMark(disk.Device);
            PoolDocumentSet.Write(disk.Device, document with { Sequence = document.Sequence + 1 }, pool, member.Id);
        }

        return PoolFormat.Format(new PoolFormat.NewDisk(disk.Device, member), pool, document.ZoneBytes, numbers.OpenEpoch - 1, clock);
    }
}
