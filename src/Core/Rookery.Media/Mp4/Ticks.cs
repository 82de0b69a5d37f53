// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Media.Mp4;

/// <summary>Arithmetic of media time.</summary>
public static class Ticks
{
    /// <summary>Converts between timescales, to the nearest tick, halves up. Exact for every 64-bit time.</summary>
    public static long Rescale(long value, long from, long to)
    {
        if (from == to)
        {
            return value;
        }

        Int128 doubled = (2 * (Int128)value * to) + from;
        (Int128 quotient, Int128 remainder) = Int128.DivRem(doubled, 2 * (Int128)from);
        return (long)(remainder < 0 ? quotient - 1 : quotient);
    }
}
