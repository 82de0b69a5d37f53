// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>One byte: the last seven of a column.</summary>
internal unsafe struct SingleByte : ILanes<byte>
{
    public static bool IsSupported => true;

    public static byte Load(byte* from) => *from;

    public static void Store(byte value, byte* to) => *to = value;

    public static void Stream(byte value, byte* to) => *to = value;

    public static byte Add(byte a, byte b) => (byte)(a ^ b);

    public static byte Double(byte value) => GaloisField.Multiply(value, 2);

    public static byte Multiply(byte value, in Factor factor) => GaloisField.Multiply(value, factor.Value);
}
