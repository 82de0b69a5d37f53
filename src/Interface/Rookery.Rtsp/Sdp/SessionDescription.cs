// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>An <c>a=</c> line of a session description (RFC 8866 §5.13).</summary>
/// <param name="Name">As it was written.</param>
/// <param name="Value">What follows the colon; <c>null</c> for a property without one.</param>
public readonly record struct SdpAttribute(string Name, string? Value = null);

/// <summary>A session description (RFC 8866), as far as RTSP uses it.</summary>
public sealed record SessionDescription
{
    /// <summary>The value of <c>o=</c>.</summary>
    public string Origin { get; init; } = "- 0 0 IN IP4 0.0.0.0";

    /// <summary>The value of <c>s=</c>.</summary>
    public string Name { get; init; } = "-";

    /// <summary>The value of <c>c=</c>; <c>null</c> when it is missing.</summary>
    public string? Connection { get; init; }

    /// <summary>Session-level attributes, in order.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>Media, in order.</summary>
    public IReadOnlyList<MediaDescription> Media { get; init; } = [];

    /// <summary>The aggregate control URL (RFC 2326 §C.1.1); <c>null</c> when it is missing.</summary>
    public string? Control => Attributes.Find("control");
}

/// <summary>One <c>m=</c> line with what belongs to it.</summary>
public sealed record MediaDescription
{
    /// <summary><c>video</c>, <c>audio</c>, <c>application</c> or another word, in lower case.</summary>
    public required string Kind { get; init; }

    /// <summary>0 to 65535. Means nothing in RTSP, where SETUP agrees on ports.</summary>
    public int Port { get; init; }

    /// <summary>Usually <c>RTP/AVP</c>.</summary>
    public string Protocol { get; init; } = "RTP/AVP";

    /// <summary>Payload types, as text, in order of preference.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];

    /// <summary>The value of <c>c=</c>; <c>null</c> when it is missing.</summary>
    public string? Connection { get; init; }

    /// <summary>The value of <c>b=AS:</c> in kbit/s; <c>null</c> when it is missing.</summary>
    public int? BandwidthKbps { get; init; }

    /// <summary>Attributes, in order.</summary>
    public IReadOnlyList<SdpAttribute> Attributes { get; init; } = [];

    /// <summary>The URL to SETUP, absolute or relative; <c>null</c> when it is missing, which one track may (RFC 2326 §C.3).</summary>
    public string? Control => Attributes.Find("control");
}

/// <summary>Looking up attributes.</summary>
public static class SdpAttributes
{
    /// <summary>The value of the first attribute of a name, compared without regard to case; <c>null</c> when there is none.</summary>
    public static string? Find(this IReadOnlyList<SdpAttribute> attributes, string name)
    {
        foreach (SdpAttribute attribute in attributes)
        {
            if (attribute.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute.Value ?? "";
            }
        }

        return null;
    }
}
