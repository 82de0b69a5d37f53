// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Rookery.Http;

/// <summary>
/// The right to create the administrator: a random token in a link that is printed on the console as long as there is no user. Only its hash is kept,
/// in memory; every start makes a new one, and the first use that creates a user ends it.
/// </summary>
public sealed class SetupLink
{
    private readonly Lock _lock = new();
    private byte[]? _hash;

    /// <summary>Makes a token, and voids the one before it.</summary>
    public string Issue()
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
        lock (_lock)
        {
            _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        }

        return token;
    }

    public bool Matches(string token)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        lock (_lock)
        {
            return _hash is not null && CryptographicOperations.FixedTimeEquals(hash, _hash);
        }
    }

    public void Void()
    {
        lock (_lock)
        {
            _hash = null;
        }
    }
}
