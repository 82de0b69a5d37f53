// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>Parses one message at the front of a buffer. Allocates only once all of it has arrived.</summary>
internal static class RtspMessageParser
{
    public static RtspElement Parse(ReadOnlySpan<byte> bytes, RtspLimits limits, out RtspMessage? message, out int consumed, out string fault)
    {
        message = null;
        consumed = 0;
        fault = NotRtsp.Recognize(bytes);
        if (fault.Length > 0)
        {
            return RtspElement.Malformed;
        }

        int headBytes = FindEndOfHead(bytes[..Math.Min(bytes.Length, limits.MaxHeaderBytes)]);
        if (headBytes < 0)
        {
            fault = bytes.Length >= limits.MaxHeaderBytes ? $"The headers of a message are longer than {limits.MaxHeaderBytes} bytes." : "";
            return fault.Length == 0 ? RtspElement.NeedMore : RtspElement.Malformed;
        }

        ReadOnlySpan<byte> head = bytes[..headBytes];
        long bodyBytes = FindContentLength(head);
        if (bodyBytes < 0 || bodyBytes > limits.MaxBodyBytes)
        {
            fault = bodyBytes < 0 ? "The Content-Length of a message is no number." : $"The body of a message is longer than {limits.MaxBodyBytes} bytes.";
            return RtspElement.Malformed;
        }

        if (bytes.Length - headBytes < bodyBytes)
        {
            return RtspElement.NeedMore;
        }

        RtspHeaders headers = [];
        ReadOnlySpan<byte> startLine = NextLine(ref head);
        if (!TryParseHeaders(head, limits, headers))
        {
            fault = $"A message has more than {limits.MaxHeaders} headers.";
            return RtspElement.Malformed;
        }

        message = BuildMessage(startLine, headers, bytes.Slice(headBytes, (int)bodyBytes).ToArray());
        if (message is null)
        {
            fault = "The first line of a message is neither an RTSP request nor a response.";
            return RtspElement.Malformed;
        }

        consumed = headBytes + (int)bodyBytes;
        return RtspElement.Message;
    }

    /// <summary>Length of start line, headers and the empty line; -1 when the empty line is not there yet.</summary>
    private static int FindEndOfHead(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (true)
        {
            int newline = bytes[at..].IndexOf((byte)'\n');
            if (newline < 0)
            {
                return -1;
            }

            at += newline + 1;
            if (at < bytes.Length && bytes[at] == '\n')
            {
                return at + 1;
            }

            if (at + 1 < bytes.Length && bytes[at] == '\r' && bytes[at + 1] == '\n')
            {
                return at + 2;
            }
        }
    }

    /// <summary>0 when there is none, -1 when it is unreadable.</summary>
    private static long FindContentLength(ReadOnlySpan<byte> head)
    {
        NextLine(ref head);
        while (!head.IsEmpty)
        {
            ReadOnlySpan<byte> line = NextLine(ref head);
            int colon = line.IndexOf((byte)':');
            if (colon > 0 && Ascii.EqualsIgnoreCase(line[..colon].Trim((byte)' '), RtspHeaderNames.ContentLength))
            {
                ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
                return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : -1;
            }
        }

        return 0;
    }

    private static bool TryParseHeaders(ReadOnlySpan<byte> head, RtspLimits limits, RtspHeaders headers)
    {
        int lines = 0;
        while (!head.IsEmpty)
        {
            ReadOnlySpan<byte> line = NextLine(ref head);
            if (++lines > limits.MaxHeaders + 1)
            {
                return false;
            }

            string text = Encoding.Latin1.GetString(line).Replace('\0', ' ').Replace('\r', ' ');
            if (text.Length > 0 && text[0] is ' ' or '\t' && headers.Count > 0)
            {
                headers.Fold(text.Trim());
                continue;
            }

            int colon = text.IndexOf(':');
            if (colon > 0)
            {
                headers.Add(text[..colon].Trim(), text[(colon + 1)..].Trim());
            }
        }

        return true;
    }

    private static RtspMessage? BuildMessage(ReadOnlySpan<byte> startLine, RtspHeaders headers, byte[] body)
    {
        string line = Encoding.Latin1.GetString(startLine);
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0 || line.Contains('\r') || line.Contains('\0'))
        {
            return null;
        }

        if (words[0].StartsWith("RTSP/", StringComparison.OrdinalIgnoreCase))
        {
            return words.Length >= 2 && int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 100 and <= 999
                ? new RtspResponse(status, string.Join(' ', words.Skip(2))) { Headers = headers, Body = body }
                : null;
        }

        // A request URI with blanks in it is not legal, and is met: everything between method and version is the URI.
        return words.Length >= 3 && words[0].All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') && words[^1].StartsWith("RTSP/", StringComparison.OrdinalIgnoreCase)
            ? new RtspRequest(words[0], string.Join(' ', words[1..^1])) { Headers = headers, Body = body }
            : null;
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> head)
    {
        int newline = head.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = newline < 0 ? head : head[..newline];
        head = newline < 0 ? [] : head[(newline + 1)..];
        return line is [.. var start, (byte)'\r'] ? start : line;
    }
}
