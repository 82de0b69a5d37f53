// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media;

namespace Rookery.Farm.Packing;

/// <summary>RFC 7798 without DONL: single NAL units, fragmentation units, and an aggregation packet with the parameter sets.</summary>
internal sealed class H265Packer : UnitPacker
{
    private const byte Aggregation = 48;
    private const byte FragmentationUnit = 49;
    private const byte StartBit = 0x80;
    private const byte EndBit = 0x40;
    private const byte TypeMask = 0x7E;

    private readonly byte[] _parameterSets;

    public H265Packer(TrackFormat format)
    {
        List<byte[]> sets = ParameterSets(format.CodecPrivate.Span);
        Parameters = string.Join(';', new (string Name, int Type)[] { ("sprop-vps", 32), ("sprop-sps", 33), ("sprop-pps", 34) }
            .Select(kind => $"{kind.Name}={string.Join(',', sets.Where(set => (set[0] & TypeMask) >> 1 == kind.Type).Select(Convert.ToBase64String))}"));
        using MemoryStream aggregate = new();
        Span<byte> size = stackalloc byte[2];
        foreach (byte[] set in sets)
        {
            BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)set.Length);
            aggregate.Write(size);
            aggregate.Write(set);
        }

        _parameterSets = aggregate.ToArray();
    }

    public override byte PayloadType => 96;

    public override string RtpMap => "H265/90000";

    public override string Parameters { get; }

    public override void Pack(ReadOnlySpan<byte> unit, bool isRandomAccess, WireBuilder wire)
    {
        if (isRandomAccess)
        {
            // Layer 0, temporal id 1: the lowest of those aggregated (§4.4.2).
            wire.Add([Aggregation << 1, 1], _parameterSets, isLast: false);
        }

        while (!unit.IsEmpty)
        {
            ReadOnlySpan<byte> nal = WireBuilder.NextNal(ref unit);
            if (nal.Length <= MaxPayloadBytes)
            {
                wire.Add([], nal, unit.IsEmpty);
            }
            else
            {
                Fragment(nal, unit.IsEmpty, wire);
            }
        }
    }

    private static void Fragment(ReadOnlySpan<byte> nal, bool endsUnit, WireBuilder wire)
    {
        byte first = (byte)((nal[0] & ~TypeMask) | (FragmentationUnit << 1));
        int type = (nal[0] & TypeMask) >> 1;
        byte start = StartBit;
        ReadOnlySpan<byte> rest = nal[2..];
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, MaxPayloadBytes - 3);
            bool isEnd = length == rest.Length;
            wire.Add([first, nal[1], (byte)(type | start | (isEnd ? EndBit : 0))], rest[..length], isEnd && endsUnit);
            rest = rest[length..];
            start = 0;
        }
    }

    /// <summary>The arrays of an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1), which hold VPS, SPS and PPS.</summary>
    private static List<byte[]> ParameterSets(ReadOnlySpan<byte> record)
    {
        const int arraysAt = 22;
        List<byte[]> sets = [];
        int at = arraysAt + 1;
        for (int array = 0; array < record[arraysAt]; array++)
        {
            int type = record[at] & 0x3F;
            int count = BinaryPrimitives.ReadUInt16BigEndian(record[(at + 1)..]);
            at += 3;
            for (int i = 0; i < count; i++)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(record[at..]);
                if (type is >= 32 and <= 34)
                {
                    sets.Add(record.Slice(at + 2, length).ToArray());
                }

                at += 2 + length;
            }
        }

        return sets;
    }
}
