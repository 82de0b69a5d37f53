// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.Intrinsics.X86;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The redundancy of a chunk's columns: D columns of data and P ∈ {0, 1, 2} of parity, of which any P may be missing. Design: docs/design/redundancy.md.
/// </summary>
/// <remarks>
/// The first parity column is the sum (XOR) of the data, the second Σ 2^i·data_i in <see cref="GaloisField"/>, as in RAID-6. With D = 1 both are copies: a mirror
/// (1+1, 1+2) is a parity over one column and needs nothing of its own.
/// Columns are passed as D + P addresses, data first, then P, then Q, each of <c>length</c> bytes. Any length and alignment is right; multiples of 64 aligned to 64
/// are fastest. The memory stays the caller's, is not kept, must not overlap and must not move meanwhile. Nothing is allocated; instances are immutable and may be shared by threads.
/// </remarks>
internal sealed unsafe partial class ColumnCode
{
    /// <summary>Limit of D: far above what a pool uses, and low enough that a set of columns is a 64-bit mask. The field would allow 255.</summary>
    public const int MaximumDataColumns = 32;

    public const int MaximumParityColumns = 2;

    /// <summary>Of all columns of a call; what a third-level cache holds today, of which a core has a part.</summary>
    private const nuint StreamedBytes = 32 << 20;

    /// <summary>Two parity pieces of this size stay in a first-level cache (32 KiB and more) between being made and being summed.</summary>
    private const nuint SummedPiece = 8 << 10;

    private readonly ParityPath _path;

    /// <param name="dataColumns">D, 1 … 32.</param>
    /// <param name="parityColumns">P, 0 … 2.</param>
    public ColumnCode(int dataColumns, int parityColumns)
        : this(dataColumns, parityColumns, ParityPath.Best)
    {
    }

    internal ColumnCode(int dataColumns, int parityColumns, ParityPath path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dataColumns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataColumns, MaximumDataColumns);
        ArgumentOutOfRangeException.ThrowIfNegative(parityColumns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parityColumns, MaximumParityColumns);
        DataColumns = dataColumns;
        ParityColumns = parityColumns;
        _path = path;
    }

    public int DataColumns { get; }

    public int ParityColumns { get; }

    /// <summary>D + P: how many addresses every call takes.</summary>
    public int Columns => DataColumns + ParityColumns;

    /// <summary>Fills the parity columns from the data columns.</summary>
    /// <param name="columns">D + P addresses.</param>
    /// <param name="length">Bytes of each column.</param>
    /// <exception cref="ArgumentException">The number of addresses is not D + P.</exception>
    public void Encode(ReadOnlySpan<nint> columns, nuint length)
    {
        ThrowUnlessComplete(columns);
        if (ParityColumns == 0)
        {
            return;
        }

        bool stream = ShouldStream(columns, length);
        fixed (nint* at = columns)
        {
            byte* p = (byte*)columns[DataColumns];
            if (ParityColumns == 1)
            {
                _path.Sum(at, DataColumns, p, length, stream);
            }
            else
            {
                _path.SumAndHorner(at, DataColumns, p, (byte*)columns[DataColumns + 1], length, stream);
            }
        }

        if (stream && Sse.IsSupported)
        {
            // Streamed stores are not ordered with others; without a fence the thread that writes the column could read what was there before.
            Sse.StoreFence();
        }
    }

    /// <summary>
    /// <see cref="Encode"/>, and sums the parity columns while they are still in the cache: a part of a frame goes to its disk with its checksum, and parity is the
    /// only one whose bytes nobody else has read by then.
    /// </summary>
    /// <param name="columns">D + P addresses.</param>
    /// <param name="length">Bytes of each column.</param>
    /// <param name="checksums">One for each parity column: what the CRC-32C is appended to, zero to begin one, and the result.</param>
    /// <exception cref="ArgumentException">The number of addresses is not D + P, or that of checksums not P.</exception>
    public void EncodeAndSum(ReadOnlySpan<nint> columns, nuint length, Span<uint> checksums)
    {
        ThrowUnlessComplete(columns);
        if (checksums.Length != ParityColumns)
        {
            throw new ArgumentException($"{checksums.Length} checksums were given to a code of {DataColumns}+{ParityColumns}.", nameof(checksums));
        }

        Span<nint> piece = stackalloc nint[Columns];
        for (nuint at = 0; at < length; at += SummedPiece)
        {
            nuint pieceLength = nuint.Min(SummedPiece, length - at);
            for (int i = 0; i < piece.Length; i++)
            {
                piece[i] = columns[i] + (nint)at;
            }

            Encode(piece, pieceLength);
            for (int i = 0; i < checksums.Length; i++)
            {
                checksums[i] = Crc32C.Append(checksums[i], new ReadOnlySpan<byte>((void*)piece[DataColumns + i], (int)pieceLength));
            }
        }
    }

    /// <summary>
    /// Past the caches if data and parity together cannot be in them anyway: then a stored line need not be read from memory first, which is a tenth to a quarter of the
    /// traffic. In cache it would be slower by up to a third.
    /// </summary>
    private bool ShouldStream(ReadOnlySpan<nint> columns, nuint length)
    {
        if (length < StreamedBytes / (nuint)Columns)
        {
            return false;
        }

        nint low = 0;
        foreach (nint parity in columns[DataColumns..])
        {
            low |= parity;
        }

        return low % _path.VectorBytes == 0;
    }

    private void ThrowUnlessComplete(ReadOnlySpan<nint> columns)
    {
        if (columns.Length != Columns)
        {
            throw new ArgumentException($"{columns.Length} columns were given to a code of {DataColumns}+{ParityColumns}.", nameof(columns));
        }
    }
}
