// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Storage;

/// <summary>
/// How a chunk lies on disks: D columns of data and P of parity, each on a disk of its own. Any P of them may be lost. 1+0 is a single copy, 1+1 and 1+2 are mirrors, D+1 is
/// parity, D+2 double parity.
/// </summary>
public readonly record struct ChunkLayout
{
    /// <summary>Most data columns: beyond it a rebuild reads from so many disks that another one fails meanwhile.</summary>
    public const int MaximumDataColumns = 16;

    public const int MaximumParityColumns = 2;

    /// <summary>One copy on one disk.</summary>
    public static readonly ChunkLayout Single = new(1, 0);

    private readonly byte _dataBeyondOne;

    /// <param name="dataColumns">D, 1 to 16.</param>
    /// <param name="parityColumns">P, 0 to 2.</param>
    public ChunkLayout(int dataColumns, int parityColumns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dataColumns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataColumns, MaximumDataColumns);
        ArgumentOutOfRangeException.ThrowIfNegative(parityColumns);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parityColumns, MaximumParityColumns);
        _dataBeyondOne = (byte)(dataColumns - 1);
        ParityColumns = (byte)parityColumns;
    }

    public int DataColumns => _dataBeyondOne + 1;
    public int ParityColumns { get; }

    /// <summary>D + P: how many disks a chunk takes.</summary>
    public int Columns => DataColumns + ParityColumns;

    /// <summary>What is recommended for a pool of so many disks: as much room as possible while one disk may fail, from six disks on two. From seven on, one disk's room stays free to rebuild on.</summary>
    public static ChunkLayout For(int disks) => disks switch
    {
        <= 1 => Single,
        2 => new(1, 1),
        <= 5 => new(disks - 1, 1),
        6 => new(4, 2),
        _ => new(Math.Min(disks - 3, 8), 2),
    };

    /// <summary>The layout for fewer disks than this one wants: the same protection if that is possible, else less.</summary>
    /// <param name="disks">Disks that can be written, at least 1.</param>
    public ChunkLayout Within(int disks) =>
        disks >= Columns ? this : disks > ParityColumns ? new(disks - ParityColumns, ParityColumns) : new(1, Math.Max(0, disks - 1));

    internal static bool IsValid(int dataColumns, int parityColumns) => dataColumns is >= 1 and <= MaximumDataColumns && parityColumns is >= 0 and <= MaximumParityColumns;

    /// <summary>Reads <c>D+P</c>.</summary>
    /// <exception cref="FormatException">It is no layout.</exception>
    public static ChunkLayout Parse(string text)
    {
        string[] parts = text.Split('+');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int data)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int parity) && IsValid(data, parity)
            ? new ChunkLayout(data, parity)
            : throw new FormatException($"'{text}' is no layout. Write D+P with D from 1 to 16 and P from 0 to 2, such as 1+1 or 4+2.");
    }

    public override string ToString() => $"{DataColumns}+{ParityColumns}";
}
