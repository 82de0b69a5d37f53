// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;

namespace Rookery.Recording;

/// <summary>
/// The tables of the settings database. <c>PRAGMA user_version</c> counts the steps that were taken; a new version of the program appends
/// steps and never changes one.
/// </summary>
internal static class SettingsSchema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE user (
          name          TEXT PRIMARY KEY COLLATE NOCASE,
          password_hash TEXT NOT NULL,
          created_us    INTEGER NOT NULL
        ) STRICT;

        -- Only the SHA-256 of a session's token is kept: a copy of this database opens no session.
        CREATE TABLE session (
          token_hash BLOB PRIMARY KEY,
          user       TEXT NOT NULL COLLATE NOCASE REFERENCES user (name) ON DELETE CASCADE,
          expires_us INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE camera (
          id             INTEGER PRIMARY KEY,
          name           TEXT NOT NULL,
          url            TEXT NOT NULL,
          user           TEXT,
          password       BLOB,
          transport      INTEGER NOT NULL,
          recording      INTEGER NOT NULL,
          retention_days INTEGER,
          removed        INTEGER NOT NULL
        ) STRICT;
        """,
        "ALTER TABLE camera ADD COLUMN retention_class INTEGER;",
        """
        -- Disks that the recorder had: what is missing is not made anew. Added: not among those of the command line. Removed: out of the pool, whatever the command line says.
        CREATE TABLE disk (
          path       TEXT PRIMARY KEY,
          size_bytes INTEGER,
          state      INTEGER NOT NULL
        ) STRICT;
        """,
    ];

    /// <exception cref="SettingsException">A newer version of the program wrote the database.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        long version = Version(connection);
        if (version > Steps.Length)
        {
            throw new SettingsException($"The settings were written by a newer Rookery (version {version} of their layout; this one knows {Steps.Length}). Run that one, or bring back a backup.");
        }

        for (; version < Steps.Length; version++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            using SqliteCommand command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"{Steps[version]} PRAGMA user_version = {version + 1};";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static long Version(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }
}
