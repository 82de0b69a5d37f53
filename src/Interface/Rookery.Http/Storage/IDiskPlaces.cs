// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Places for disks on this machine, and the list of those that are opened at the next start. An adapter of the composition root.</summary>
public interface IDiskPlaces
{
    /// <summary>What is at a place, without changing it.</summary>
    /// <exception cref="DeviceException">No disk can be there; the message says why.</exception>
    DiskPlace Look(DiskSpec spec);

    /// <summary>Opens the disk, or makes its file, and has it opened at every start from now on. Making a file of some TB may take seconds.</summary>
    /// <exception cref="DeviceException">It cannot be opened or made; nothing is remembered then.</exception>
    IBlockDevice Take(DiskSpec spec);

    /// <summary>What was taken did not come into the pool after all: as if it had never been taken. A file that was made stays.</summary>
    /// <param name="name">The disk's path.</param>
    void GiveUp(string name);

    /// <summary>It left the pool, and is not opened at the next start. A file stays; nothing is deleted.</summary>
    /// <param name="name">The disk's path.</param>
    void Forget(string name);
}

/// <summary>What a disk may be made of.</summary>
public enum DiskPlaceKind
{
    /// <summary>A file that will be made.</summary>
    NewFile,
    File,
    Device,
}

/// <summary>A place for a disk.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Kind">What is there.</param>
/// <param name="Bytes">What the disk has, or will have.</param>
/// <param name="FileSystem">Where the file system of a file is mounted; <c>null</c> for a device.</param>
/// <param name="SharesWith">Disks on the same device: when it fails, all of them do.</param>
public sealed record DiskPlace(string Path, DiskPlaceKind Kind, long Bytes, string? FileSystem, IReadOnlyList<string> SharesWith);
