// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;

namespace Rookery.Storage;

/// <summary>A chunk in the catalog: its whole tail, or the trailer alone when a segment tells of its streams.</summary>
internal readonly record struct CatalogRow(ulong Generation, int Zone, byte[] Tail)
{
    public bool IsInSegment => Tail.Length == ChunkTrailer.SizeBytes;
}

/// <summary>Chunks that follow each other, with the segment that tells of their streams; <c>null</c> when each still has its whole tail.</summary>
internal sealed record CatalogPage(IReadOnlyList<CatalogRow> Rows, byte[]? Segment);

/// <summary>Segments, and reading piece by piece. A start is short because a segment says once what hundreds of tails repeat, and takes little memory because it reads one at a time.</summary>
internal sealed partial class Catalog
{
    /// <summary>Tails at which a segment is made, of the older half: a chunk that was left open by a stop may be sealed after others that were opened later.</summary>
    private int MostTails => 2 * _chunksInSegment;

    /// <summary>Whole tails that are read at a time, at some 60 KB with 300 streams.</summary>
    private const int TailsInPage = 64;

    /// <summary>Rows that are in no segment, or somewhat more; unknown until they are counted.</summary>
    private long? _whole;

    /// <summary>The chunks after a generation: those of the next segment, or some of those that are in none.</summary>
    /// <returns>No rows and no segment at the end; <c>null</c> when the file is damaged.</returns>
    public CatalogPage? Read(ulong after)
    {
        try
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = "SELECT last, bytes FROM segment WHERE last > $after ORDER BY last LIMIT 1";
            command.Parameters.AddWithValue("$after", (long)after);
            using SqliteDataReader reader = command.ExecuteReader();
            return reader.Read()
                ? new CatalogPage(ReadRows(after, (ulong)reader.GetInt64(0), int.MaxValue), (byte[])reader[1])
                : new CatalogPage(ReadRows(after, long.MaxValue, TailsInPage), Segment: null);
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or OverflowException or FormatException)
        {
            // SQLite has no checksums: a rotten page may hold a word where a number should be.
            return null;
        }
    }

    private List<CatalogRow> ReadRows(ulong after, ulong upTo, int most)
    {
        var rows = new List<CatalogRow>();
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT generation, zone, tail FROM chunk WHERE generation > $after AND generation <= $upTo ORDER BY generation LIMIT $most";
        command.Parameters.AddWithValue("$after", (long)after);
        command.Parameters.AddWithValue("$upTo", (long)upTo);
        command.Parameters.AddWithValue("$most", most);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new CatalogRow((ulong)reader.GetInt64(0), reader.GetInt32(1), (byte[])reader[2]));
        }

        return rows;
    }

    /// <summary>Makes segments of the oldest chunks that have their tails, while there are enough of them, and drops segments none of whose chunks is left.</summary>
    private void Condense(SqliteTransaction transaction)
    {
        while (!(_whole < MostTails) && (_whole = CountWhole(transaction)) >= MostTails)
        {
            if (!TryAddSegment(transaction))
            {
                // The next start finds the damage, too, and rebuilds.
                _whole = 0;
                return;
            }

            Execute(
                transaction,
                """
                DELETE FROM segment WHERE NOT EXISTS (
                    SELECT 1 FROM chunk WHERE generation <= segment.last
                    AND generation > (SELECT coalesce(max(before.last), 0) FROM segment AS before WHERE before.last < segment.last))
                """);
            _whole = null;
        }
    }

    private bool TryAddSegment(SqliteTransaction transaction)
    {
        List<CatalogRow> rows = ReadRows(LastCondensed(transaction), long.MaxValue, _chunksInSegment);
        var tails = new List<ChunkTail>();
        foreach (CatalogRow row in rows)
        {
            if (row.IsInSegment || ChunkTail.Parse(row.Tail, _zoneBytes) is not { } tail)
            {
                return false;
            }

            tails.Add(tail);
        }

        Execute(transaction, "INSERT INTO segment (last, bytes) VALUES ($last, $bytes)", ("$last", (long)rows[^1].Generation), ("$bytes", CatalogSegment.Build(tails).ToBytes()));
        foreach (CatalogRow row in rows)
        {
            Execute(
                transaction, "UPDATE chunk SET tail = $trailer WHERE generation = $generation",
                ("$generation", (long)row.Generation), ("$trailer", row.Tail[^ChunkTrailer.SizeBytes..]));
        }

        return true;
    }

    private long CountWhole(SqliteTransaction transaction) =>
        Scalar(transaction, "SELECT count(*) FROM chunk WHERE generation > $after", ("$after", (long)LastCondensed(transaction)));

    private ulong LastCondensed(SqliteTransaction transaction) => (ulong)Scalar(transaction, "SELECT coalesce(max(last), 0) FROM segment");

    private long Scalar(SqliteTransaction transaction, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach ((string name, object value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return (long)command.ExecuteScalar()!;
    }
}
