// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Foundation;

/// <summary>CRC-32C (Castagnoli), the checksum of everything on disk: RFC 3720 appendix B.4, value 0 for no bytes.</summary>
/// <remarks>
/// The processor's CRC instruction answers after three cycles but takes a new operand every cycle, so one chain leaves two thirds of it idle.
/// Long inputs are cut into three lanes that are summed side by side and joined with <see cref="Crc32CShift"/>. Where the processor multiplies 512 bits
/// without carry, they are folded instead (<see cref="Crc32CFold"/>), and only the end is left to the instruction.
/// Every path gives the same value; which one runs depends on the length and the processor only.
/// </remarks>
public static class Crc32C
{
    // Lanes are multiples of 8 bytes. Three long lanes (6 KiB) lie well within the first-level cache next to their copy; the short ones serve audio and descriptors.
    private const int LongLane = 2048;
    private const int ShortLane = 128;

    private static readonly Crc32CShift LongShift = new(LongLane);
    private static readonly Crc32CShift ShortShift = new(ShortLane);

    private static bool HasInstruction => Sse42.X64.IsSupported || Crc32.Arm64.IsSupported;

    /// <summary>The checksum of <paramref name="data"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> data) => Append(0, data);

    /// <summary>The checksum of what <paramref name="crc"/> summed, followed by <paramref name="data"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> data) =>
        HasInstruction ? ~AppendFast(~crc, data) : Crc32CTables.Append(crc, data);

    /// <summary>Copies <paramref name="source"/> to the front of <paramref name="destination"/> and returns its checksum; memory is read once.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static uint CopyAndCompute(ReadOnlySpan<byte> source, Span<byte> destination) => CopyAndAppend(0, source, destination);

    /// <summary><see cref="Append"/> and copy in one pass.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than the source.</exception>
    public static uint CopyAndAppend(uint crc, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (destination.Length < source.Length)
        {
            throw new ArgumentException("The destination is shorter than the source.", nameof(destination));
        }

        if (Crc32CFold.IsSupported && source.Length >= Crc32CFold.MinimumBytes)
        {
            crc = ~Crc32CFold.CopyAndAppend(~crc, source, destination, out int summedBytes);
            source = source[summedBytes..];
            destination = destination[summedBytes..];
        }

        // Summed right after it was copied, a piece is still in the first-level cache.
        while (source.Length > 3 * LongLane)
        {
            ReadOnlySpan<byte> piece = source[..(3 * LongLane)];
            piece.CopyTo(destination);
            crc = Append(crc, piece);
            source = source[piece.Length..];
            destination = destination[piece.Length..];
        }

        source.CopyTo(destination);
        return Append(crc, source);
    }

    /// <summary>The checksum of two pieces put together, from the checksums of both and the length of the second.</summary>
    /// <param name="first">Checksum of the first piece.</param>
    /// <param name="second">Checksum of the second piece.</param>
    /// <param name="secondLengthBytes">Length of the second piece, not negative.</param>
    public static uint Combine(uint first, uint second, long secondLengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(secondLengthBytes);
        return Crc32CShift.Multiply(Crc32CShift.PowerOfBytes(secondLengthBytes), first) ^ second;
    }

    private static uint AppendFast(uint state, ReadOnlySpan<byte> data)
    {
        if (Crc32CFold.IsSupported && data.Length >= Crc32CFold.MinimumBytes)
        {
            state = Crc32CFold.Append(state, data, out int summedBytes);
            data = data[summedBytes..];
        }

        return AppendLanes(state, data);
    }

    /// <summary>With the CRC instruction alone.</summary>
    internal static uint AppendLanes(uint state, ReadOnlySpan<byte> data)
    {
        ref byte at = ref MemoryMarshal.GetReference(data);
        int left = data.Length;

        for (; left >= 3 * LongLane; left -= 3 * LongLane, at = ref Unsafe.Add(ref at, 3 * LongLane))
        {
            state = ThreeLanes(state, ref at, LongLane, LongShift);
        }

        for (; left >= 3 * ShortLane; left -= 3 * ShortLane, at = ref Unsafe.Add(ref at, 3 * ShortLane))
        {
            state = ThreeLanes(state, ref at, ShortLane, ShortShift);
        }

        for (; left >= sizeof(ulong); left -= sizeof(ulong), at = ref Unsafe.Add(ref at, sizeof(ulong)))
        {
            state = BitOperations.Crc32C(state, Unsafe.ReadUnaligned<ulong>(ref at));
        }

        for (; left > 0; left--, at = ref Unsafe.Add(ref at, 1))
        {
            state = BitOperations.Crc32C(state, at);
        }

        return state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ThreeLanes(uint state, ref byte at, int lane, Crc32CShift shift)
    {
        uint a = state, b = 0, c = 0;
        ref byte bAt = ref Unsafe.Add(ref at, lane);
        ref byte cAt = ref Unsafe.Add(ref at, 2 * lane);
        for (nint i = 0; i < lane; i += sizeof(ulong))
        {
            a = BitOperations.Crc32C(a, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, i)));
            b = BitOperations.Crc32C(b, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bAt, i)));
            c = BitOperations.Crc32C(c, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref cAt, i)));
        }

        return shift.Apply(shift.Apply(a) ^ b) ^ c;
    }
}
