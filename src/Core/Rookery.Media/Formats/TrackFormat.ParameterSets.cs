// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Media;

public sealed partial record TrackFormat
{
    /// <summary>
    /// The parameter sets of <see cref="CodecPrivate"/> as NAL units, in the order in which a decoder wants them: VPS, SPS, PPS. Empty for other
    /// codecs; stops where the record is cut short.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ParameterSets => Codec switch
    {
        Codec.H264 => AvcParameterSets(CodecPrivate),
        Codec.H265 => HevcParameterSets(CodecPrivate),
        _ => [],
    };

    private static List<ReadOnlyMemory<byte>> AvcParameterSets(ReadOnlyMemory<byte> record)
    {
        List<ReadOnlyMemory<byte>> sets = [];
        if (record.Length < 7)
        {
            return sets;
        }

        int sequenceSets = record.Span[5] & 0x1F;
        ReadOnlyMemory<byte> rest = record[6..];
        if (TakeSized(ref rest, sequenceSets, sets) && rest.Length > 0)
        {
            int pictureSets = rest.Span[0];
            rest = rest[1..];
            TakeSized(ref rest, pictureSets, sets);
        }

        return sets;
    }

    private static List<ReadOnlyMemory<byte>> HevcParameterSets(ReadOnlyMemory<byte> record)
    {
        List<ReadOnlyMemory<byte>> sets = [];
        if (record.Length < 23)
        {
            return sets;
        }

        int arrays = record.Span[22];
        ReadOnlyMemory<byte> rest = record[23..];
        for (int i = 0; i < arrays && rest.Length >= 3; i++)
        {
            int count = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[1..]);
            rest = rest[3..];
            if (!TakeSized(ref rest, count, sets))
            {
                break;
            }
        }

        return sets;
    }

    private static bool TakeSized(ref ReadOnlyMemory<byte> rest, int count, List<ReadOnlyMemory<byte>> sets)
    {
        for (int i = 0; i < count; i++)
        {
            int length = rest.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            if (length == 0 || length > rest.Length - 2)
            {
                return false;
            }

            sets.Add(rest.Slice(2, length));
            rest = rest[(2 + length)..];
        }

        return true;
    }
}
