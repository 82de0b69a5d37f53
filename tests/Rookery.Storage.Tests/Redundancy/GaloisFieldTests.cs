// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Rookery.Storage.Tests;

public sealed unsafe class GaloisFieldTests
{
    [Fact]
    public void All_products_are_those_of_the_polynomials()
    {
        for (int a = 0; a < 256; a++)
        {
            for (int b = 0; b < 256; b++)
            {
                GaloisField.Multiply((byte)a, (byte)b).ShouldBe(SlowCode.Multiply((byte)a, (byte)b), $"{a}·{b}");
            }
        }
    }

    [Fact]
    public void Everything_but_zero_has_an_inverse()
    {
        for (int a = 1; a < 256; a++)
        {
            SlowCode.Multiply((byte)a, GaloisField.Invert((byte)a)).ShouldBe((byte)1);
        }

        Should.Throw<DivideByZeroException>(() => GaloisField.Invert(0));
    }

    [Fact]
    public void The_generator_reaches_all_but_zero_and_powers_may_be_negative()
    {
        Enumerable.Range(0, 255).Select(GaloisField.Power).Distinct().Count().ShouldBe(255);
        GaloisField.Power(8).ShouldBe(GaloisField.Reduction);
        GaloisField.Power(-3).ShouldBe(GaloisField.Power(252));
        SlowCode.Multiply(GaloisField.Power(-3), 8).ShouldBe((byte)1);
    }

    [Fact]
    public void Every_kind_of_lanes_multiplies_and_doubles_all_bytes_by_the_polynomials()
    {
        new Factor(2).Matrix.ShouldBe(Factor.MatrixOfGenerator);
        Check<Galois512, Vector512<byte>>();
        Check<Shuffle512, Vector512<byte>>();
        Check<Galois256, Vector256<byte>>();
        Check<Shuffle256, Vector256<byte>>();
        Check<Shuffle128, Vector128<byte>>();
        Check<Word64, ulong>();
        Check<SingleByte, byte>();
    }

    private static void Check<TLanes, TVector>()
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
    {
        if (!TLanes.IsSupported)
        {
            return;
        }

        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        byte[] products = new byte[256];
        byte[] doubles = new byte[256];
        fixed (byte* from = all, product = products, doubled = doubles)
        {
            for (int value = 0; value < 256; value++)
            {
                Factor factor = new((byte)value);
                for (int at = 0; at < 256; at += Unsafe.SizeOf<TVector>())
                {
                    TLanes.Store(TLanes.Multiply(TLanes.Load(from + at), factor), product + at);
                    TLanes.Store(TLanes.Double(TLanes.Load(from + at)), doubled + at);
                }

                products.ShouldBe(all.Select(b => SlowCode.Multiply((byte)value, b)), $"{typeof(TLanes).Name}, factor {value}");
            }

            doubles.ShouldBe(all.Select(b => SlowCode.Multiply(2, b)), typeof(TLanes).Name);
        }
    }
}
