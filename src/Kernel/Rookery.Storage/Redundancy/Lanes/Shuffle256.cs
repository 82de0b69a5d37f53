// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Storage;

/// <summary>AVX2: thirty-two bytes, nibbles looked up within each sixteen.</summary>
internal unsafe struct Shuffle256 : ILanes<Vector256<byte>>
{
    public static bool IsSupported => Avx2.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, byte* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Vector256<byte> value, byte* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> a, Vector256<byte> b) => a ^ b;

    /// <summary>A byte is negative when doubling overflows it; the comparison makes a mask of that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Double(Vector256<byte> value) =>
        (value + value) ^ (Vector256.LessThan(value.AsSByte(), Vector256<sbyte>.Zero).AsByte() & Vector256.Create(GaloisField.Reduction));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Multiply(Vector256<byte> value, in Factor factor)
    {
        Vector256<byte> nibble = Vector256.Create((byte)0x0F);
        return Avx2.Shuffle(Vector256.Create(factor.LowNibbles), value & nibble)
            ^ Avx2.Shuffle(Vector256.Create(factor.HighNibbles), (value.AsUInt16() >>> 4).AsByte() & nibble);
    }
}
