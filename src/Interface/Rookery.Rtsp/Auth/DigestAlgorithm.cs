// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography;
using System.Text;

namespace Rookery.Rtsp;

/// <summary>The sums of Digest authentication (RFC 7616 §3.4).</summary>
/// <param name="Name">As it stands in the <c>algorithm</c> parameter.</param>
/// <param name="IsSha256">SHA-256; otherwise MD5.</param>
/// <param name="IsSession">A <c>-sess</c> variant: nonces are summed into A1.</param>
public sealed record DigestAlgorithm(string Name, bool IsSha256, bool IsSession)
{
    public static readonly DigestAlgorithm Md5 = new("MD5", IsSha256: false, IsSession: false);
    public static readonly DigestAlgorithm Sha256 = new("SHA-256", IsSha256: true, IsSession: false);

    private static readonly DigestAlgorithm[] Known =
    [
        Md5, Sha256, new("MD5-sess", IsSha256: false, IsSession: true), new("SHA-256-sess", IsSha256: true, IsSession: true),
    ];

    /// <summary><c>null</c> for one that is not supported. No name means MD5.</summary>
    public static DigestAlgorithm? Find(string? name) =>
        string.IsNullOrEmpty(name) ? Md5 : Array.Find(Known, known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The <c>response</c> parameter. All text is Latin-1 octets.</summary>
    /// <param name="input">What is summed.</param>
    internal string Respond(in DigestInput input)
    {
        string a1 = Sum($"{input.User}:{input.Realm}:{input.Password}");
        if (IsSession)
        {
            a1 = Sum($"{a1}:{input.Nonce}:{input.ClientNonce}");
        }

        string a2 = Sum($"{input.Method}:{input.Uri}");
        return input.Qop is null
            ? Sum($"{a1}:{input.Nonce}:{a2}")
            : Sum($"{a1}:{input.Nonce}:{input.NonceCount}:{input.ClientNonce}:{input.Qop}:{a2}");
    }

    private string Sum(string text)
    {
        byte[] octets = Encoding.Latin1.GetBytes(text);
        return Convert.ToHexStringLower(IsSha256 ? SHA256.HashData(octets) : Md5Sum(octets));
    }

#pragma warning disable CA5351 // RFC 7616 keeps MD5 for interoperability (§3.2), and most cameras offer nothing else: it keeps the password off the wire, no more.
    private static byte[] Md5Sum(byte[] octets) => MD5.HashData(octets);
#pragma warning restore CA5351
}

/// <summary>What a Digest response sums over.</summary>
/// <param name="Qop"><c>auth</c>, or <c>null</c> for the older form of RFC 2069, which has neither client nonce nor count.</param>
internal readonly record struct DigestInput(
    string User, string Realm, string Password, string Method, string Uri, string Nonce, string? Qop, string NonceCount, string ClientNonce);
