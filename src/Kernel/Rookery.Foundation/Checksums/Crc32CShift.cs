// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Foundation;

/// <summary>Moves a CRC-32C state past a fixed number of zero bytes: the product with x^(8·bytes) modulo the Castagnoli polynomial.</summary>
/// <remarks>
/// Polynomials are bit-reversed as in the checksum itself: the highest bit is the coefficient of x^0. The product is linear in the state, so four tables
/// of 256 entries, one per byte of it, replace the 32 steps of a multiplication.
/// </remarks>
internal sealed class Crc32CShift
{
    /// <summary>0x1EDC6F41 with its bits reversed.</summary>
    internal const uint Polynomial = 0x82F63B78;

    private const uint One = 0x8000_0000;

    private readonly uint[] _products = new uint[4 * 256];

    public Crc32CShift(int bytes)
    {
        uint power = PowerOfBytes(bytes);
        for (uint place = 0; place < 4; place++)
        {
            for (uint value = 0; value < 256; value++)
            {
                _products[(place * 256) + value] = Multiply(power, value << (int)(8 * place));
            }
        }
    }

    public uint Apply(uint state) =>
        _products[state & 0xFF]
        ^ _products[256 + ((state >> 8) & 0xFF)]
        ^ _products[512 + ((state >> 16) & 0xFF)]
        ^ _products[768 + (state >> 24)];

    /// <summary>x^(8·<paramref name="bytes"/>) modulo the polynomial.</summary>
    public static uint PowerOfBytes(long bytes) => Power(One >> 8, bytes);

    /// <summary>x^<paramref name="bits"/> modulo the polynomial.</summary>
    public static uint PowerOfBits(long bits) => Power(One >> 1, bits);

    /// <summary>By squaring; the exponent is not negative.</summary>
    private static uint Power(uint square, long exponent)
    {
        uint result = One;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
            {
                result = Multiply(square, result);
            }

            square = Multiply(square, square);
        }

        return result;
    }

    /// <summary>Product of two polynomials modulo the Castagnoli polynomial.</summary>
    public static uint Multiply(uint a, uint b)
    {
        uint product = 0;
        for (uint bit = One; bit != 0; bit >>= 1)
        {
            product ^= (a & bit) != 0 ? b : 0;
            b = (b >> 1) ^ ((b & 1) != 0 ? Polynomial : 0);
        }

        return product;
    }
}
