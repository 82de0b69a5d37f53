// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Storage;

/// <summary>AVX-512: sixty-four bytes, nibbles looked up within each sixteen.</summary>
internal unsafe struct Shuffle512 : ILanes<Vector512<byte>>
{
    public static bool IsSupported => Avx512BW.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> value, byte* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Vector512<byte> value, byte* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(Vector512<byte> a, Vector512<byte> b) => a ^ b;

    /// <summary>A byte is negative when doubling overflows it; the comparison makes a mask of that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Double(Vector512<byte> value) =>
        (value + value) ^ (Vector512.LessThan(value.AsSByte(), Vector512<sbyte>.Zero).AsByte() & Vector512.Create(GaloisField.Reduction));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Multiply(Vector512<byte> value, in Factor factor)
    {
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        return Avx512BW.Shuffle(Vector512.Create(factor.LowNibbles), value & nibble)
            ^ Avx512BW.Shuffle(Vector512.Create(factor.HighNibbles), (value.AsUInt16() >>> 4).AsByte() & nibble);
    }
}
