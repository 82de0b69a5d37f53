// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Rookery.Media.Bitstream;

namespace Rookery.Media;

public sealed partial record TrackFormat
{
    /// <summary>The value of the <c>codecs</c> parameter (RFC 6381; ISO/IEC 14496-15 Annex E for H.265), as browsers want it.</summary>
    public string CodecString => Codec switch
    {
        Codec.H264 => CodecPrivate.Length >= 4 ? $"avc1.{Convert.ToHexString(CodecPrivate.Span.Slice(1, 3))}" : "avc1",
        Codec.H265 => HevcCodecString(CodecPrivate.Span),
        Codec.Aac => AudioSpecificConfig.TryParse(CodecPrivate.Span, out AudioSpecificConfig config)
            ? string.Create(CultureInfo.InvariantCulture, $"mp4a.40.{config.ObjectType}")
            : "mp4a.40.2",
        Codec.Opus => "opus",
        Codec.Pcmu => "ulaw",
        Codec.Pcma => "alaw",
        Codec.Jpeg => "mjpg",
        _ => "metx",
    };

    private static string HevcCodecString(ReadOnlySpan<byte> record)
    {
        if (record.Length < 13)
        {
            return "hvc1";
        }

        StringBuilder text = new("hvc1.");
        int space = record[1] >> 6;
        if (space > 0)
        {
            text.Append((char)('A' + space - 1));
        }

        text.Append(record[1] & 0x1F).Append('.');
        uint compatibility = BinaryPrimitives.ReadUInt32BigEndian(record[2..]);
        uint reversed = 0;
        for (int i = 0; i < 32; i++)
        {
            reversed |= ((compatibility >> i) & 1) << (31 - i);
        }

        text.Append(reversed.ToString("X", CultureInfo.InvariantCulture));
        text.Append('.').Append((record[1] & 0x20) != 0 ? 'H' : 'L').Append(record[12]);
        ReadOnlySpan<byte> constraints = record.Slice(6, 6).TrimEnd((byte)0);
        foreach (byte value in constraints)
        {
            text.Append('.').Append(value.ToString("X", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
