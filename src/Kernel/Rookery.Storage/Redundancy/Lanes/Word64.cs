// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;

namespace Rookery.Storage;

/// <summary>Eight bytes in a general register: for processors without vectors, and for what is left over after the last whole vector.</summary>
internal unsafe struct Word64 : ILanes<ulong>
{
    private const ulong Ones = 0x0101_0101_0101_0101;

    public static bool IsSupported => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(byte* from) => Unsafe.ReadUnaligned<ulong>(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong value, byte* to) => Unsafe.WriteUnaligned(to, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(ulong value, byte* to) => Unsafe.WriteUnaligned(to, value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Add(ulong a, ulong b) => a ^ b;

    /// <summary>The highest bit of each byte moves down to its lowest place and is multiplied by the reduction, which stays within the byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Double(ulong value) => ((value & (0x7F * Ones)) << 1) ^ (((value >> 7) & Ones) * GaloisField.Reduction);

    /// <summary>Bit by bit of the factor: doubling and adding.</summary>
    public static ulong Multiply(ulong value, in Factor factor)
    {
        ulong product = 0;
        for (int bits = factor.Value; bits != 0; bits >>= 1)
        {
            product ^= (bits & 1) != 0 ? value : 0;
            value = Double(value);
        }

        return product;
    }
}
