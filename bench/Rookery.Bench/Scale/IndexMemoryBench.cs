// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Microsoft.Data.Sqlite;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench.Scale;

/// <summary>
/// Memory of the index, in MB for each camera-month at 4 Mbit/s: cameras that share a head fill zones of 256 MiB for a month, and each chunk is put into chunk table and stream index as a start does it.
/// The rival is what an index of a file-based recorder is: one row for each record in SQLite, in memory, as compact as a table without a rowid makes it.
/// </summary>
internal static class IndexMemoryBench
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Of the rival a day of four cameras is made, and counted up: a month of all of them would be 40 GB.</summary>
    private const int RivalCameras = 4;
    private static readonly TimeSpan RivalTime = TimeSpan.FromDays(1);

    public static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["rival"]:
                MeasureRival();
                return 0;
            case [var text] when int.TryParse(text, CultureInfo.InvariantCulture, out int cameras) && cameras is > 0 and <= 1000:
                // The run time compiles first what is used often.
                Fill(new SyntheticChunks(1));
                Measure(cameras);
                return 0;
            default:
                Console.Error.WriteLine("usage: index-memory CAMERAS|rival");
                return 2;
        }
    }

    private static (ChunkTable Chunks, StreamTable Streams) Fill(SyntheticChunks shape)
    {
        var chunks = new ChunkTable();
        var streams = new StreamTable();
        long count = shape.ChunksIn(Month);
        for (long i = 0; i < count; i++)
        {
            ChunkTail tail = shape.Tail(i, (ulong)i + 1, (int)i, (ulong)i + 1);
            var chunk = new Chunk(tail.Trailer.Chunk, tail.Trailer.Generation, tail.Trailer.Head, tail.Trailer.Layout, [new ColumnPlace(0, tail.Trailer.Zone)]);
            chunk.Seal(tail.Trailer);
            chunks.Add(chunk);
            foreach (StreamDirectory stream in tail.Streams)
            {
                streams.Get(stream.Stream).Add(chunk, stream);
            }
        }

        return (chunks, streams);
    }

    private static void Measure(int cameras)
    {
        var shape = new SyntheticChunks(cameras);
        long managed = -Collected();
        long pss = -ProportionalBytes();
        (ChunkTable chunks, StreamTable streams) = Fill(shape);
        managed += Collected();
        pss += ProportionalBytes();
        Check(shape, streams, chunks.Count);
        Print($"{cameras} cameras on a head: {chunks.Count} chunks, {managed / 1e6:0.0} MB managed, {pss / 1e6:0.0} MB of the process (PSS)");
        Print($"{managed / 1e6 / cameras:0.000} {pss / 1e6 / cameras:0.000} MB a camera-month, managed and PSS");
        GC.KeepAlive(chunks);
    }

    private static long Collected()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>It answers: one span, and for an instant a chunk or two.</summary>
    private static void Check(SyntheticChunks shape, StreamTable streams, long count)
    {
        StreamIndex index = streams.Find(SyntheticChunks.Stream(shape.FirstCamera + shape.Cameras - 1))!;
        WallTime middle = shape.BeginOf(count / 2) + (shape.ChunkTime / 2);
        List<ChunkReference> found = index.Chunks(new WallRange(middle, middle + TimeSpan.FromMilliseconds(1)));
        if (index.Spans(new WallRange(WallTime.MinValue, WallTime.MaxValue), TimeSpan.Zero).Count != 1 || found.Count != 1 || found[0].Chunk.Id != (ulong)(count / 2) + 1)
        {
            throw new InvalidOperationException("The index does not say what was put in.");
        }
    }

    private static void MeasureRival()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE record (stream INTEGER, start INTEGER, end INTEGER, file INTEGER, offset INTEGER, length INTEGER, PRIMARY KEY (stream, start)) WITHOUT ROWID";
        command.ExecuteNonQuery();
        using SqliteTransaction transaction = connection.BeginTransaction();
        command.Transaction = transaction;
        command.CommandText = "INSERT INTO record VALUES ($stream, $start, $end, $file, $offset, $length)";
        SqliteParameter[] parameters = [.. new[] { "$stream", "$start", "$end", "$file", "$offset", "$length" }.Select(name => command.Parameters.Add(name, SqliteType.Integer))];
        long rows = (long)(RivalTime / SyntheticChunks.Commit);
        int length = (int)(SyntheticChunks.BytesPerSecond * SyntheticChunks.Commit.TotalSeconds);
        for (int camera = 1; camera <= RivalCameras; camera++)
        {
            for (long i = 0; i < rows; i++)
            {
                long start = (SyntheticChunks.Start + (i * SyntheticChunks.Commit)).Microseconds;
                long[] values = [camera, start, start + (long)SyntheticChunks.Commit.TotalMicroseconds, i / 200, i % 200 * length, length];
                for (int p = 0; p < values.Length; p++)
                {
                    parameters[p].Value = values[p];
                }

                command.ExecuteNonQuery();
            }
        }

        transaction.Commit();
        command.Transaction = null;
        command.CommandText = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
        command.Parameters.Clear();
        double bytes = (long)command.ExecuteScalar()!;
        double month = bytes / RivalCameras * (Month / RivalTime);
        Print($"a row for each record in SQLite: {bytes / RivalCameras / rows:0.0} bytes a record");
        Print($"{month / 1e6:0.0} MB a camera-month");
    }

    private static long ProportionalBytes() => File.ReadLines("/proc/self/smaps_rollup").Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024).First();

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
