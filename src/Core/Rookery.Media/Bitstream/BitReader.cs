// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;

namespace Rookery.Media.Bitstream;

/// <summary>
/// Reads bits from the most significant one on. Past the end it gives zeros and says so in <see cref="IsPastEnd"/>, so that a parser checks
/// once, where the answer matters, and never throws.
/// </summary>
public ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>More was read than there is, or an Exp-Golomb code was too long: what was read last means nothing.</summary>
    public bool IsPastEnd { get; private set; }

    /// <summary>Bits read so far.</summary>
    public readonly int Position => _position;

    public readonly int BitsLeft => (_bytes.Length * 8) - _position;

    public bool Flag() => Bits(1) != 0;

    /// <param name="count">0 to 32.</param>
    public uint Bits(int count)
    {
        if (count > BitsLeft)
        {
            IsPastEnd = true;
            _position = _bytes.Length * 8;
            return 0;
        }

        ulong window = 0;
        int first = _position >> 3;
        int last = (_position + count + 7) >> 3;
        for (int i = first; i < last; i++)
        {
            window = (window << 8) | _bytes[i];
        }

        _position += count;
        int surplus = (last * 8) - _position;
        return (uint)((window >> surplus) & ((1UL << count) - 1));
    }

    public void Skip(int count)
    {
        if (count > BitsLeft)
        {
            IsPastEnd = true;
            count = BitsLeft;
        }

        _position += count;
    }

    /// <summary>Unsigned Exp-Golomb code, ue(v) of ITU-T H.264 §9.1 and H.265 §9.2.</summary>
    public uint Ue()
    {
        int zeros = 0;
        while (!Flag())
        {
            if (IsPastEnd || ++zeros > 31)
            {
                IsPastEnd = true;
                return 0;
            }
        }

        return (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>Signed Exp-Golomb code, se(v).</summary>
    public int Se()
    {
        uint code = Ue();
        return (code & 1) != 0 ? (int)((code >> 1) + 1) : -(int)(code >> 1);
    }

    /// <summary>Whether there is payload before the trailing bits: a one followed by zeros (H.264 §7.2).</summary>
    public readonly bool HasMoreRbspData()
    {
        int end = _bytes.Length - 1;
        while (end >= 0 && _bytes[end] == 0)
        {
            end--;
        }

        return end >= 0 && _position < (end * 8) + 7 - BitOperations.TrailingZeroCount(_bytes[end]);
    }
}
