// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage;

/// <summary>What the store tells apart: one track of one coding of one channel. The store gives the number no meaning.</summary>
public readonly record struct StreamId(ulong Value) : IComparable<StreamId>
{
    public int CompareTo(StreamId other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
