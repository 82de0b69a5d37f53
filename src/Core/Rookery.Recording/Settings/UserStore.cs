// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Recording;

/// <summary>Somebody who may log in.</summary>
/// <param name="Name">1 to 64 characters; upper and lower case are the same.</param>
/// <param name="PasswordHash">As the password hasher of the HTTP side wrote it.</param>
public sealed record User(string Name, string PasswordHash);

/// <summary>A login that lasts. Only the hash of its token is known here.</summary>
/// <param name="TokenHash">SHA-256 of the token, 32 bytes.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Expires">Void from then on.</param>
public sealed record StoredSession(byte[] TokenHash, string User, WallTime Expires);

/// <summary>Users and their sessions in the settings. Safe for any thread.</summary>
public sealed class UserStore(SettingsStore settings)
{
    public bool IsEmpty => settings.Query("SELECT 1 FROM user LIMIT 1", _ => 1).Count == 0;

    public User? Find(string name) =>
        settings.Query("SELECT name, password_hash FROM user WHERE name = $name", row => new User(row.GetString(0), row.GetString(1)), ("$name", name)) is [User user] ? user : null;

    /// <summary>Makes the first user.</summary>
    /// <returns><c>false</c> when there is a user already; two callers at once make one user.</returns>
    public bool TryAddFirst(User user, WallTime now) =>
        settings.Execute(
            "INSERT INTO user (name, password_hash, created_us) SELECT $name, $hash, $now WHERE NOT EXISTS (SELECT 1 FROM user)",
            ("$name", user.Name), ("$hash", user.PasswordHash), ("$now", now.Microseconds)) == 1;

    /// <summary>Replaces the password's hash, for example because it should be computed in a stronger way.</summary>
    public void SetPasswordHash(string name, string hash) =>
        settings.Execute("UPDATE user SET password_hash = $hash WHERE name = $name", ("$name", name), ("$hash", hash));

    public IReadOnlyList<StoredSession> Sessions() =>
        settings.Query("SELECT token_hash, user, expires_us FROM session", row => new StoredSession((byte[])row[0], row.GetString(1), new WallTime(row.GetInt64(2))));

    /// <summary>Adds a session, or moves its end.</summary>
    public void SaveSession(StoredSession session) =>
        settings.Execute(
            "INSERT INTO session (token_hash, user, expires_us) VALUES ($hash, $user, $expires) ON CONFLICT DO UPDATE SET expires_us = excluded.expires_us",
            ("$hash", session.TokenHash), ("$user", session.User), ("$expires", session.Expires.Microseconds));

    public void RemoveSession(byte[] tokenHash) => settings.Execute("DELETE FROM session WHERE token_hash = $hash", ("$hash", tokenHash));

    public void RemoveSessionsUntil(WallTime now) => settings.Execute("DELETE FROM session WHERE expires_us <= $now", ("$now", now.Microseconds));
}
