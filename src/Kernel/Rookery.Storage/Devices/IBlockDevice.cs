// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// The one narrow way to a disk: a file, a raw device or a simulated disk. Called by that disk's own thread for writes,
/// and by a rebuild for a zone that is its own; by any thread for reads.
/// </summary>
/// <remarks>
/// Offsets, lengths and buffer addresses are multiples of <see cref="Rookery.Foundation.AlignedMemory.Alignment"/>. A write may be torn, reordered with
/// others or lost until a <see cref="Flush"/> that began after it returned has come back. A failed write or flush says nothing about which bytes
/// are on the disk; the caller treats it as a failure of the device and never retries in place.
/// </remarks>
public interface IBlockDevice : IDisposable
{
    /// <summary>What people call this disk: its path, or its name in the simulator.</summary>
    string Name { get; }

    /// <summary>Usable bytes, a multiple of 4096.</summary>
    long CapacityBytes { get; }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offsetBytes"/>.</summary>
    /// <exception cref="DeviceException">The device could not read all of it.</exception>
    void Read(long offsetBytes, Span<byte> destination);

    /// <summary>Writes all of <paramref name="source"/> at <paramref name="offsetBytes"/>. Not durable before <see cref="Flush"/>.</summary>
    /// <exception cref="DeviceException">The device failed; nothing is known about the range.</exception>
    void Write(long offsetBytes, ReadOnlySpan<byte> source);

    /// <summary>Returns when every earlier write is durable.</summary>
    /// <exception cref="DeviceException">The device failed; earlier writes may be lost.</exception>
    void Flush();

    /// <summary>Spins the disk down until it is read or written again. May take seconds.</summary>
    /// <returns><c>false</c>: it cannot, or will not, and goes on as it is.</returns>
    bool TryStandby() => false;
}

/// <summary>A disk did not do what was asked.</summary>
public sealed class DeviceException : IOException
{
    public DeviceException()
    {
    }

    public DeviceException(string message)
        : base(message)
    {
    }

    public DeviceException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
