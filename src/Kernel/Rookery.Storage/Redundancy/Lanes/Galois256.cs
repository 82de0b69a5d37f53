// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Storage;

/// <summary>
/// GFNI on thirty-two bytes. Its multiplication is bound to another polynomial (0x11B), but its affine transform multiplies by any matrix of bits, and a
/// constant of any field is one: a product in one instruction.
/// </summary>
internal unsafe struct Galois256 : ILanes<Vector256<byte>>
{
    public static bool IsSupported => Gfni.V256.IsSupported && Shuffle256.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<byte> value, byte* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Vector256<byte> value, byte* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Add(Vector256<byte> a, Vector256<byte> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Double(Vector256<byte> value) =>
        Gfni.V256.GaloisFieldAffineTransform(value, Vector256.Create(Factor.MatrixOfGenerator).AsByte(), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Multiply(Vector256<byte> value, in Factor factor) =>
        Gfni.V256.GaloisFieldAffineTransform(value, Vector256.Create(factor.Matrix).AsByte(), 0);
}
