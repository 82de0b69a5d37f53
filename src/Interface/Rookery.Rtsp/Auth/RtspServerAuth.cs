// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>Checks the requests of one connection against one user name and password: Digest (MD5 or SHA-256, with or without qop) or Basic.</summary>
/// <param name="credentials">What is let in.</param>
/// <param name="realm">Shown to the user by some clients.</param>
/// <param name="nonce">One per connection, not to be guessed.</param>
/// <param name="algorithm">The one offered; <c>null</c> offers Basic alone.</param>
/// <param name="offerQop">Offers <c>qop="auth"</c>; without it the form of RFC 2069 is asked for, as old cameras do.</param>
public sealed class RtspServerAuth(RtspCredentials credentials, string realm, string nonce, DigestAlgorithm? algorithm, bool offerQop = true)
{
    /// <summary>The value of WWW-Authenticate for a 401.</summary>
    public string Challenge()
    {
        if (algorithm is null)
        {
            return $"Basic realm=\"{realm}\"";
        }

        string qop = offerQop ? ", qop=\"auth\"" : "";
        return $"Digest realm=\"{realm}\", nonce=\"{nonce}\", algorithm={algorithm.Name}{qop}";
    }

    /// <summary>Whether a request may pass.</summary>
    public bool Accepts(RtspRequest request)
    {
        string header = request.Headers[RtspHeaderNames.Authorization] ?? "";
        if (AuthParameters.ParseAll(header) is not [var given])
        {
            return false;
        }

        string user = RtspCredentials.ToOctets(credentials.User);
        string password = RtspCredentials.ToOctets(credentials.Password);
        if (algorithm is null)
        {
            return given.Is("Basic") && Same(given.Token, Convert.ToBase64String(Encoding.Latin1.GetBytes($"{user}:{password}")));
        }

        if (!given.Is("Digest") || given["nonce"] != nonce || given["username"] != user || given["realm"] != realm || given["uri"] != request.Uri)
        {
            return false;
        }

        DigestInput input = new(
            user, realm, password, request.Method, request.Uri, nonce, given["qop"], given["nc"] ?? "", given["cnonce"] ?? "");
        return Same(given["response"] ?? "", algorithm.Respond(input));
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.Latin1.GetBytes(given), Encoding.Latin1.GetBytes(expected));
}
