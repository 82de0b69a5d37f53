// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>One stream of an RTP-Info header (RFC 2326 §12.33): where its RTP begins.</summary>
/// <param name="Url">As the server wrote it: absolute, or relative to the session.</param>
/// <param name="Sequence">Sequence number of the first packet; <c>null</c> when it is not told.</param>
/// <param name="RtpTime">RTP timestamp of the range's start; <c>null</c> when it is not told.</param>
public sealed record RtpInfoStream(string Url, ushort? Sequence, uint? RtpTime)
{
    /// <summary>Parses a header's value; streams that make no sense are left out.</summary>
    public static IReadOnlyList<RtpInfoStream> ParseAll(string? header)
    {
        List<RtpInfoStream> streams = [];
        string text = header ?? "";
        // A URL may hold commas: a stream begins where "url=" follows a comma, not at every comma.
        int at = text.IndexOf("url=", StringComparison.OrdinalIgnoreCase);
        while (at >= 0)
        {
            int next = NextStream(text, at + 4);
            streams.Add(ParseOne(next < 0 ? text[at..] : text[at..next]));
            at = next;
        }

        return streams;
    }

    public override string ToString()
    {
        StringBuilder text = new("url=");
        text.Append(Url);
        _ = Sequence is { } sequence ? text.Append(";seq=").Append(sequence) : text;
        _ = RtpTime is { } time ? text.Append(";rtptime=").Append(time) : text;
        return text.ToString();
    }

    private static int NextStream(string text, int from)
    {
        int comma = text.IndexOf(',', from);
        while (comma >= 0)
        {
            int word = comma + 1;
            while (word < text.Length && text[word] == ' ')
            {
                word++;
            }

            if (text.AsSpan(word).StartsWith("url=", StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }

            comma = text.IndexOf(',', comma + 1);
        }

        return -1;
    }

    private static RtpInfoStream ParseOne(string text)
    {
        string[] parts = text.Trim(' ', ',').Split(';', StringSplitOptions.TrimEntries);
        ushort? sequence = null;
        uint? time = null;
        foreach (string part in parts.AsSpan(1))
        {
            if (part.StartsWith("seq=", StringComparison.OrdinalIgnoreCase) && ushort.TryParse(part.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out ushort first))
            {
                sequence = first;
            }
            else if (part.StartsWith("rtptime=", StringComparison.OrdinalIgnoreCase) && uint.TryParse(part.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out uint start))
            {
                time = start;
            }
        }

        return new(parts[0][4..].Trim('"'), sequence, time);
    }
}
