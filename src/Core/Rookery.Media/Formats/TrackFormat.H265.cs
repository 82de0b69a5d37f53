// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media.Bitstream;

namespace Rookery.Media;

public sealed partial record TrackFormat
{
    /// <summary>Makes the format of an H.265 track.</summary>
    /// <param name="vps">Video parameter set as a NAL unit without start code.</param>
    /// <param name="sps">Sequence parameter set that refers to it.</param>
    /// <param name="pps">Picture parameter set that refers to that one.</param>
    /// <returns><c>null</c> when the sequence parameter set cannot be read.</returns>
    public static TrackFormat? FromH265(ReadOnlySpan<byte> vps, ReadOnlySpan<byte> sps, ReadOnlySpan<byte> pps) =>
        FromH265(vps, sps, [pps.ToArray()]);

    /// <inheritdoc cref="FromH265(ReadOnlySpan{byte}, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    internal static TrackFormat? FromH265(ReadOnlySpan<byte> vps, ReadOnlySpan<byte> sps, IReadOnlyList<byte[]> pictureSets)
    {
        if (!H265Sps.TryParse(sps, out H265Sps? parsed) || pictureSets.Count is 0 or > 64)
        {
            return null;
        }

        return new TrackFormat
        {
            Codec = Codec.H265,
            Timescale = VideoTimescale,
            CodecPrivate = HevcConfiguration(parsed!, vps, sps, pictureSets),
            Width = parsed!.Width,
            Height = parsed.Height,
            NominalFrameRate = parsed.FrameRate,
            ReorderDepth = parsed.ReorderDepth,
        };
    }

    /// <summary>HEVCDecoderConfigurationRecord, ISO/IEC 14496-15 §8.3.3.1.2.</summary>
    private static byte[] HevcConfiguration(H265Sps parsed, ReadOnlySpan<byte> vps, ReadOnlySpan<byte> sps, IReadOnlyList<byte[]> pictureSets)
    {
        int size = 23 + 5 + vps.Length + 5 + sps.Length + 3;
        foreach (byte[] pps in pictureSets)
        {
            size += 2 + pps.Length;
        }

        byte[] record = new byte[size];
        record[0] = 1;
        parsed.ProfileTierLevel.Span.CopyTo(record.AsSpan(1));
        // min_spatial_segmentation_idc and parallelismType 0: not known.
        BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(13), 0xF000);
        record[15] = 0xFC;
        record[16] = (byte)(0xFC | parsed.ChromaFormatIdc);
        record[17] = (byte)(0xF8 | (parsed.BitDepthLuma - 8));
        record[18] = (byte)(0xF8 | (parsed.BitDepthChroma - 8));
        // avgFrameRate and constantFrameRate 0: not said; lengthSizeMinusOne 3.
        record[21] = (byte)((parsed.TemporalLayers << 3) | (parsed.TemporalIdNesting ? 4 : 0) | 3);
        record[22] = 3;
        int at = 23;
        at = PutArray(record, at, type: 32, count: 1);
        at = PutSized(record, at, vps);
        at = PutArray(record, at, type: 33, count: 1);
        at = PutSized(record, at, sps);
        at = PutArray(record, at, type: 34, pictureSets.Count);
        foreach (byte[] pps in pictureSets)
        {
            at = PutSized(record, at, pps);
        }

        return record;
    }

    /// <summary>array_completeness 1: no such sets in the samples.</summary>
    private static int PutArray(Span<byte> destination, int at, byte type, int count)
    {
        destination[at] = (byte)(0x80 | type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(at + 1)..], (ushort)count);
        return at + 3;
    }
}
