// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>Names a write head: the channels of a retention class that are written into the same chunks.</summary>
/// <param name="Class">Their retention class.</param>
/// <param name="Number">Counts the heads of the class from 0.</param>
internal readonly record struct HeadId(byte Class, byte Number) : IComparable<HeadId>
{
    public int CompareTo(HeadId other) => Class != other.Class ? Class.CompareTo(other.Class) : Number.CompareTo(other.Number);
}
