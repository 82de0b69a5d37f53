// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Farm.CommandLine;

/// <summary>Reads quantities as people write them on a command line.</summary>
internal static class Quantities
{
    /// <summary>Bits per second: <c>4.2M</c>, <c>800k</c>, <c>64000</c>; k and M are powers of ten.</summary>
    /// <exception cref="FormatException">It is none, or out of the range of 16 kbit/s to 200 Mbit/s.</exception>
    public static long ParseBitRate(string text)
    {
        double factor = text.EndsWith('M') ? 1e6 : text.EndsWith('k') || text.EndsWith('K') ? 1e3 : 1;
        ReadOnlySpan<char> number = factor > 1 ? text.AsSpan(0, text.Length - 1) : text;
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value * factor is >= 16e3 and <= 200e6
            ? (long)(value * factor)
            : throw new FormatException($"'{text}' is no bit rate from 16k to 200M.");
    }

    /// <summary><c>1920x1080</c>, both even.</summary>
    /// <exception cref="FormatException">It is none, or a side is odd or not from 64 to 8192.</exception>
    public static (int Width, int Height) ParseSize(string text)
    {
        string[] sides = text.Split('x');
        return sides.Length == 2 && TrySide(sides[0], out int width) && TrySide(sides[1], out int height)
            ? (width, height)
            : throw new FormatException($"'{text}' is no size such as 1920x1080, with even sides from 64 to 8192.");
    }

    private static bool TrySide(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 64 and <= 8192 && side % 2 == 0;
}
