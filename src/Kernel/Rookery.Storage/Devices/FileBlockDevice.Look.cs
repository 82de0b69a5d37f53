// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

// Looking at a place before a disk is made there.
public sealed partial class FileBlockDevice
{
    /// <summary>What a blank disk at a place has, or will have; changes nothing.</summary>
    /// <param name="spec">The place.</param>
    /// <returns>Its bytes, whether a file is to be made, and whether it is a device.</returns>
    /// <exception cref="DeviceException">There is no room, it is in use, or it is not blank; the message is for a person.</exception>
    public static (long Bytes, bool IsNew, bool IsDevice) LookForNew(DiskSpec spec)
    {
        if (!Exists(spec))
        {
            return (SizeIn(NearestDirectory(Path.GetFullPath(spec.Path)), spec.SizeBytes), IsNew: true, IsDevice: false);
        }

        using FileBlockDevice device = Open(spec, DeviceAccess.ReadOnly);
        SuperblockSet.Found found = SuperblockSet.Read(device);
        if (found.Newest is not null)
        {
            throw new DeviceException($"{device.Name} belongs to a pool already. If nothing on it is needed, fill its first and last MiB with zeros.");
        }

        return !found.IsBeingFormatted && ForeignContent.Find(device) is { } content
            ? throw new DeviceException($"{device.Name} is not blank: it holds {content}. If nothing on it is needed, fill its first and last MiB with zeros.")
            : (device.CapacityBytes, IsNew: false, FileKinds.Of(device.Name) == FileKind.BlockDevice);
    }

    private static string NearestDirectory(string path)
    {
        string? directory = Path.GetDirectoryName(path);
        while (directory is not null && FileKinds.Of(directory) == FileKind.None)
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory is not null && FileKinds.Of(directory) == FileKind.Directory ? directory : throw new DeviceException($"{path} cannot be made: {directory ?? "its place"} is no directory.");
    }

    private static long SizeIn(string directory, long? askedBytes)
    {
        try
        {
            DriveInfo fileSystem = new(directory);
            if (askedBytes is { } size)
            {
                DiskSizing.Check(size, fileSystem.AvailableFreeSpace);
                return size;
            }

            return DiskSizing.Choose(fileSystem.AvailableFreeSpace, fileSystem.TotalSize);
        }
        catch (Exception problem) when (problem is DeviceException or IOException or UnauthorizedAccessException)
        {
            throw new DeviceException($"No disk can be made in {directory}: {problem.Message}", problem);
        }
    }
}
