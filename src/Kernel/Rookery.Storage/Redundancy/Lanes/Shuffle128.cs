// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rookery.Storage;

/// <summary>Sixteen bytes: SSSE3, and NEON on ARM.</summary>
internal unsafe struct Shuffle128 : ILanes<Vector128<byte>>
{
    public static bool IsSupported => Vector128.IsHardwareAccelerated;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Load(byte* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<byte> value, byte* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Vector128<byte> value, byte* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Add(Vector128<byte> a, Vector128<byte> b) => a ^ b;

    /// <summary>A byte is negative when doubling overflows it; the comparison makes a mask of that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Double(Vector128<byte> value) =>
        (value + value) ^ (Vector128.LessThan(value.AsSByte(), Vector128<sbyte>.Zero).AsByte() & Vector128.Create(GaloisField.Reduction));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Multiply(Vector128<byte> value, in Factor factor)
    {
        Vector128<byte> nibble = Vector128.Create((byte)0x0F);
        return Vector128.ShuffleNative(factor.LowNibbles, value & nibble)
            ^ Vector128.ShuffleNative(factor.HighNibbles, (value.AsUInt16() >>> 4).AsByte() & nibble);
    }
}
