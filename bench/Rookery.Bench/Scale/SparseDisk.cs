// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Win32.SafeHandles;
using Rookery.Storage;

namespace Rookery.Bench.Scale;

/// <summary>A disk of any size in sparse files of 8 TiB, because no file of ext4 is larger than 16. What was written survives the process.</summary>
internal sealed class SparseDisk : IBlockDevice
{
    private const long FileBytes = 8L << 40;
    private readonly SafeFileHandle[] _files;

    public SparseDisk(string folder, long capacityBytes)
    {
        Name = folder;
        CapacityBytes = capacityBytes;
        _files = [.. Enumerable.Range(0, (int)((capacityBytes + FileBytes - 1) / FileBytes)).Select(i => File.OpenHandle(Path.Combine(folder, $"disk-{i}"), FileMode.OpenOrCreate, FileAccess.ReadWrite))];
    }

    public string Name { get; }
    public long CapacityBytes { get; }

    public void Read(long offsetBytes, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> part = destination[..(int)Math.Min(destination.Length, FileBytes - (offsetBytes % FileBytes))];
            int read = RandomAccess.Read(_files[offsetBytes / FileBytes], part, offsetBytes % FileBytes);
            part[read..].Clear();
            destination = destination[part.Length..];
            offsetBytes += part.Length;
        }
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> part = source[..(int)Math.Min(source.Length, FileBytes - (offsetBytes % FileBytes))];
            RandomAccess.Write(_files[offsetBytes / FileBytes], part, offsetBytes % FileBytes);
            source = source[part.Length..];
            offsetBytes += part.Length;
        }
    }

    public void Flush() => Array.ForEach(_files, RandomAccess.FlushToDisk);

    public void Dispose() => Array.ForEach(_files, static file => file.Dispose());
}
