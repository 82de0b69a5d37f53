// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;

namespace Rookery.Rtsp;

/// <summary>Writes session descriptions, in the order of RFC 8866 §5.</summary>
public static class SdpFormatter
{
    public static byte[] Format(SessionDescription session)
    {
        StringBuilder text = new("v=0\r\n", 512);
        Line(text, 'o', session.Origin);
        Line(text, 's', session.Name);
        Line(text, 'c', session.Connection);
        Line(text, 't', "0 0");
        Attributes(text, session.Attributes);
        foreach (MediaDescription media in session.Media)
        {
            Line(text, 'm', $"{media.Kind} {media.Port} {media.Protocol} {string.Join(' ', media.Formats)}");
            Line(text, 'c', media.Connection);
            Line(text, 'b', media.BandwidthKbps is { } kbps ? $"AS:{kbps}" : null);
            Attributes(text, media.Attributes);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Attributes(StringBuilder text, IReadOnlyList<SdpAttribute> attributes)
    {
        foreach (SdpAttribute attribute in attributes)
        {
            Line(text, 'a', attribute.Value is null ? attribute.Name : $"{attribute.Name}:{attribute.Value}");
        }
    }

    private static void Line(StringBuilder text, char type, string? value)
    {
        if (value is null)
        {
            return;
        }

        if (value.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
        {
            throw new ArgumentException("A line of a session description holds a line break.", nameof(value));
        }

        text.Append(type).Append('=').Append(value).Append("\r\n");
    }
}
