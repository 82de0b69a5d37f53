// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Http.Tests;

/// <summary>A machine on which every path but one that has "full" in it takes a disk.</summary>
internal sealed class MemoryPlaces : IDiskPlaces
{
    /// <summary>What is opened at the next start.</summary>
    public HashSet<string> Remembered { get; } = [];

    /// <summary>Devices that were opened and not given to anybody.</summary>
    public int Disposed { get; private set; }

    public DiskPlace Look(DiskSpec spec) => spec.Path.Contains("full", StringComparison.Ordinal)
        ? throw new DeviceException("There is no room.")
        : new DiskPlace(spec.Path, DiskPlaceKind.NewFile, spec.SizeBytes ?? 4000 * MemoryPool.ZoneBytes, "/mnt/d", []);

    public IBlockDevice Take(DiskSpec spec)
    {
        Look(spec);
        Remembered.Add(spec.Path);
        return new Device(this, spec.Path);
    }

    public void GiveUp(string name) => Remembered.Remove(name);

    public void Forget(string name) => Remembered.Remove(name);

    private sealed class Device(MemoryPlaces places, string name) : IBlockDevice
    {
        public string Name => name;
        public long CapacityBytes => 4000 * MemoryPool.ZoneBytes;

        public void Read(long offsetBytes, Span<byte> destination)
        {
        }

        public void Write(long offsetBytes, ReadOnlySpan<byte> source)
        {
        }

        public void Flush()
        {
        }

        public void Dispose() => places.Disposed++;
    }
}
