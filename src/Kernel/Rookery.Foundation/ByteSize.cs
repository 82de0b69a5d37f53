// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rookery.Foundation;

/// <summary>A number of bytes as people write it: <c>500G</c>, <c>1.5T</c>, <c>64MiB</c>, <c>2TB</c>.</summary>
/// <remarks>
/// A bare letter counts in powers of 1024, as <c>fallocate</c>, <c>qemu-img</c> and <c>df -h</c> read it; so does <c>…iB</c>. With a final <c>B</c> alone
/// (<c>GB</c>) it counts in powers of 1000, as disks are sold.
/// </remarks>
public readonly record struct ByteSize(long Bytes) : IComparable<ByteSize>
{
    private const string Letters = "KMGTP";

    public int CompareTo(ByteSize other) => Bytes.CompareTo(other.Bytes);

    /// <summary>Reads a positive size. A unit is demanded: a bare number is more often a slip than a wish for bytes.</summary>
    /// <returns><c>false</c> for anything that is not a positive size below 2^63 bytes.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out ByteSize size)
    {
        size = default;
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int digits = rest.IndexOfAnyExcept("0123456789.");
        if (digits <= 0)
        {
            return false;
        }

        ReadOnlySpan<char> unit = rest[digits..];
        int letter = Letters.IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal);
        decimal step = unit[1..] switch
        {
            "" or "iB" or "ib" => 1024,
            "B" or "b" => 1000,
            _ => 0,
        };
        if (letter < 0 || step == 0
            || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            || number > long.MaxValue)
        {
            return false;
        }

        for (int i = 0; i <= letter && number <= long.MaxValue; i++)
        {
            number *= step;
        }

        if (number is < 1 or > long.MaxValue)
        {
            return false;
        }

        size = new ByteSize((long)number);
        return true;
    }

    /// <summary>At most one decimal, in powers of 1024: <c>1.5 TiB</c>.</summary>
    public override string ToString()
    {
        decimal number = Bytes;
        int letter = -1;
        while (Math.Abs(number) >= 1024 && letter < Letters.Length - 1)
        {
            number /= 1024;
            letter++;
        }

        string unit = letter < 0 ? "bytes" : $"{Letters[letter]}iB";
        return string.Create(CultureInfo.InvariantCulture, $"{number:0.#} {unit}");
    }
}
