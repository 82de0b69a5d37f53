// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

/// <summary>What the codes must give, from the definition and bit by bit. It shares nothing with the product, not even the field.</summary>
internal static class SlowCode
{
    /// <summary>The product of two polynomials of bits, then its remainder by x^8 + x^4 + x^3 + x^2 + 1.</summary>
    public static byte Multiply(byte a, byte b)
    {
        int product = 0;
        for (int i = 0; i < 8; i++)
        {
            product ^= ((b >> i) & 1) * (a << i);
        }

        for (int degree = 14; degree >= 8; degree--)
        {
            product ^= ((product >> degree) & 1) * (0x11D << (degree - 8));
        }

        return (byte)product;
    }

    public static byte[] First(byte[][] data) => [.. Enumerable.Range(0, data[0].Length).Select(at => data.Aggregate((byte)0, (sum, column) => (byte)(sum ^ column[at])))];

    public static byte[] Second(byte[][] data)
    {
        byte[] sum = new byte[data[0].Length];
        byte weight = 1;
        foreach (byte[] column in data)
        {
            for (int at = 0; at < sum.Length; at++)
            {
                sum[at] ^= Multiply(weight, column[at]);
            }

            weight = Multiply(weight, 2);
        }

        return sum;
    }
}
