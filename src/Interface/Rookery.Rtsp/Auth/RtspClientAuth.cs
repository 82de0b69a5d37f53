// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>What a 401 means for a client.</summary>
public enum ChallengeOutcome : byte
{
    /// <summary>Ask again with <see cref="RtspClientAuth.Authorize"/>.</summary>
    Retry,

    /// <summary>No user name and password were given.</summary>
    NoCredentials,

    /// <summary>User name or password are wrong.</summary>
    Rejected,

    /// <summary>The server offers no scheme that is known here.</summary>
    Unsupported,
}

/// <summary>Authenticates the requests of one session: Digest with SHA-256 or MD5 (RFC 7616, and RFC 2069 where no qop is offered), or Basic (RFC 7617). Takes the strongest that is offered.</summary>
/// <param name="credentials"><c>null</c> when there are none.</param>
/// <param name="clientNonce">Makes a client nonce: letters and digits, at least 64 bits of chance.</param>
public sealed class RtspClientAuth(RtspCredentials? credentials, Func<string> clientNonce)
{
    /// <summary>A server that calls every nonce stale would keep us asking forever.</summary>
    private const int MaxStaleRetries = 2;

    /// <summary>Whether the password may be sent in clear. Default yes: many cameras know nothing else, and their network is what protects it.</summary>
    public bool AllowBasic { get; init; } = true;

    private AuthParameters? _challenge;
    private uint _nonceCount;

    /// <summary>Takes a 401.</summary>
    /// <param name="response">The response.</param>
    /// <param name="attempt">How many times this request was answered with 401 before: the first may only mean an old nonce.</param>
    public ChallengeOutcome Challenge(RtspResponse response, int attempt)
    {
        AuthParameters? best = null;
        foreach (AuthParameters offer in response.Headers.GetAll(RtspHeaderNames.WwwAuthenticate).SelectMany(AuthParameters.ParseAll))
        {
            best = Strength(offer) > Strength(best) ? offer : best;
        }

        if (credentials is null)
        {
            return ChallengeOutcome.NoCredentials;
        }

        if (best is null)
        {
            return ChallengeOutcome.Unsupported;
        }

        // Cameras lock an account after a few wrong passwords: a request that was just answered with this very challenge is not repeated.
        bool stale = string.Equals(best["stale"], "true", StringComparison.OrdinalIgnoreCase);
        if (attempt > 0 && !(stale && attempt <= MaxStaleRetries))
        {
            return ChallengeOutcome.Rejected;
        }

        _challenge = best;
        _nonceCount = 0;
        return ChallengeOutcome.Retry;
    }

    /// <summary>The value of the Authorization header; <c>null</c> while the server has not asked for one.</summary>
    public string? Authorize(string method, string uri)
    {
        if (_challenge is null || credentials is null)
        {
            return null;
        }

        string user = RtspCredentials.ToOctets(credentials.User);
        string password = RtspCredentials.ToOctets(credentials.Password);
        return _challenge.Is("Basic")
            ? $"Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes($"{user}:{password}"))}"
            : AuthorizeDigest(_challenge, user, password, method, uri);
    }

    private string AuthorizeDigest(AuthParameters challenge, string user, string password, string method, string uri)
    {
        DigestAlgorithm algorithm = DigestAlgorithm.Find(challenge["algorithm"]) ?? DigestAlgorithm.Md5;
        string realm = challenge["realm"] ?? "";
        string nonce = challenge["nonce"] ?? "";
        string? qop = string.IsNullOrWhiteSpace(challenge["qop"]) ? null : "auth";
        string count = (++_nonceCount).ToString("x8", CultureInfo.InvariantCulture);
        string cnonce = qop is not null || algorithm.IsSession ? clientNonce() : "";
        string response = algorithm.Respond(new(user, realm, password, method, uri, nonce, qop, count, cnonce));

        StringBuilder text = new("Digest ", 256);
        text.Append($"username=\"{Quote(user)}\", realm=\"{Quote(realm)}\", nonce=\"{Quote(nonce)}\", uri=\"{Quote(uri)}\", response=\"{response}\"");
        // Old cameras refuse parameters that they did not ask for, so only what was offered is answered.
        _ = challenge["algorithm"] is null ? text : text.Append(", algorithm=").Append(algorithm.Name);
        _ = challenge["opaque"] is { } opaque ? text.Append($", opaque=\"{Quote(opaque)}\"") : text;
        _ = qop is null ? text : text.Append($", qop={qop}, nc={count}");
        _ = cnonce.Length == 0 ? text : text.Append($", cnonce=\"{cnonce}\"");
        return text.ToString();
    }

    /// <summary>0 for what cannot be used.</summary>
    private int Strength(AuthParameters? offer)
    {
        if (offer is null)
        {
            return 0;
        }

        if (offer.Is("Basic"))
        {
            return AllowBasic ? 1 : 0;
        }

        if (!offer.Is("Digest") || offer["nonce"] is null || DigestAlgorithm.Find(offer["algorithm"]) is not { } algorithm)
        {
            return 0;
        }

        // auth-int alone would need the body summed as well; no camera asks for it.
        string[] qops = (offer["qop"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return qops.Length > 0 && !qops.Contains("auth", StringComparer.OrdinalIgnoreCase) ? 0 : algorithm.IsSha256 ? 3 : 2;
    }

    private static string Quote(string value) => value.Replace("\\", "\\\\").Replace("\"", "\\\"");
}
