// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Rookery.Storage;

/// <summary>Missing columns from the others.</summary>
internal sealed unsafe partial class ColumnCode
{
    // Small enough that a block of each of ten columns, which lie at equal offsets of pages, stays in the first-level cache between two passes.
    private const int Block = 4096;

    private static readonly byte[] Zeros = GC.AllocateArray<byte>(Block, pinned: true);

    /// <summary>Computes the missing columns; the others are only read.</summary>
    /// <param name="columns">D + P addresses. That of a missing column is where it goes, or zero if it is not wanted: to read one of two lost columns, pass the other as missing with address zero.</param>
    /// <param name="missing">Bit i set: column i is missing.</param>
    /// <param name="length">Bytes of each column.</param>
    /// <returns>False if more than P columns are missing: nothing was written.</returns>
    /// <exception cref="ArgumentException">The number of addresses is not D + P, or the mask names a column beyond them.</exception>
    [SkipLocalsInit]
    public bool Reconstruct(ReadOnlySpan<nint> columns, ulong missing, nuint length)
    {
        ThrowUnlessComplete(columns);
        if (missing >> Columns != 0)
        {
            throw new ArgumentException($"The mask {missing:X} names columns that a code of {DataColumns}+{ParityColumns} does not have.", nameof(missing));
        }

        if (BitOperations.PopCount(missing) > ParityColumns)
        {
            return false;
        }

        Plan plan = new(this, missing);
        byte* spare = stackalloc byte[3 * Block];
        nint* block = stackalloc nint[Columns];
        nint* sources = stackalloc nint[DataColumns];
        fixed (byte* zeros = Zeros)
        {
            for (nuint at = 0; at < length && missing != 0; at += Block)
            {
                byte* free = spare;
                for (int i = 0; i < columns.Length; i++)
                {
                    bool unwanted = columns[i] == 0 && IsSet(missing, i);
                    block[i] = unwanted ? (nint)free : columns[i] + (nint)at;
                    free += unwanted ? Block : 0;
                }

                nuint blockLength = nuint.Min(Block, length - at);
                RebuildData(plan, block, sources, (nint)zeros, blockLength);
                RebuildParity(plan, block, free, blockLength);
            }
        }

        return true;
    }

    private static bool IsSet(ulong mask, int bit) => ((mask >> bit) & 1) != 0;

    private void RebuildData(in Plan plan, nint* block, nint* sources, nint zeros, nuint length)
    {
        byte* p = (byte*)block[DataColumns];
        byte* q = (byte*)block[Columns - 1];
        for (int i = 0; i < DataColumns; i++)
        {
            sources[i] = i == plan.X || i == plan.Y ? zeros : block[i];
        }

        switch (plan.How)
        {
            case How.ParityOnly:
                break;
            case How.OneBySum:
                sources[plan.X] = (nint)p;
                _path.Sum(sources, DataColumns, (byte*)block[plan.X], length, stream: false);
                break;
            case How.OneByHorner:
                // A sum without the missing column comes along; it is overwritten when the first parity is computed.
                _path.SumAndHorner(sources, DataColumns, p, (byte*)block[plan.X], length, stream: false);
                _path.SolveOne(q, (byte*)block[plan.X], plan.A, length);
                break;
            default:
                _path.SumAndHorner(sources, DataColumns, (byte*)block[plan.X], (byte*)block[plan.Y], length, stream: false);
                _path.SolveTwo(p, q, (byte*)block[plan.X], (byte*)block[plan.Y], plan.A, plan.B, length);
                break;
        }
    }

    /// <summary>With all data there. The first parity comes with the second anyway; if it is not missing it goes to <paramref name="spare"/>, because what is there is only read.</summary>
    private void RebuildParity(in Plan plan, nint* block, byte* spare, nuint length)
    {
        byte* p = plan.IsFirstParityMissing ? (byte*)block[DataColumns] : spare;
        if (plan.IsSecondParityMissing)
        {
            _path.SumAndHorner(block, DataColumns, p, (byte*)block[DataColumns + 1], length, stream: false);
        }
        else if (plan.IsFirstParityMissing)
        {
            _path.Sum(block, DataColumns, p, length, stream: false);
        }
    }

    private enum How
    {
        ParityOnly,
        OneBySum,
        OneByHorner,
        TwoBySolving,
    }

    /// <summary>What to do in each block, and with which coefficients.</summary>
    private readonly struct Plan
    {
        public Plan(ColumnCode code, ulong missing)
        {
            int dataColumns = code.DataColumns;
            ulong data = missing & ((1UL << dataColumns) - 1);
            IsFirstParityMissing = IsSet(missing, dataColumns);
            IsSecondParityMissing = IsSet(missing, dataColumns + 1);
            X = data == 0 ? -1 : BitOperations.TrailingZeroCount(data);
            data &= data - 1;
            Y = data == 0 ? -1 : BitOperations.TrailingZeroCount(data);
            How = (X, Y) switch
            {
                (< 0, _) => How.ParityOnly,
                (_, >= 0) => How.TwoBySolving,
                _ => IsFirstParityMissing ? How.OneByHorner : How.OneBySum,
            };
            if (How == How.OneByHorner)
            {
                A = new Factor(GaloisField.Power(-X));
            }
            else if (How == How.TwoBySolving)
            {
                // x + y = s and 2^x·x + 2^y·y = t, so x = (2^y·s + t) / (2^x + 2^y).
                byte inverse = GaloisField.Invert((byte)(GaloisField.Power(X) ^ GaloisField.Power(Y)));
                A = new Factor(GaloisField.Multiply(inverse, GaloisField.Power(Y)));
                B = new Factor(inverse);
            }
        }

        public How How { get; }

        /// <summary>The first missing data column, or −1.</summary>
        public int X { get; }

        /// <summary>The second missing data column, or −1.</summary>
        public int Y { get; }

        public Factor A { get; }

        public Factor B { get; }

        public bool IsFirstParityMissing { get; }

        public bool IsSecondParityMissing { get; }
    }
}
