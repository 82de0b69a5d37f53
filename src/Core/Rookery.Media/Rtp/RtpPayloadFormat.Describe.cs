// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Media.Rtp;

public sealed partial record RtpPayloadFormat
{
    /// <summary>What a session description has to say of a track in this format.</summary>
    /// <param name="format">Of the track.</param>
    /// <param name="payloadType">96 to 127, or the static one of the codec.</param>
    public static RtpPayloadFormat Of(TrackFormat format, int payloadType) => new()
    {
        EncodingName = NameOf(format.Codec),
        ClockRate = format.Timescale,
        // RFC 7587 §4.1: Opus is always announced as opus/48000/2.
        Channels = format.Codec == Media.Codec.Opus ? 2 : format.Channels,
        PayloadType = payloadType,
        Parameters = ParametersOf(format),
    };

    private static string NameOf(Codec codec) => codec switch
    {
        Media.Codec.H264 => "H264",
        Media.Codec.H265 => "H265",
        Media.Codec.Jpeg => "JPEG",
        Media.Codec.Aac => "MPEG4-GENERIC",
        Media.Codec.Pcmu => "PCMU",
        Media.Codec.Pcma => "PCMA",
        Media.Codec.Opus => "OPUS",
        _ => "vnd.onvif.metadata",
    };

    private static Dictionary<string, string> ParametersOf(TrackFormat format)
    {
        Dictionary<string, string> parameters = [];
        switch (format.Codec)
        {
            case Media.Codec.H264:
                parameters["packetization-mode"] = "1";
                if (format.CodecPrivate.Length >= 4)
                {
                    parameters["profile-level-id"] = Convert.ToHexString(format.CodecPrivate.Span.Slice(1, 3));
                }

                parameters["sprop-parameter-sets"] = Base64(format.ParameterSets);
                break;
            case Media.Codec.H265:
                foreach ((string name, int type) in new[] { ("sprop-vps", 32), ("sprop-sps", 33), ("sprop-pps", 34) })
                {
                    parameters[name] = Base64(format.ParameterSets.Where(nal => ((nal.Span[0] >> 1) & 0x3F) == type));
                }

                break;
            case Media.Codec.Aac:
                parameters["streamtype"] = "5";
                parameters["profile-level-id"] = "1";
                parameters["mode"] = "AAC-hbr";
                parameters["config"] = Convert.ToHexString(format.CodecPrivate.Span);
                parameters["sizelength"] = "13";
                parameters["indexlength"] = "3";
                parameters["indexdeltalength"] = "3";
                break;
            case Media.Codec.Opus:
                parameters["sprop-stereo"] = (format.Channels - 1).ToString(CultureInfo.InvariantCulture);
                break;
        }

        return parameters;
    }

    private static string Base64(IEnumerable<ReadOnlyMemory<byte>> nals) => string.Join(',', nals.Select(nal => Convert.ToBase64String(nal.Span)));
}
