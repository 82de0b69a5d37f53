// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Media.Rtp;

namespace Rookery.Rtsp;

/// <summary>Finds the payload formats of a medium: what <c>rtpmap</c> and <c>fmtp</c> say together (RFC 8866 §6.6, §6.15).</summary>
public static class SdpPayloads
{
    /// <summary>The payload formats of a medium in the order of its <c>m=</c> line. An encoding that nothing tells is empty, a clock rate likewise 0.</summary>
    public static IReadOnlyList<RtpPayloadFormat> Of(MediaDescription media)
    {
        List<RtpPayloadFormat> payloads = [];
        foreach (string format in media.Formats)
        {
            if (byte.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out byte payloadType) && payloadType < 128)
            {
                payloads.Add(Build(media, payloadType));
            }
        }

        return payloads;
    }

    private static RtpPayloadFormat Build(MediaDescription media, byte payloadType)
    {
        IReadOnlyDictionary<string, string> parameters = ParseParameters(FindFor(media, "fmtp", payloadType));
        string map = FindFor(media, "rtpmap", payloadType) ?? StaticPayloads.Find(payloadType) ?? GuessMap(media, parameters);
        string[] parts = map.Split('/', StringSplitOptions.TrimEntries);
        int clockRate = parts.Length > 1 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rate) && rate is > 0 and <= 1_000_000 ? rate : 0;
        int channels = parts.Length > 2 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 8 ? count : 1;
        return new()
        {
            PayloadType = payloadType,
            EncodingName = parts[0],
            ClockRate = clockRate > 0 ? clockRate : UsualClockRate(media.Kind, parts[0]),
            Channels = channels,
            Parameters = parameters,
        };
    }

    /// <summary>The value of <c>a=NAME:PT …</c> behind the payload type.</summary>
    private static string? FindFor(MediaDescription media, string name, byte payloadType)
    {
        foreach (SdpAttribute attribute in media.Attributes)
        {
            if (!attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || attribute.Value is not { } value)
            {
                continue;
            }

            int blank = value.AsSpan().IndexOfAny(' ', '\t');
            if (blank > 0 && byte.TryParse(value.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out byte number) && number == payloadType)
            {
                return value[(blank + 1)..].Trim();
            }
        }

        return null;
    }

    /// <summary>A dynamic payload type without <c>rtpmap</c> breaks RFC 8866 §6.6; its parameters often give it away all the same.</summary>
    private static string GuessMap(MediaDescription media, IReadOnlyDictionary<string, string> parameters) => media.Kind switch
    {
        "video" when parameters.ContainsKey("sprop-vps") => "H265/90000",
        "video" when parameters.ContainsKey("sprop-parameter-sets") || parameters.ContainsKey("packetization-mode") => "H264/90000",
        _ => "",
    };

    private static int UsualClockRate(string kind, string encoding) => encoding.ToUpperInvariant() switch
    {
        "PCMU" or "PCMA" => 8000,
        "OPUS" => 48000,
        _ => kind == "audio" ? 0 : 90000,
    };

    /// <summary>Parameters are parted by semicolons with or without blanks, and Base64 values hold <c>=</c> themselves: only the first one parts name and value.</summary>
    private static Dictionary<string, string> ParseParameters(string? text)
    {
        Dictionary<string, string> parameters = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in (text ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            string name = equals < 0 ? part : part[..equals].TrimEnd();
            parameters.TryAdd(name, equals < 0 ? "" : part[(equals + 1)..].Trim().Trim('"'));
        }

        return parameters;
    }
}
