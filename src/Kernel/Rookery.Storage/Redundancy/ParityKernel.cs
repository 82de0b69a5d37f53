// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Rookery.Storage;

/// <summary>The loops over columns, for one kind of vector. Each begins at <c>at</c>, goes on while a whole vector is left before <c>end</c>, and returns where it stopped.</summary>
/// <remarks>
/// Four vectors of each column are taken at a time and their sums stay in registers, so each column is read once and the parity written once. The four are also
/// four independent chains of doublings, which take several cycles each.
/// Compiled at once and fully: a first commit through unoptimised vector code would take longer than its interval.
/// </remarks>
internal static unsafe class ParityKernel<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    private const nuint CacheLine = 64;

    /// <summary>From here on P and Q gain by announcing whole lines: by a sixth at eight columns, while at four they lose a tenth.</summary>
    private const int ManyColumns = 8;

    /// <summary>Bytes of each column to fetch ahead; 1 to 2 KiB are equally good. A fetch beyond the column's end, mapped or not, does nothing.</summary>
    private const nuint Ahead = 2048;

    private static nuint Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (nuint)sizeof(TVector);
    }

    /// <summary>target = c0 + c1 + … ; <paramref name="count"/> is at least one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nuint Sum(nint* columns, int count, byte* target, nuint at, nuint end, bool stream)
    {
        bool announce = stream && Size < CacheLine;
        for (; at + (4 * Size) <= end; at += 4 * Size)
        {
            byte* from = (byte*)columns[0] + at;
            TVector a = TLanes.Load(from), b = TLanes.Load(from + Size), c = TLanes.Load(from + (2 * Size)), d = TLanes.Load(from + (3 * Size));
            int i = 1;
            for (; i + 1 < count; i += 2)
            {
                // Two columns at a time: a sum of three is one instruction where there is AVX-512.
                from = (byte*)columns[i] + at;
                byte* next = (byte*)columns[i + 1] + at;
                Announce(from, announce);
                Announce(next, announce);
                a = TLanes.Add(a, TLanes.Add(TLanes.Load(from), TLanes.Load(next)));
                b = TLanes.Add(b, TLanes.Add(TLanes.Load(from + Size), TLanes.Load(next + Size)));
                c = TLanes.Add(c, TLanes.Add(TLanes.Load(from + (2 * Size)), TLanes.Load(next + (2 * Size))));
                d = TLanes.Add(d, TLanes.Add(TLanes.Load(from + (3 * Size)), TLanes.Load(next + (3 * Size))));
            }

            if (i < count)
            {
                from = (byte*)columns[i] + at;
                Announce(from, announce);
                a = TLanes.Add(a, TLanes.Load(from));
                b = TLanes.Add(b, TLanes.Load(from + Size));
                c = TLanes.Add(c, TLanes.Load(from + (2 * Size)));
                d = TLanes.Add(d, TLanes.Load(from + (3 * Size)));
            }

            Put(target + at, a, b, c, d, stream);
        }

        for (; at + Size <= end; at += Size)
        {
            TVector sum = TLanes.Load((byte*)columns[0] + at);
            for (int i = 1; i < count; i++)
            {
                sum = TLanes.Add(sum, TLanes.Load((byte*)columns[i] + at));
            }

            TLanes.Store(sum, target + at);
        }

        return at;
    }

    /// <summary>p = c0 + c1 + … and q = c0 + 2·c1 + 4·c2 + … = c0 + 2·(c1 + 2·(c2 + …)), from the last column down.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nuint SumAndHorner(nint* columns, int count, byte* p, byte* q, nuint at, nuint end, bool stream)
    {
        bool announce = stream && (Size < CacheLine || count >= ManyColumns);
        for (; at + (4 * Size) <= end; at += 4 * Size)
        {
            byte* from = (byte*)columns[count - 1] + at;
            TVector pa = TLanes.Load(from), pb = TLanes.Load(from + Size), pc = TLanes.Load(from + (2 * Size)), pd = TLanes.Load(from + (3 * Size));
            TVector qa = pa, qb = pb, qc = pc, qd = pd;
            for (int i = count - 2; i >= 0; i--)
            {
                from = (byte*)columns[i] + at;
                Announce(from, announce);
                Step(TLanes.Load(from), ref pa, ref qa);
                Step(TLanes.Load(from + Size), ref pb, ref qb);
                Step(TLanes.Load(from + (2 * Size)), ref pc, ref qc);
                Step(TLanes.Load(from + (3 * Size)), ref pd, ref qd);
            }

            Put(p + at, pa, pb, pc, pd, stream);
            Put(q + at, qa, qb, qc, qd, stream);
        }

        for (; at + Size <= end; at += Size)
        {
            TVector pa = TLanes.Load((byte*)columns[count - 1] + at);
            TVector qa = pa;
            for (int i = count - 2; i >= 0; i--)
            {
                Step(TLanes.Load((byte*)columns[i] + at), ref pa, ref qa);
            }

            TLanes.Store(pa, p + at);
            TLanes.Store(qa, q + at);
        }

        return at;
    }

    /// <summary>x = factor·(x + q).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nuint SolveOne(byte* q, byte* x, in Factor factor, nuint at, nuint end)
    {
        for (; at + Size <= end; at += Size)
        {
            TLanes.Store(TLanes.Multiply(TLanes.Add(TLanes.Load(x + at), TLanes.Load(q + at)), factor), x + at);
        }

        return at;
    }

    /// <summary>With s = x + p and t = y + q: x = a·s + b·t, y = s + x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nuint SolveTwo(byte* p, byte* q, byte* x, byte* y, in Factor a, in Factor b, nuint at, nuint end)
    {
        for (; at + Size <= end; at += Size)
        {
            TVector sum = TLanes.Add(TLanes.Load(x + at), TLanes.Load(p + at));
            TVector weighted = TLanes.Add(TLanes.Load(y + at), TLanes.Load(q + at));
            TVector first = TLanes.Add(TLanes.Multiply(sum, a), TLanes.Multiply(weighted, b));
            TLanes.Store(first, x + at);
            TLanes.Store(TLanes.Add(sum, first), y + at);
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(TVector column, ref TVector p, ref TVector q)
    {
        p = TLanes.Add(p, column);
        q = TLanes.Add(TLanes.Double(q), column);
    }

    /// <summary>
    /// Has the lines that a later turn of the loop will want fetched from memory. The processor's own prefetching gives up at the end of each page and cannot follow ten columns at
    /// once: without this, vectors of 32 and 16 bytes get half of the memory's speed. With few columns and whole lines at a time it does follow, and this would cost a tenth.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Announce(byte* from, bool announce)
    {
        if (announce && Sse.IsSupported)
        {
            for (nuint line = 0; line < 4 * Size; line += CacheLine)
            {
                Sse.Prefetch0(from + Ahead + line);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(byte* to, TVector a, TVector b, TVector c, TVector d, bool stream)
    {
        if (stream)
        {
            TLanes.Stream(a, to);
            TLanes.Stream(b, to + Size);
            TLanes.Stream(c, to + (2 * Size));
            TLanes.Stream(d, to + (3 * Size));
        }
        else
        {
            TLanes.Store(a, to);
            TLanes.Store(b, to + Size);
            TLanes.Store(c, to + (2 * Size));
            TLanes.Store(d, to + (3 * Size));
        }
    }
}
