// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.Intrinsics;

namespace Rookery.Storage;

/// <summary>One way to do parity's arithmetic on this processor. All give the same bytes; <see cref="Best"/> is the fastest.</summary>
internal abstract unsafe class ParityPath
{
    /// <summary>Every way this processor can go, the fastest first. The last one goes everywhere.</summary>
    public static IReadOnlyList<ParityPath> All { get; } =
        [.. new ParityPath[]
        {
            new ParityPath<Galois512, Vector512<byte>>(),
            new ParityPath<Shuffle512, Vector512<byte>>(),
            new ParityPath<Galois256, Vector256<byte>>(),
            new ParityPath<Shuffle256, Vector256<byte>>(),
            new ParityPath<Shuffle128, Vector128<byte>>(),
            new ParityPath<Word64, ulong>(),
        }.Where(path => path.IsSupported)];

    public static ParityPath Best { get; } = All[0];

    public abstract string Name { get; }

    /// <summary>Bytes of its vector: what a streamed target must be aligned to.</summary>
    public abstract int VectorBytes { get; }

    protected abstract bool IsSupported { get; }

    /// <summary>target = c0 + c1 + …</summary>
    /// <param name="columns">Addresses of <paramref name="count"/> ≥ 1 columns.</param>
    /// <param name="count">How many.</param>
    /// <param name="target">May be one of the columns.</param>
    /// <param name="length">Bytes of each column.</param>
    /// <param name="stream">Columns are in memory: what is stored goes past the caches; the target is aligned to <see cref="VectorBytes"/> then, and a store fence is up to the caller.</param>
    public abstract void Sum(nint* columns, int count, byte* target, nuint length, bool stream);

    /// <summary>p = c0 + c1 + …, q = c0 + 2·c1 + 4·c2 + …</summary>
    /// <inheritdoc cref="Sum"/>
    public abstract void SumAndHorner(nint* columns, int count, byte* p, byte* q, nuint length, bool stream);

    /// <summary>x = factor·(x + q).</summary>
    public abstract void SolveOne(byte* q, byte* x, in Factor factor, nuint length);

    /// <summary>With s = x + p and t = y + q: x = a·s + b·t, y = s + x.</summary>
    public abstract void SolveTwo(byte* p, byte* q, byte* x, byte* y, in Factor a, in Factor b, nuint length);

    public override string ToString() => Name;
}

/// <summary>Whole vectors, then words of eight bytes, then single bytes.</summary>
internal sealed unsafe class ParityPath<TLanes, TVector> : ParityPath
    where TLanes : struct, ILanes<TVector>
    where TVector : unmanaged
{
    public override string Name => typeof(TLanes).Name;

    public override int VectorBytes => sizeof(TVector);

    protected override bool IsSupported => TLanes.IsSupported;

    public override void Sum(nint* columns, int count, byte* target, nuint length, bool stream)
    {
        nuint at = ParityKernel<TLanes, TVector>.Sum(columns, count, target, 0, length, stream);
        at = ParityKernel<Word64, ulong>.Sum(columns, count, target, at, length, stream: false);
        _ = ParityKernel<SingleByte, byte>.Sum(columns, count, target, at, length, stream: false);
    }

    public override void SumAndHorner(nint* columns, int count, byte* p, byte* q, nuint length, bool stream)
    {
        nuint at = ParityKernel<TLanes, TVector>.SumAndHorner(columns, count, p, q, 0, length, stream);
        at = ParityKernel<Word64, ulong>.SumAndHorner(columns, count, p, q, at, length, stream: false);
        _ = ParityKernel<SingleByte, byte>.SumAndHorner(columns, count, p, q, at, length, stream: false);
    }

    public override void SolveOne(byte* q, byte* x, in Factor factor, nuint length)
    {
        nuint at = ParityKernel<TLanes, TVector>.SolveOne(q, x, factor, 0, length);
        at = ParityKernel<Word64, ulong>.SolveOne(q, x, factor, at, length);
        _ = ParityKernel<SingleByte, byte>.SolveOne(q, x, factor, at, length);
    }

    public override void SolveTwo(byte* p, byte* q, byte* x, byte* y, in Factor a, in Factor b, nuint length)
    {
        nuint at = ParityKernel<TLanes, TVector>.SolveTwo(p, q, x, y, a, b, 0, length);
        at = ParityKernel<Word64, ulong>.SolveTwo(p, q, x, y, a, b, at, length);
        _ = ParityKernel<SingleByte, byte>.SolveTwo(p, q, x, y, a, b, at, length);
    }
}
