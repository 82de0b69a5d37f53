// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Where a column of a chunk lies.</summary>
/// <param name="Disk">Number of the disk; it need not be here now.</param>
/// <param name="Zone">Zone on it.</param>
internal readonly record struct ColumnPlace(int Disk, int Zone)
{
    /// <summary>Nowhere: the column was lost, and is to be rebuilt.</summary>
    public static readonly ColumnPlace None = new(-1, -1);

    public bool IsNone => Disk < 0;
}
