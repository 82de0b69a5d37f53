// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media;

namespace Rookery.Farm.Packing;

/// <summary>RFC 6184, packetization mode 1: single NAL units, FU-A, and a STAP-A with the parameter sets.</summary>
internal sealed class H264Packer : UnitPacker
{
    private const byte StapA = 24;
    private const byte FuA = 28;
    private const byte StartBit = 0x80;
    private const byte EndBit = 0x40;
    private const byte TypeMask = 0x1F;

    private readonly byte[] _parameterSets;

    public H264Packer(TrackFormat format)
    {
        List<byte[]> sets = ParameterSets(format.CodecPrivate.Span);
        Parameters = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"packetization-mode=1;profile-level-id={Convert.ToHexString(sets[0].AsSpan(1, 3))};sprop-parameter-sets={string.Join(',', sets.Select(Convert.ToBase64String))}");
        using MemoryStream stap = new();
        Span<byte> size = stackalloc byte[2];
        foreach (byte[] set in sets)
        {
            BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)set.Length);
            stap.Write(size);
            stap.Write(set);
        }

        _parameterSets = stap.ToArray();
    }

    public override byte PayloadType => 96;

    public override string RtpMap => "H264/90000";

    public override string Parameters { get; }

    public override void Pack(ReadOnlySpan<byte> unit, bool isRandomAccess, WireBuilder wire)
    {
        if (isRandomAccess)
        {
            wire.Add([0x60 | StapA], _parameterSets, isLast: false);
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
        byte indicator = (byte)((nal[0] & ~TypeMask) | FuA);
        byte start = StartBit;
        ReadOnlySpan<byte> rest = nal[1..];
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, MaxPayloadBytes - 2);
            bool isEnd = length == rest.Length;
            wire.Add([indicator, (byte)((nal[0] & TypeMask) | start | (isEnd ? EndBit : 0))], rest[..length], isEnd && endsUnit);
            rest = rest[length..];
            start = 0;
        }
    }

    /// <summary>Sequence, then picture parameter sets of an AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3.1).</summary>
    private static List<byte[]> ParameterSets(ReadOnlySpan<byte> record)
    {
        List<byte[]> sets = [];
        int at = 5;
        for (int kind = 0; kind < 2; kind++)
        {
            int count = kind == 0 ? record[at] & 0x1F : record[at];
            at++;
            for (int i = 0; i < count; i++)
            {
                int length = BinaryPrimitives.ReadUInt16BigEndian(record[at..]);
                sets.Add(record.Slice(at + 2, length).ToArray());
                at += 2 + length;
            }
        }

        return sets;
    }
}
