// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Storage;

/// <summary>
/// GFNI on sixty-four bytes. Its multiplication is bound to another polynomial (0x11B), but its affine transform multiplies by any matrix of bits, and a
/// constant of any field is one: a product in one instruction.
/// </summary>
internal unsafe struct Galois512 : ILanes<Vector512<byte>>
{
    public static bool IsSupported => Gfni.V512.IsSupported && Shuffle512.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Load(byte* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<byte> value, byte* to) => value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Stream(Vector512<byte> value, byte* to) => value.StoreAlignedNonTemporal(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Add(Vector512<byte> a, Vector512<byte> b) => a ^ b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Double(Vector512<byte> value) =>
        Gfni.V512.GaloisFieldAffineTransform(value, Vector512.Create(Factor.MatrixOfGenerator).AsByte(), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Multiply(Vector512<byte> value, in Factor factor) =>
        Gfni.V512.GaloisFieldAffineTransform(value, Vector512.Create(factor.Matrix).AsByte(), 0);
}
