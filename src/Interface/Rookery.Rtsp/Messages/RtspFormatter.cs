// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;

namespace Rookery.Rtsp;

/// <summary>Writes messages. Not on a hot path: a session sends a handful, and a keep-alive every half minute.</summary>
internal static class RtspFormatter
{
    public static byte[] Format(RtspMessage message)
    {
        StringBuilder text = new(512);
        _ = message switch
        {
            RtspRequest request => text.Append(Checked(request.Method)).Append(' ').Append(Checked(request.Uri)).Append(" RTSP/1.0\r\n"),
            RtspResponse response => text.Append("RTSP/1.0 ").Append(response.StatusCode).Append(' ').Append(Checked(response.Reason)).Append("\r\n"),
            _ => throw new ArgumentException("Neither a request nor a response.", nameof(message)),
        };

        foreach ((string name, string value) in message.Headers)
        {
            // The length of a body has one source, the body.
            if (!string.Equals(name, RtspHeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase))
            {
                text.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        if (!message.Body.IsEmpty)
        {
            text.Append(RtspHeaderNames.ContentLength).Append(": ").Append(message.Body.Length).Append("\r\n");
        }

        text.Append("\r\n");
        byte[] bytes = new byte[text.Length + message.Body.Length];
        int headBytes = Encoding.Latin1.GetBytes(text.ToString(), bytes);
        message.Body.Span.CopyTo(bytes.AsSpan(headBytes));
        return bytes;
    }

    private static string Checked(string part) =>
        part.AsSpan().IndexOfAny('\r', '\n', '\0') < 0 ? part : throw new ArgumentException("A start line holds a line break.", nameof(part));
}
