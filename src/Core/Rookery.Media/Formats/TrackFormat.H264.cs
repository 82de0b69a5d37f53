// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media.Bitstream;

namespace Rookery.Media;

public sealed partial record TrackFormat
{
    /// <summary>The clock rate of every RTP video payload (RFC 3551 §5).</summary>
    public const int VideoTimescale = 90000;

    /// <summary>Makes the format of an H.264 track.</summary>
    /// <param name="sps">One sequence parameter set as a NAL unit without start code.</param>
    /// <param name="pps">One picture parameter set that refers to it.</param>
    /// <returns><c>null</c> when the sequence parameter set cannot be read.</returns>
    public static TrackFormat? FromH264(ReadOnlySpan<byte> sps, ReadOnlySpan<byte> pps) => FromH264(sps, [pps.ToArray()]);

    /// <inheritdoc cref="FromH264(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    internal static TrackFormat? FromH264(ReadOnlySpan<byte> sps, IReadOnlyList<byte[]> pictureSets)
    {
        if (!H264Sps.TryParse(sps, out H264Sps? parsed) || pictureSets.Count is 0 or > 255)
        {
            return null;
        }

        return new TrackFormat
        {
            Codec = Codec.H264,
            Timescale = VideoTimescale,
            CodecPrivate = AvcConfiguration(parsed!, sps, pictureSets),
            Width = parsed!.Width,
            Height = parsed.Height,
            NominalFrameRate = parsed.FrameRate,
            ReorderDepth = parsed.ReorderDepth,
        };
    }

    /// <summary>AVCDecoderConfigurationRecord, ISO/IEC 14496-15 §5.3.3.1.2.</summary>
    private static byte[] AvcConfiguration(H264Sps parsed, ReadOnlySpan<byte> sps, IReadOnlyList<byte[]> pictureSets)
    {
        bool high = parsed.ProfileIdc is 100 or 110 or 122 or 144 or 244;
        int size = 6 + 2 + sps.Length + 1 + (high ? 4 : 0);
        foreach (byte[] pps in pictureSets)
        {
            size += 2 + pps.Length;
        }

        byte[] record = new byte[size];
        record[0] = 1;
        sps.Slice(1, 3).CopyTo(record.AsSpan(1));
        record[4] = 0xFC | 3;
        record[5] = 0xE0 | 1;
        int at = PutSized(record, 6, sps);
        record[at++] = (byte)pictureSets.Count;
        foreach (byte[] pps in pictureSets)
        {
            at = PutSized(record, at, pps);
        }

        if (high)
        {
            record[at++] = (byte)(0xFC | parsed.ChromaFormatIdc);
            record[at++] = (byte)(0xF8 | (parsed.BitDepthLuma - 8));
            record[at] = (byte)(0xF8 | (parsed.BitDepthChroma - 8));
        }

        return record;
    }

    private static int PutSized(Span<byte> destination, int at, ReadOnlySpan<byte> nal)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)nal.Length);
        nal.CopyTo(destination[(at + 2)..]);
        return at + 2 + nal.Length;
    }
}
