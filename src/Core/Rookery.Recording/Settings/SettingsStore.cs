// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;

namespace Rookery.Recording;

/// <summary>
/// The settings database: one SQLite connection behind a lock. Settings are small and change by hand, so a change is simply waited for
/// until it is on the disk (write-ahead log, full synchronisation). Safe for any thread.
/// </summary>
public sealed class SettingsStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;

    private SettingsStore(SqliteConnection connection, SecretBox secrets)
    {
        _connection = connection;
        Secrets = secrets;
    }

    /// <summary>Seals what must not be readable in a copy of the database.</summary>
    internal SecretBox Secrets { get; }

    /// <summary>Opens the settings of a data directory, and makes or upgrades them where needed.</summary>
    /// <exception cref="SettingsException">They cannot be read; the message says why and what to do.</exception>
    public static SettingsStore Open(DataDirectory directory)
    {
        SecretBox secrets = new(directory.ReadOrCreateSecret("camera-passwords.key", SecretBox.KeyBytes));
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = directory.SettingsFile, Pooling = false }.ToString());
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
            command.ExecuteNonQuery();
            DataDirectory.RestrictToOwner(directory.SettingsFile);
            SettingsSchema.Upgrade(connection);
            return new SettingsStore(connection, secrets);
        }
        catch (SqliteException problem)
        {
            connection.Dispose();
            throw new SettingsException(
                $"The settings in {directory.SettingsFile} cannot be read ({problem.Message}). Bring the file back from a backup, or move it away to begin with new settings; recordings are not in it.", problem);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs one statement that changes something, durable on return.</summary>
    /// <returns>Rows that were changed.</returns>
    internal int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_lock)
        {
            using SqliteCommand command = Prepare(sql, parameters);
            return command.ExecuteNonQuery();
        }
    }

    /// <summary>Reads all rows of a query.</summary>
    internal List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_lock)
        {
            using SqliteCommand command = Prepare(sql, parameters);
            using SqliteDataReader reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _connection.Dispose();
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
