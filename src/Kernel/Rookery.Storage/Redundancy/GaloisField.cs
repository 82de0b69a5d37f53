// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>
/// GF(2^8) over x^8 + x^4 + x^3 + x^2 + 1 (0x11D) with the generator 2: the field of RAID-6 and of most Reed-Solomon codes. Addition is exclusive or.
/// One element at a time, for coefficients; columns go through <see cref="ParityPath"/>.
/// </summary>
internal static class GaloisField
{
    /// <summary>0x11D without x^8: what is added when a doubling overflows.</summary>
    public const byte Reduction = 0x1D;

    /// <summary>Order of the multiplicative group: the powers of the generator repeat after so many.</summary>
    public const int Order = 255;

    private static readonly byte[] Exponentials = BuildExponentials();
    private static readonly byte[] Logarithms = BuildLogarithms();

    /// <summary>Generator to the power <paramref name="exponent"/>, which may be negative.</summary>
    public static byte Power(int exponent) => Exponentials[((exponent % Order) + Order) % Order];

    public static byte Multiply(byte a, byte b) => a == 0 || b == 0 ? (byte)0 : Power(Logarithms[a] + Logarithms[b]);

    /// <summary>The element whose product with <paramref name="a"/> is one.</summary>
    /// <exception cref="DivideByZeroException">Zero has none.</exception>
    public static byte Invert(byte a) => a == 0 ? throw new DivideByZeroException() : Power(-Logarithms[a]);

    private static byte[] BuildExponentials()
    {
        byte[] powers = new byte[Order];
        int value = 1;
        for (int i = 0; i < Order; i++)
        {
            powers[i] = (byte)value;
            value <<= 1;
            value ^= value > 0xFF ? 0x100 | Reduction : 0;
        }

        return powers;
    }

    private static byte[] BuildLogarithms()
    {
        byte[] logarithms = new byte[256];
        for (int i = 0; i < Order; i++)
        {
            logarithms[Exponentials[i]] = (byte)i;
        }

        return logarithms;
    }
}
