// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Foundation;

/// <summary>CRC-32C by folding: carry-less products of 512 bits take the place of the CRC instruction. About twice as fast as its three lanes.</summary>
/// <remarks>
/// Sixteen bytes of a message are the polynomial A·x^64 + B. Moved forward by n bits they are A·x^(n+64) + B·x^n, and with both powers taken modulo the
/// Castagnoli polynomial the result fits into sixteen bytes again, so it can be added to what lies there without changing the remainder of the whole.
/// (V. Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel, 2009.)
/// Four accumulators of 64 bytes walk 256 bytes at a time; in the end they are folded into the last 16 bytes, and the CRC instruction sums those.
/// </remarks>
internal static class Crc32CFold
{
    /// <summary>Shorter inputs are left to the CRC instruction: joining the accumulators costs as much as summing some hundred bytes.</summary>
    public const int MinimumBytes = Stride;

    private const int Lane = 64;
    private const int Stride = 4 * Lane;

    private static readonly Vector512<ulong> ByStride = Vector512.Create(Powers(Stride));
    private static readonly Vector512<ulong> ByLane = Vector512.Create(Powers(Lane));

    // The four sixteenths of a lane are 48, 32, 16 and 0 bytes before its end; the last stays where it is.
    private static readonly Vector128<ulong> By48 = Powers(48);
    private static readonly Vector128<ulong> By32 = Powers(32);
    private static readonly Vector128<ulong> By16 = Powers(16);

    public static bool IsSupported => Pclmulqdq.V512.IsSupported && Sse42.X64.IsSupported;

    /// <summary>Sums all whole lanes of <paramref name="data"/>, of which there are at least four, and says how many bytes that were.</summary>
    /// <param name="state">The register, not inverted.</param>
    /// <param name="data">At least <see cref="MinimumBytes"/>.</param>
    /// <param name="summedBytes">A multiple of 64.</param>
    public static uint Append(uint state, ReadOnlySpan<byte> data, out int summedBytes) =>
        Fold<SumOnly>(state, ref MemoryMarshal.GetReference(data), ref Unsafe.NullRef<byte>(), data.Length, out summedBytes);

    /// <summary><see cref="Append"/>, and each lane is stored in <paramref name="destination"/> on the way, which is at least as long.</summary>
    public static uint CopyAndAppend(uint state, ReadOnlySpan<byte> source, Span<byte> destination, out int summedBytes) =>
        Fold<SumAndCopy>(state, ref MemoryMarshal.GetReference(source), ref MemoryMarshal.GetReference(destination), source.Length, out summedBytes);

    private static uint Fold<TMode>(uint state, ref byte source, ref byte destination, int length, out int summedBytes)
        where TMode : struct
    {
        Vector512<ulong> a = Take<TMode>(ref source, ref destination, 0) ^ Vector512.CreateScalar((ulong)state);
        Vector512<ulong> b = Take<TMode>(ref source, ref destination, Lane);
        Vector512<ulong> c = Take<TMode>(ref source, ref destination, 2 * Lane);
        Vector512<ulong> d = Take<TMode>(ref source, ref destination, 3 * Lane);
        Vector512<ulong> byStride = ByStride;
        int at = Stride;
        for (; at <= length - Stride; at += Stride)
        {
            a = Forward(a, byStride) ^ Take<TMode>(ref source, ref destination, at);
            b = Forward(b, byStride) ^ Take<TMode>(ref source, ref destination, at + Lane);
            c = Forward(c, byStride) ^ Take<TMode>(ref source, ref destination, at + (2 * Lane));
            d = Forward(d, byStride) ^ Take<TMode>(ref source, ref destination, at + (3 * Lane));
        }

        Vector512<ulong> byLane = ByLane;
        d ^= Forward(Forward(Forward(a, byLane) ^ b, byLane) ^ c, byLane);
        for (; at <= length - Lane; at += Lane)
        {
            d = Forward(d, byLane) ^ Take<TMode>(ref source, ref destination, at);
        }

        summedBytes = at;
        Vector128<ulong> last = Forward(d.GetLower().GetLower(), By48) ^ Forward(d.GetLower().GetUpper(), By32)
            ^ Forward(d.GetUpper().GetLower(), By16) ^ d.GetUpper().GetUpper();
        return BitOperations.Crc32C(BitOperations.Crc32C(0, last.ToScalar()), last.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Take<TMode>(ref byte source, ref byte destination, int at)
        where TMode : struct
    {
        Vector512<byte> lane = Vector512.LoadUnsafe(ref source, (nuint)at);
        if (typeof(TMode) == typeof(SumAndCopy))
        {
            lane.StoreUnsafe(ref destination, (nuint)at);
        }

        return lane.AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Forward(Vector512<ulong> value, Vector512<ulong> powers) =>
        Pclmulqdq.V512.CarrylessMultiply(value, powers, 0x00) ^ Pclmulqdq.V512.CarrylessMultiply(value, powers, 0x11);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Forward(Vector128<ulong> value, Vector128<ulong> powers) =>
        Pclmulqdq.CarrylessMultiply(value, powers, 0x00) ^ Pclmulqdq.CarrylessMultiply(value, powers, 0x11);

    /// <summary>Both powers for a move by <paramref name="bytes"/>: x^(n+64) for the first eight bytes, x^n for the others.</summary>
    /// <remarks>The carry-less product of two reversed words comes out one place too far on, so each power is one less; a reversed 32-bit value lies in a word's upper half.</remarks>
    private static Vector128<ulong> Powers(int bytes) =>
        Vector128.Create((ulong)Crc32CShift.PowerOfBits((8 * bytes) + 63) << 32, (ulong)Crc32CShift.PowerOfBits((8 * bytes) - 1) << 32);

    private readonly struct SumOnly;

    private readonly struct SumAndCopy;
}
