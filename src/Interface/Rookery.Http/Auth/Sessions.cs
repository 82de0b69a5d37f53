// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>
/// Who is logged in. A session is a random token that only its holder knows; we keep its SHA-256, in memory and in the settings, so that logins outlast a
/// restart and a logout is final. Safe for any thread.
/// </summary>
public sealed class Sessions
{
    /// <summary>A session ends after this long without use.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>Use moves the end at most once in this long, so that the settings are not written with every request.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromHours(1);

    /// <summary>Sessions of all users together; with one more the one that ends first is dropped.</summary>
    public const int MaximumSessions = 1000;

    private const int TokenBytes = 32;

    private readonly Lock _lock = new();
    private readonly UserStore _users;
    private readonly Dictionary<string, StoredSession> _byHash = new(StringComparer.Ordinal);

    /// <summary>Of sessions that have, or had, something open: at most as many as there are sessions.</summary>
    private readonly Dictionary<string, CancellationTokenSource> _ends = new(StringComparer.Ordinal);

    public Sessions(UserStore users, WallTime now)
    {
        _users = users;
        users.RemoveSessionsUntil(now);
        foreach (StoredSession session in users.Sessions())
        {
            _byHash[Key(session.TokenHash)] = session;
        }
    }

    /// <summary>Begins a session.</summary>
    /// <returns>Its token, 43 characters that fit into a cookie.</returns>
    public string Begin(string user, WallTime now)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        CancellationTokenSource? dropped = null;
        StoredSession session = new(HashOf(token), user, now + Lifetime);
        lock (_lock)
        {
            if (_byHash.Count >= MaximumSessions)
            {
                dropped = Remove(_byHash.MinBy(pair => pair.Value.Expires).Value);
            }

            _users.SaveSession(session);
            _byHash[Key(session.TokenHash)] = session;
        }

        dropped?.Cancel();
        return token;
    }

    /// <summary>Whose token this is; <c>null</c> when it is nobody's, or its time is over.</summary>
    /// <param name="token">What the caller showed.</param>
    /// <param name="now">The present.</param>
    /// <param name="renewed">The session's end was moved: the cookie's should be, too.</param>
    public string? Use(string token, WallTime now, out bool renewed)
    {
        renewed = false;
        byte[] hash = HashOf(token);
        CancellationTokenSource? ended = null;
        try
        {
            return Use(hash, now, ref renewed, ref ended);
        }
        finally
        {
            ended?.Cancel();
        }
    }

    /// <summary>Fires when the session ends, for what stays open longer than a request; has fired when there is no such session.</summary>
    public CancellationToken EndOf(string token)
    {
        string key = Key(HashOf(token));
        lock (_lock)
        {
            if (!_byHash.ContainsKey(key))
            {
                return new CancellationToken(canceled: true);
            }

            if (!_ends.TryGetValue(key, out CancellationTokenSource? end))
            {
                _ends[key] = end = new CancellationTokenSource();
            }

            return end.Token;
        }
    }

    private string? Use(byte[] hash, WallTime now, ref bool renewed, ref CancellationTokenSource? ended)
    {
        lock (_lock)
        {
            if (!_byHash.TryGetValue(Key(hash), out StoredSession? session))
            {
                return null;
            }

            if (session.Expires <= now)
            {
                ended = Remove(session);
                return null;
            }

            if (session.Expires - now < Lifetime - RenewalInterval)
            {
                session = session with { Expires = now + Lifetime };
                _users.SaveSession(session);
                _byHash[Key(hash)] = session;
                renewed = true;
            }

            return session.User;
        }
    }

    /// <summary>Ends a session, and with it what it has open.</summary>
    public void End(string token)
    {
        CancellationTokenSource? ended = null;
        lock (_lock)
        {
            if (_byHash.TryGetValue(Key(HashOf(token)), out StoredSession? session))
            {
                ended = Remove(session);
            }
        }

        ended?.Cancel();
    }

    /// <returns>To be fired outside of the lock: what it ends may ask us again.</returns>
    private CancellationTokenSource? Remove(StoredSession session)
    {
        string key = Key(session.TokenHash);
        _users.RemoveSession(session.TokenHash);
        _byHash.Remove(key);
        _ends.Remove(key, out CancellationTokenSource? end);
        return end;
    }

    private static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static string Key(byte[] hash) => Convert.ToHexString(hash);
}
