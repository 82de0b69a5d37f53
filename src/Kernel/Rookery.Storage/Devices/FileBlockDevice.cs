// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A disk that is a fully allocated file or a raw block device, past the page cache where the file system allows it.</summary>
/// <remarks>
/// <para>
/// The page cache is avoided for three reasons: footage is written once and rarely read soon; an error of a write is told by that write and not by some later flush that
/// may miss it; and memory stays bounded. Space is allocated when the file is made, so that a full file system can never stop a recording.
/// </para>
/// <para>One process holds a disk: the lock lies on the open file and goes with the process, however it ends.</para>
/// <para>Writes and flushes come from the disk's own thread, reads from any thread.</para>
/// </remarks>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the one place that reads and writes disks")]
public sealed partial class FileBlockDevice : IBlockDevice
{
    private readonly SafeFileHandle _handle;
    private readonly int _descriptor;

    private FileBlockDevice(string name, int descriptor, long capacityBytes, bool isDirect, bool isNew)
    {
        Name = name;
        CapacityBytes = capacityBytes;
        IsDirect = isDirect;
        IsNew = isNew;
        _descriptor = descriptor;
        _handle = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public string Name { get; }

    public long CapacityBytes { get; }

    /// <summary>Reads and writes go past the page cache (<c>O_DIRECT</c>).</summary>
    public bool IsDirect { get; }

    /// <summary>The file was made by this call: it has no content yet.</summary>
    public bool IsNew { get; }

    /// <summary>What the operator should know about this disk, in words; <c>null</c> when there is nothing.</summary>
    public string? Notice => IsDirect
        ? null
        : $"The file system of {Name} does not allow direct I/O: writes go through the page cache, which costs memory and processor time.";

    public void Read(long offsetBytes, Span<byte> destination)
    {
        Check(offsetBytes, destination);
        while (!destination.IsEmpty)
        {
            int count;
            try
            {
                count = RandomAccess.Read(_handle, destination, offsetBytes);
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new DeviceException($"Reading {destination.Length} bytes at {offsetBytes} of {Name} failed: {problem.Message}", problem);
            }

            if (count == 0)
            {
                throw new DeviceException($"{Name} ends at {offsetBytes}, before its size of {CapacityBytes} bytes.");
            }

            destination = destination[count..];
            offsetBytes += count;
        }
    }

    public void Write(long offsetBytes, ReadOnlySpan<byte> source)
    {
        Check(offsetBytes, source);
        try
        {
            RandomAccess.Write(_handle, source, offsetBytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DeviceException($"Writing {source.Length} bytes at {offsetBytes} of {Name} failed: {problem.Message}", problem);
        }
    }

    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        while (Linux.SyncData(_descriptor) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Linux.Interrupted)
            {
                throw new DeviceException($"Flushing {Name} failed: {Linux.ErrorText(error)}");
            }
        }
    }

    /// <remarks>ATA disks take it, if the process has CAP_SYS_RAWIO; files, SAS, flash and virtual disks do not.</remarks>
    public bool TryStandby()
    {
        if (_handle.IsClosed || FileKinds.Of(Name) != FileKind.BlockDevice)
        {
            return false;
        }

        Span<byte> command = [Linux.StandbyImmediate, 0, 0, 0];
        return Linux.Control(_descriptor, Linux.DriveCommand, command) == 0;
    }

    public void Dispose() => _handle.Dispose();

    /// <summary>A misaligned transfer is an error of the caller, found here and not as a refusal of some kernels only.</summary>
    private void Check(long offsetBytes, ReadOnlySpan<byte> buffer)
    {
        const int Mask = AlignedMemory.Alignment - 1;
        if (((offsetBytes | (long)buffer.Length) & Mask) != 0 || !IsAligned(buffer))
        {
            throw new ArgumentException($"A transfer of {buffer.Length} bytes at {offsetBytes} of {Name}: offset, length and address must be multiples of {AlignedMemory.Alignment}.");
        }

        if (offsetBytes < 0 || offsetBytes > CapacityBytes - buffer.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offsetBytes), offsetBytes, $"{buffer.Length} bytes do not lie within the {CapacityBytes} bytes of {Name}.");
        }
    }

    private static unsafe bool IsAligned(ReadOnlySpan<byte> buffer) =>
        buffer.IsEmpty || ((nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer)) & (AlignedMemory.Alignment - 1)) == 0;
}
