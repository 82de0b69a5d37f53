// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>A disk of any size, of which only what was written takes memory: for addresses beyond what <see cref="SimulatedDisk"/> can hold. It has no faults.</summary>
/// <param name="capacityBytes">Its size, a multiple of 4096.</param>
public sealed class SparseDisk(long capacityBytes) : IBlockDevice
{
    private readonly Dictionary<long, byte[]> _pages = [];

    public string Name => "sparse";
    public long CapacityBytes => capacityBytes;

    /// <summary>Where writes began, in order.</summary>
    public List<long> WrittenAt { get; } = [];

    public void Read(long offsetBytes, Span<byte> destination)
    {
        for (; !destination.IsEmpty; destination = destination[DiskImage.PageBytes..], offsetBytes += DiskImage.PageBytes)
        {
            if (_pages.TryGetValue(offsetBytes, out byte[]? page))
            {
                page.CopyTo(destination);
            }
            else
            {
                destination[..DiskImage.PageBytes].Clear();
            }
        }
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        if (offsetBytes < 0 || offsetBytes + source.Length > capacityBytes || offsetBytes % DiskImage.PageBytes != 0)
        {
            throw new ArgumentException($"A write of {source.Length} bytes at {offsetBytes} does not fit the disk.");
        }

        WrittenAt.Add(offsetBytes);
        for (; !source.IsEmpty; source = source[DiskImage.PageBytes..], offsetBytes += DiskImage.PageBytes)
        {
            _pages[offsetBytes] = source[..DiskImage.PageBytes].ToArray();
        }
    }

    public void Flush()
    {
        // Nothing is ever lost here.
    }

    public void Dispose()
    {
        // Holds memory only.
    }
}
