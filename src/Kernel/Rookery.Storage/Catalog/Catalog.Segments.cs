// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;

namespace Rookery.Storage;

/// <summary>Chunks that follow each other.</summary>
/// <param name="Rows">The chunks.</param>
/// <param name="Last">Generation up to which the page tells all.</param>
/// <param name="Segment">The segment that tells of the streams of those without a whole tail; <c>null</c> when each has one.</param>
internal sealed record CatalogPage(IReadOnlyList<CatalogRow> Rows, ulong Last, byte[]? Segment);

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
            if (reader.Read())
            {
                ulong last = (ulong)reader.GetInt64(0);
                return new CatalogPage(ReadRows(after, last, int.MaxValue), last, (byte[])reader[1]);
            }

            List<CatalogRow> rows = ReadRows(after, long.MaxValue, TailsInPage);
            return new CatalogPage(rows, rows.Count > 0 ? rows[^1].Generation : after, Segment: null);
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or OverflowException or FormatException)
        {
            // SQLite has no checksums: a rotten page may hold a word where a number should be.
            return null;
        }
    }

    /// <summary>One chunk.</summary>
    /// <param name="generation">Its generation.</param>
    /// <param name="row">The chunk; <c>null</c> when it is not there.</param>
    /// <returns><c>false</c> when the file is damaged.</returns>
    public bool TryFind(ulong generation, out CatalogRow? row)
    {
        row = null;
        try
        {
            List<CatalogRow> rows = ReadRows(generation - 1, generation, 1);
            row = rows.Count > 0 ? rows[0] : null;
            return true;
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or OverflowException or FormatException)
        {
            return false;
        }
    }

    private List<CatalogRow> ReadRows(ulong after, ulong upTo, int most)
    {
        var rows = new List<CatalogRow>();
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT generation, columns, tail FROM chunk WHERE generation > $after AND generation <= $upTo ORDER BY generation LIMIT $most";
        command.Parameters.AddWithValue("$after", (long)after);
        command.Parameters.AddWithValue("$upTo", (long)upTo);
        command.Parameters.AddWithValue("$most", most);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            ulong generation = (ulong)reader.GetInt64(0);
            rows.Add(new CatalogRow(generation, CatalogRow.ParseColumns(generation, (byte[])reader[1]), (byte[])reader[2]));
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

            // Of copies it must be known which chunk holds which span; there are few.
            if (tail.Trailer.Class != RetentionClassId.Held.Value)
            {
                tails.Add(tail);
            }
        }

        Execute(transaction, "INSERT INTO segment (last, bytes) VALUES ($last, $bytes)", ("$last", (long)rows[^1].Generation), ("$bytes", CatalogSegment.Build(tails).ToBytes()));
        foreach (ChunkTail tail in tails)
        {
            byte[] trailer = new byte[ChunkTrailer.SizeBytes];
            tail.Trailer.Write(trailer);
            Execute(transaction, "UPDATE chunk SET tail = $trailer WHERE generation = $generation", ("$generation", (long)tail.Trailer.Generation), ("$trailer", trailer));
        }

        return true;
    }

    private long CountWhole(SqliteTransaction transaction) =>
        Scalar(transaction, "SELECT count(*) FROM chunk WHERE generation > $after", ("$after", (long)LastCondensed(transaction)));

    private ulong LastCondensed(SqliteTransaction transaction) => (ulong)Scalar(transaction, "SELECT coalesce(max(last), 0) FROM segment");

    private long Scalar(SqliteTransaction transaction, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = Command(transaction, text, parameters);
        return (long)command.ExecuteScalar()!;
    }
}
