// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media.Bitstream;

/// <summary>
/// Walks NAL units behind 4-byte big-endian lengths, the form of an access unit. Stops at a length that is zero or runs past the end.
/// </summary>
public ref struct NalUnits(ReadOnlySpan<byte> accessUnit)
{
    private ReadOnlySpan<byte> _rest = accessUnit;

    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Nothing follows <see cref="Current"/>.</summary>
    public readonly bool IsLast => _rest.Length <= 4;

    public readonly NalUnits GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_rest.Length <= 4)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(_rest);
        if (length == 0 || length > _rest.Length - 4)
        {
            return false;
        }

        Current = _rest.Slice(4, (int)length);
        _rest = _rest[(4 + (int)length)..];
        return true;
    }
}
