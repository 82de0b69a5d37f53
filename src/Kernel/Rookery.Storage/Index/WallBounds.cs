// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The wall times the store deals in: 1970 to the year 10000. What a broken camera clock says outside of it is moved to the nearer end when it is taken, and
/// refused when it is read from a disk, so that no sum of times ever overflows.
/// </summary>
internal static class WallBounds
{
    public static readonly WallTime Lowest = new(0);
    public static readonly WallTime Highest = WallTime.From(new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero));

    public static WallTime Clamp(WallTime time) => WallTime.Min(WallTime.Max(time, Lowest), Highest);

    /// <summary>For the beginning of something that lasts: leaves room for its end.</summary>
    public static WallTime ClampStart(WallTime time) => WallTime.Min(Clamp(time), Highest - TimeSpan.FromSeconds(1));

    public static WallRange Clamp(WallRange range)
    {
        WallTime start = Clamp(range.Start);
        return new WallRange(start, WallTime.Max(start, Clamp(range.End)));
    }

    public static bool Contains(WallRange range) => range.Start >= Lowest && range.End <= Highest && range.Start <= range.End;
}
