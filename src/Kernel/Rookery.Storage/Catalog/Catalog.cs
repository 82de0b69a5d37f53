// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Rookery.Storage;

/// <summary>
/// The tails of all sealed chunks in an SQLite file, so that a start needs not read them from the disks. It is a cache: nothing is lost with it, and nothing is
/// believed because of it that the superblock contradicts. docs/design/storage.md, "Catalog".
/// </summary>
/// <remarks>
/// One thread at a time. Any error of SQLite turns the catalog off for this run (<see cref="IsBroken"/>); the next start finds it stale.
/// </remarks>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: puts a damaged catalog file aside")]
internal sealed partial class Catalog : IDisposable
{
    private const int SchemaVersion = 2;
    private readonly SqliteConnection _connection;
    private readonly long _zoneBytes;
    private readonly int _chunksInSegment;

    private Catalog(SqliteConnection connection, long zoneBytes, int chunksInSegment)
    {
        _connection = connection;
        _zoneBytes = zoneBytes;
        _chunksInSegment = chunksInSegment;
    }

    public bool IsBroken { get; private set; }

    /// <summary>Opens or creates the file. A file that is damaged or of another version is put aside as <c>*.damaged</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="zoneBytes">Size of a zone of the disk, for the bounds of tails.</param>
    /// <param name="chunksInSegment">See <see cref="StoreOptions.CatalogSegmentChunks"/>.</param>
    /// <returns><c>null</c> when no catalog can be had at all (no rights, no space).</returns>
    public static Catalog? Open(string path, long zoneBytes, int chunksInSegment)
    {
        for (int attempt = 0; attempt < 2; attempt++)
        {
            SqliteConnection? connection = null;
            try
            {
                connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
                connection.Open();
                Prepare(connection);
                return new Catalog(connection, zoneBytes, chunksInSegment);
            }
            catch (SqliteException)
            {
                connection?.Dispose();
                if (!TryPutAside(path))
                {
                    return null;
                }
            }
        }

        return null;
    }

    /// <summary>Deletes the file, if there is one.</summary>
    public static void Delete(string path)
    {
        foreach (string suffix in new[] { "", "-wal", "-shm" })
        {
            File.Delete(path + suffix);
        }
    }

    /// <summary>How far the catalog follows each disk; <c>null</c> when it belongs to another pool or says nothing.</summary>
    public (ulong OpenEpoch, IReadOnlyDictionary<int, ulong> Transitions)? Position(UInt128 pool)
    {
        try
        {
            return ReadMeta("pool") == pool.ToString("x32", CultureInfo.InvariantCulture) && ulong.TryParse(ReadMeta("epoch"), CultureInfo.InvariantCulture, out ulong epoch)
                && ReadPositions() is { } positions
                ? (epoch, positions)
                : null;
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or OverflowException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Forgets everything; what follows is the rebuilding. Until <see cref="SetEpoch"/> ends it, the catalog counts as stale.</summary>
    public void BeginRebuild(UInt128 pool, IReadOnlyDictionary<int, ulong> positions) => Try(transaction =>
    {
        Execute(transaction, "DELETE FROM chunk");
        Execute(transaction, "DELETE FROM segment");
        Execute(transaction, "DELETE FROM disk");
        WriteMeta(transaction, "pool", pool.ToString("x32", CultureInfo.InvariantCulture));
        WriteMeta(transaction, "epoch", ulong.MaxValue.ToString(CultureInfo.InvariantCulture));
        WritePositions(transaction, positions);
    });

    /// <summary>Chunks that rebuilding found. One that was freed since is passed over: that it is gone was perhaps told before.</summary>
    public void AddFound(IReadOnlyList<(Chunk Chunk, byte[] Tail)> chunks) => Try(transaction =>
    {
        foreach ((Chunk chunk, byte[] tail) in chunks.Where(static c => c.Chunk.State != ChunkState.Freed))
        {
            Insert(transaction, chunk.Generation, chunk.Columns, tail);
        }

        Condense(transaction);
    });

    /// <summary>Chunks that rebuilding found, and that were freed before it came to them.</summary>
    public void Forget(IReadOnlyList<ulong> generations) => Try(transaction =>
    {
        foreach (ulong generation in generations)
        {
            Delete(transaction, generation);
        }
    });

    /// <summary>The catalog follows the disk as it is opened in <paramref name="epoch"/>.</summary>
    public void SetEpoch(ulong epoch) => Try(transaction => WriteMeta(transaction, "epoch", epoch.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Applies a batch that follows what is already here.</summary>
    public void Apply(CatalogBatch batch) => Try(transaction =>
    {
        foreach (CatalogChange change in batch.Changes)
        {
            if (change.Columns.Length == 0)
            {
                Delete(transaction, change.Generation);
            }
            else if (change.Tail is { } tail)
            {
                Insert(transaction, change.Generation, change.Columns, tail);
            }
            else
            {
                Execute(
                    transaction, "UPDATE chunk SET columns = $columns WHERE generation = $generation",
                    ("$columns", CatalogRow.ToBytes(change.Generation, change.Columns)), ("$generation", (long)change.Generation));
            }
        }

        WritePositions(transaction, batch.Positions);
        Condense(transaction);
    });

    public void Dispose() => _connection.Dispose();

    private static void Prepare(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        long version = (long)(command.ExecuteScalar() ?? 0L);
        if (version is not (0 or SchemaVersion))
        {
            throw new SqliteException("The catalog is of another version.", 1);
        }

        // The commits are few (one for several chunks), so each is made durable: a catalog that lags costs the next start more than a flush now. A page holds a tail, so that one is written in one piece.
        command.CommandText =
            """
            PRAGMA page_size = 16384;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS disk (number INTEGER PRIMARY KEY, transition INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS chunk (generation INTEGER PRIMARY KEY, columns BLOB NOT NULL, tail BLOB NOT NULL);
            CREATE TABLE IF NOT EXISTS segment (last INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
            PRAGMA user_version = 2;
            """;
        command.ExecuteNonQuery();
    }

    private static bool TryPutAside(string path)
    {
        try
        {
            File.Move(path, path + ".damaged", overwrite: true);
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Try(Action<SqliteTransaction> work)
    {
        if (IsBroken)
        {
            return;
        }

        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            work(transaction);
            transaction.Commit();
        }
        catch (SqliteException)
        {
            IsBroken = true;
        }
    }

    /// <summary>The file is not to be believed: nothing more is written in this run, and the next start rebuilds it.</summary>
    public void Distrust()
    {
        Try(transaction => WriteMeta(transaction, "epoch", ulong.MaxValue.ToString(CultureInfo.InvariantCulture)));
        IsBroken = true;
    }

    private void Insert(SqliteTransaction transaction, ulong generation, ColumnPlace[] columns, byte[] tail)
    {
        Execute(
            transaction, "INSERT OR REPLACE INTO chunk (generation, columns, tail) VALUES ($generation, $columns, $tail)",
            ("$generation", (long)generation), ("$columns", CatalogRow.ToBytes(generation, columns)), ("$tail", tail));
        _whole++;
    }

    private Dictionary<int, ulong> ReadPositions()
    {
        var result = new Dictionary<int, ulong>();
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT number, transition FROM disk";
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            result[reader.GetInt32(0)] = (ulong)reader.GetInt64(1);
        }

        return result;
    }

    private void WritePositions(SqliteTransaction transaction, IReadOnlyDictionary<int, ulong> positions)
    {
        foreach ((int disk, ulong position) in positions)
        {
            Execute(transaction, "INSERT OR REPLACE INTO disk (number, transition) VALUES ($number, $transition)", ("$number", disk), ("$transition", (long)position));
        }
    }

    private void Delete(SqliteTransaction transaction, ulong generation) =>
        Execute(transaction, "DELETE FROM chunk WHERE generation = $generation", ("$generation", (long)generation));

    private void WriteMeta(SqliteTransaction transaction, string key, string value) =>
        Execute(transaction, "INSERT OR REPLACE INTO meta (key, value) VALUES ($key, $value)", ("$key", key), ("$value", value));

    private string? ReadMeta(string key)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT value FROM meta WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        return command.ExecuteScalar() as string;
    }

    private void Execute(SqliteTransaction transaction, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = Command(transaction, text, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(SqliteTransaction transaction, string text, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
