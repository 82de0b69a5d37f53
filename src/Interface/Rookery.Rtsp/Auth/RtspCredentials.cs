// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;

namespace Rookery.Rtsp;

/// <summary>User name and password. The text form shows neither.</summary>
public sealed class RtspCredentials(string user, string password)
{
    internal string User { get; } = user;

    internal string Password { get; } = password;

    public override string ToString() => "(credentials)";

    /// <summary>Headers are Latin-1 text and Digest sums octets: names and passwords travel as the octets of their UTF-8 form (RFC 7616 §4, RFC 7617 §2.1).</summary>
    internal static string ToOctets(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
