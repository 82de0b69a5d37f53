// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Frozen;
using System.Globalization;

namespace Rookery.Media.Rtp;

/// <summary>What a session description says of one payload type (RFC 8866 §6.6, §6.15), enough to make a <see cref="Depacketizer"/>.</summary>
public sealed partial record RtpPayloadFormat
{
    /// <summary>Of <c>a=rtpmap</c>, in any case: <c>H264</c>, <c>MPEG4-GENERIC</c>, <c>vnd.onvif.metadata</c>…</summary>
    public required string EncodingName { get; init; }

    /// <summary>In Hz.</summary>
    public required int ClockRate { get; init; }

    /// <summary>Audio channels; 0 when <c>a=rtpmap</c> does not say (RFC 8866: one).</summary>
    public int Channels { get; init; }

    /// <summary>0 to 127; -1 takes packets of any type.</summary>
    public int PayloadType { get; init; } = -1;

    /// <summary>Of <c>a=fmtp</c>: names in any case, values as they stand.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary><c>null</c> when Rookery does not know the encoding.</summary>
    public Codec? Codec => EncodingName.ToUpperInvariant() switch
    {
        "H264" => Media.Codec.H264,
        "H265" or "HEVC" => Media.Codec.H265,
        "JPEG" => Media.Codec.Jpeg,
        "MPEG4-GENERIC" or "MP4A-LATM" => Media.Codec.Aac,
        "PCMU" => Media.Codec.Pcmu,
        "PCMA" => Media.Codec.Pcma,
        "OPUS" => Media.Codec.Opus,
        "VND.ONVIF.METADATA" => Media.Codec.OnvifMetadata,
        _ => null,
    };

    /// <summary>The payload types that need no <c>a=rtpmap</c> (RFC 3551 §6), as far as Rookery knows them.</summary>
    public static RtpPayloadFormat? ForStaticPayloadType(int payloadType) => payloadType switch
    {
        0 => new RtpPayloadFormat { EncodingName = "PCMU", ClockRate = 8000, Channels = 1, PayloadType = 0 },
        8 => new RtpPayloadFormat { EncodingName = "PCMA", ClockRate = 8000, Channels = 1, PayloadType = 8 },
        26 => new RtpPayloadFormat { EncodingName = "JPEG", ClockRate = TrackFormat.VideoTimescale, PayloadType = 26 },
        _ => null,
    };

    /// <summary>A parameter's value; <c>null</c> when it is not there.</summary>
    public string? Parameter(string name)
    {
        if (Parameters.TryGetValue(name, out string? value))
        {
            return value;
        }

        foreach ((string key, string other) in Parameters)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>A parameter that is a number; <paramref name="fallback"/> when it is missing, unreadable or outside <c>[minimum, maximum]</c>.</summary>
    public int Parameter(string name, int fallback, int minimum, int maximum) =>
        int.TryParse(Parameter(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : fallback;
}
