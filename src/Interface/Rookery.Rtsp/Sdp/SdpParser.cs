// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>Parses session descriptions.</summary>
/// <remarks>
/// Lenient, because what cameras send often breaks RFC 8866 §5: order of lines does not matter, missing and unknown lines do not either,
/// lines may end in CR, LF or both, and a NUL ends the text. Only a text without any <c>m=</c> line is refused.
/// </remarks>
public static class SdpParser
{
    /// <summary>Media beyond this number are left out: 8 tracks are the most that were ever met.</summary>
    public const int MaxMedia = 32;

    /// <param name="text">UTF-8; the caller has bounded its length.</param>
    /// <param name="description">What was found.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out SessionDescription description)
    {
        int end = text.IndexOf((byte)0);
        string sdp = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);

        SessionDescription session = new();
        List<SdpAttribute> sessionAttributes = [];
        List<MediaDescription> media = [];
        List<SdpAttribute> attributes = sessionAttributes;
        bool skipping = false;
        foreach (ReadOnlySpan<char> untrimmed in sdp.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = untrimmed.Trim();
            if (line.Length < 2 || line[1] != '=')
            {
                continue;
            }

            string value = line[2..].Trim().ToString();
            char type = line[0];
            if (type == 'm')
            {
                MediaDescription? next = media.Count < MaxMedia ? ParseMedia(value) : null;
                skipping = next is null;
                attributes = [];
                if (next is not null)
                {
                    media.Add(next with { Attributes = attributes });
                }
            }
            else if (type == 'a')
            {
                attributes.Add(ParseAttribute(value));
            }
            else if (skipping)
            {
                continue;
            }
            else if (media.Count == 0)
            {
                session = WithLine(session, type, value);
            }
            else
            {
                media[^1] = WithLine(media[^1], type, value);
            }
        }

        description = session with { Attributes = sessionAttributes, Media = media };
        return media.Count > 0;
    }

    private static SessionDescription WithLine(SessionDescription session, char type, string value) => type switch
    {
        'o' => session with { Origin = value },
        's' => session with { Name = value },
        'c' => session with { Connection = value },
        _ => session,
    };

    private static MediaDescription WithLine(MediaDescription media, char type, string value) => type switch
    {
        'c' => media with { Connection = value },
        'b' when value.StartsWith("AS:", StringComparison.OrdinalIgnoreCase)
            && int.TryParse(value.AsSpan(3), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out int kbps) => media with { BandwidthKbps = kbps },
        _ => media,
    };

    /// <summary><c>video 0 RTP/AVP 96 97</c>; the port may be followed by a count (<c>49170/2</c>).</summary>
    private static MediaDescription? ParseMedia(string value)
    {
        string[] words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3)
        {
            return null;
        }

        string port = words[1].Split('/')[0];
        return new()
        {
            Kind = words[0].ToLowerInvariant(),
            Port = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? number : 0,
            Protocol = words[2],
            Formats = words[3..],
        };
    }

    private static SdpAttribute ParseAttribute(string value)
    {
        int colon = value.IndexOf(':');
        return colon < 0 ? new(value) : new(value[..colon].TrimEnd(), value[(colon + 1)..].TrimStart());
    }
}
