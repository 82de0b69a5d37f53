// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Asks the disks of this machine how they are: the narrow way to <c>/sys</c> and <c>smartctl</c>, so that something else can take its place.</summary>
public interface IHealthProbe
{
    /// <summary>Asks the device under a disk; may take some seconds. A device that sleeps is not woken.</summary>
    /// <param name="disk">Path of the disk: a file or a device.</param>
    /// <returns><c>null</c> when it lies on nothing that can be asked.</returns>
    DiskHealth? Ask(string disk);
}
