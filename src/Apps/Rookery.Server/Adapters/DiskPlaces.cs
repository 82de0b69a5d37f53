// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Http;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Server;

/// <summary>Places for disks on this machine; what is taken and given up goes into the settings, so that the next start opens the same disks.</summary>
/// <param name="list">The settings' list.</param>
/// <param name="poolDisks">Paths of the disks that the pool has.</param>
internal sealed class DiskPlaces(DiskList list, Func<IReadOnlyList<string>> poolDisks) : IDiskPlaces
{
    public DiskPlace Look(DiskSpec spec)
    {
        string path = Path.GetFullPath(spec.Path);
        (long bytes, bool isNew, bool isDevice) = FileBlockDevice.LookForNew(spec);
        IReadOnlyList<string> devices = DiskTopology.DevicesUnder(path);
        string? fileSystem = isDevice ? null : DiskTopology.MountPoint(path);
        // Where the devices cannot be told, one file system is one device.
        List<string> shares = [.. poolDisks().Where(other =>
            devices.Count > 0 ? DiskTopology.DevicesUnder(other).Intersect(devices).Any() : fileSystem is not null && DiskTopology.MountPoint(other) == fileSystem)];
        return new DiskPlace(path, isDevice ? DiskPlaceKind.Device : isNew ? DiskPlaceKind.NewFile : DiskPlaceKind.File, bytes, fileSystem, shares);
    }

    public IBlockDevice Take(DiskSpec spec)
    {
        FileBlockDevice device = FileBlockDevice.OpenOrCreate(spec);
        try
        {
            // Before it belongs to the pool: a disk in the list that is blank does no harm, one of the pool that is not in the list would be missed at the next start.
            list.Put(new ListedDisk(device.Name, spec.SizeBytes, ListedDiskState.Added));
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    public void GiveUp(string name) => list.Forget(name);

    public void Forget(string name) => list.Put(new ListedDisk(name, null, ListedDiskState.Removed));
}
