// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Rtsp;

/// <summary>A request or a response of RTSP 1.0 (RFC 2326 §6, §7).</summary>
public abstract class RtspMessage
{
    public RtspHeaders Headers { get; init; } = [];

    /// <summary>Empty when there is none. Content-Length is written from its length and need not be among the headers.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The sequence number; <c>null</c> when it is missing or no number.</summary>
    public uint? CSeq => uint.TryParse(Headers[RtspHeaderNames.CSeq], NumberStyles.None, CultureInfo.InvariantCulture, out uint value) ? value : null;

    /// <summary>Formats the message, ready to send.</summary>
    public byte[] ToBytes() => RtspFormatter.Format(this);
}

/// <summary>A request.</summary>
public sealed class RtspRequest(string method, string uri) : RtspMessage
{
    /// <summary>See <see cref="RtspMethods"/>.</summary>
    public string Method { get; } = method;

    /// <summary>The request URI as it stands on the wire, or <c>*</c>.</summary>
    public string Uri { get; } = uri;
}

/// <summary>A response.</summary>
public sealed class RtspResponse(int statusCode, string? reason = null) : RtspMessage
{
    /// <summary>100 to 999; see <see cref="RtspStatus"/>.</summary>
    public int StatusCode { get; } = statusCode;

    public string Reason { get; } = reason ?? RtspStatus.Reason(statusCode);

    public bool IsSuccess => StatusCode is >= 200 and < 300;
}
