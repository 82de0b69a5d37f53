// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers;
using System.Runtime.InteropServices;

namespace Rookery.Foundation;

/// <summary>Native memory aligned to 4 KiB, as <c>O_DIRECT</c> wants it. The owner disposes it; contents are undefined at first.</summary>
public sealed unsafe class AlignedMemory : MemoryManager<byte>
{
    /// <summary>Alignment in bytes of address, and of every offset and length that reaches a device.</summary>
    public const int Alignment = 4096;

    private byte* _pointer;

    /// <param name="lengthBytes">A positive multiple of <see cref="Alignment"/>.</param>
    public AlignedMemory(int lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(lengthBytes % Alignment, 0);
        _pointer = (byte*)NativeMemory.AlignedAlloc((nuint)lengthBytes, Alignment);
        Length = lengthBytes;
    }

    public int Length { get; }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_pointer is null, this);
        return new Span<byte>(_pointer, Length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => new(_pointer + elementIndex, pinnable: this);

    public override void Unpin()
    {
    }

    /// <summary>Gives the pages from <paramref name="offsetBytes"/> on back to the system. What they held is lost; they come back when they are written to.</summary>
    public void GiveBackFrom(int offsetBytes)
    {
        ObjectDisposedException.ThrowIf(_pointer is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offsetBytes, (uint)Length, nameof(offsetBytes));
        Pages.GiveBack(_pointer + offsetBytes, Length - offsetBytes);
    }

    /// <summary>Rounds up to the next multiple of <see cref="Alignment"/>.</summary>
    public static long RoundUp(long bytes) => (bytes + Alignment - 1) & ~(long)(Alignment - 1);

    protected override void Dispose(bool disposing)
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
