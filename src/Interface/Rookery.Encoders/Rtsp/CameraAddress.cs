// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Rookery.Recording;

namespace Rookery.Encoders;

/// <summary>Where a camera's URL leads.</summary>
/// <param name="RequestUrl">What is asked for: letter by letter as it was entered, without user information and fragment.</param>
/// <param name="Host">Name or address.</param>
/// <param name="Port">554 for <c>rtsp</c>, 322 for <c>rtsps</c> (the registered ports) when the URL has none.</param>
/// <param name="IsTls"><c>rtsps</c>.</param>
/// <param name="AcceptsAnyCertificate">The fragment is <c>#insecure</c>: most cameras make their own certificates, and trusting those has to be said.</param>
internal sealed record CameraAddress(string RequestUrl, string Host, int Port, bool IsTls, bool AcceptsAnyCertificate)
{
    private const string Insecure = "#insecure";

    public static CameraAddress Parse(Uri url)
    {
        string text = url.OriginalString;
        bool insecure = url.Fragment.Equals(Insecure, StringComparison.OrdinalIgnoreCase);
        int fragment = text.IndexOf('#');
        text = fragment < 0 ? text : text[..fragment];
        if (url.UserInfo.Length > 0)
        {
            int authority = text.IndexOf("//", StringComparison.Ordinal) + 2;
            text = text[..authority] + text[(text.IndexOf('@', authority) + 1)..];
        }

        bool tls = url.Scheme.Equals("rtsps", StringComparison.OrdinalIgnoreCase);
        // Names with other letters than ASCII go to the resolver in their IDNA form.
        string host = url.HostNameType == UriHostNameType.IPv6 ? url.Host.Trim('[', ']') : url.IdnHost;
        return new(text, host, url.Port > 0 ? url.Port : tls ? 322 : 554, tls, insecure);
    }

    /// <summary>The address itself, when the host is one and no name.</summary>
    public IPAddress? Literal => IPAddress.TryParse(Host, out IPAddress? address) ? address : null;
}
