// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.Intrinsics;

namespace Rookery.Storage;

/// <summary>A constant of <see cref="GaloisField"/>, prepared for multiplying whole vectors by it in each of the ways that processors offer.</summary>
internal readonly struct Factor
{
    /// <summary><see cref="Matrix"/> of the generator, as a constant for the compiler to keep in a register.</summary>
    public const ulong MatrixOfGenerator = 0x8001_8284_8810_2040;

    public Factor(byte value)
    {
        Value = value;
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        for (int nibble = 0; nibble < 16; nibble++)
        {
            low[nibble] = GaloisField.Multiply(value, (byte)nibble);
            high[nibble] = GaloisField.Multiply(value, (byte)(nibble << 4));
        }

        LowNibbles = Vector128.Create<byte>(low);
        HighNibbles = Vector128.Create<byte>(high);
        Matrix = BuildMatrix(value);
    }

    /// <summary>The element itself.</summary>
    public byte Value { get; }

    /// <summary>Products with 0x00 … 0x0F. A product is the sum of those of the two halves of the other factor.</summary>
    public Vector128<byte> LowNibbles { get; }

    /// <summary>Products with 0x00, 0x10 … 0xF0.</summary>
    public Vector128<byte> HighNibbles { get; }

    /// <summary>Multiplication as a matrix of bits, as GF2P8AFFINEQB takes it.</summary>
    public ulong Matrix { get; }

    /// <summary>Row by row: byte 7 − i says which bits of the input sum up to bit i of the product; bit j of the input contributes value·2^j.</summary>
    private static ulong BuildMatrix(byte value)
    {
        ulong matrix = 0;
        for (int j = 0; j < 8; j++)
        {
            byte column = GaloisField.Multiply(value, (byte)(1 << j));
            for (int i = 0; i < 8; i++)
            {
                matrix |= (ulong)((column >> i) & 1) << ((8 * (7 - i)) + j);
            }
        }

        return matrix;
    }
}
