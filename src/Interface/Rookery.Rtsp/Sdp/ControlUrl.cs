// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>Finds out which URLs to SETUP and to PLAY (RFC 2326 §C.1.1), the way that works with cameras.</summary>
/// <remarks>
/// URLs are handled as text and sent back letter by letter, because cameras compare them so. Relative ones are appended, not resolved as RFC 3986 would:
/// with <c>rtsp://h/cam?channel=1</c> and <c>trackID=0</c> cameras expect <c>rtsp://h/cam?channel=1/trackID=0</c>.
/// </remarks>
public static class ControlUrl
{
    /// <summary>The URL that relative ones are appended to: Content-Base, else Content-Location, else what was asked for.</summary>
    /// <param name="requestUrl">The URL of the DESCRIBE that was answered.</param>
    /// <param name="contentBase">The header's value. One that is relative is taken against the request; one that is no URL at all is ignored.</param>
    /// <param name="contentLocation">Likewise.</param>
    public static string Base(string requestUrl, string? contentBase, string? contentLocation) =>
        Usable(requestUrl, contentBase) ?? Usable(requestUrl, contentLocation) ?? requestUrl;

    /// <summary>The URL to SETUP or PLAY.</summary>
    /// <param name="baseUrl">See <see cref="Base"/>.</param>
    /// <param name="control">The value of <c>a=control</c>; <c>*</c>, empty and <c>null</c> mean the base itself.</param>
    public static string Resolve(string baseUrl, string? control)
    {
        if (string.IsNullOrEmpty(control) || control == "*")
        {
            return baseUrl;
        }

        if (IsAbsolute(control))
        {
            return control;
        }

        return $"{(baseUrl.EndsWith('/') ? baseUrl[..^1] : baseUrl)}/{(control[0] == '/' ? control[1..] : control)}";
    }

    private static string? Usable(string requestUrl, string? candidate)
    {
        string text = (candidate ?? "").Trim().Trim('"');
        if (text.Length == 0)
        {
            return null;
        }

        if (IsAbsolute(text))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Host.Length > 0 ? text : null;
        }

        if (text[0] != '/')
        {
            return null;
        }

        int authority = requestUrl.IndexOf("//", StringComparison.Ordinal) + 2;
        int path = requestUrl.AsSpan(authority).IndexOfAny('/', '?');
        return path < 0 ? requestUrl + text : requestUrl[..(authority + path)] + text;
    }

    private static bool IsAbsolute(string text) =>
        text.StartsWith("rtsp://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("rtsps://", StringComparison.OrdinalIgnoreCase);
}
