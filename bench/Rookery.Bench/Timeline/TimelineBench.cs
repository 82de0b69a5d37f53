// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench.Timeline;

/// <summary>
/// How long a camera-month of timeline takes with 1,000 cameras × 30 days in the index, against the obvious rival: a table of spans in SQLite, indexed by stream and start,
/// all of it in the page cache. Both merge to the resolution of a timeline 2,000 pixels wide. The cameras record on motion: a span every ten minutes, so that a month has 4,320.
/// </summary>
internal static class TimelineBench
{
    private const int Cameras = 1000;
    private const int Days = 30;
    private const int Queries = 400;
    private static readonly WallTime Start = WallTime.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly WallRange Month = new(Start, Start + TimeSpan.FromDays(Days));
    private static readonly TimeSpan Resolution = TimeSpan.FromDays(Days) / 2000;

    public static int Run(string[] arguments)
    {
        int rounds = arguments is [var r, ..] ? int.Parse(r, System.Globalization.CultureInfo.InvariantCulture) : 7;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        StreamTable streams = Fill();
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        using SqliteConnection rival = FillRival();
        var ours = new List<double>();
        var theirs = new List<double>();
        var slowest = new List<double>();
        Measure(camera => streams.Find(new StreamId(camera))!.Spans(Month, Resolution).Count);
        for (int round = 0; round < rounds; round++)
        {
            (double median, double worst) = Measure(camera => streams.Find(new StreamId(camera))!.Spans(Month, Resolution).Count);
            ours.Add(median);
            slowest.Add(worst);
            theirs.Add(Measure(camera => AskRival(rival, camera)).Median);
        }

        Console.WriteLine($"{Cameras} cameras x {Days} days, {Days * 144} spans each; {bytes / Cameras / 1024.0:0} KiB of memory a camera-month");
        Console.WriteLine($"index   median {Median(ours):0.000} ms a camera-month (rounds {ours.Min():0.000} to {ours.Max():0.000}), 99th percentile {Median(slowest):0.000} ms (rounds {slowest.Min():0.000} to {slowest.Max():0.000})");
        Console.WriteLine($"sqlite  median {Median(theirs):0.000} ms a camera-month (rounds {theirs.Min():0.000} to {theirs.Max():0.000})");
        Console.WriteLine($"within 10 ms: {(Median(slowest) <= 10 ? "yes" : "no")}");
        Console.WriteLine($"ratio {Median(theirs) / Median(ours):0.0}");
        return 0;
    }

    /// <summary>The spans of a camera: each ten minutes one of two to eight minutes.</summary>
    private static IEnumerable<WallRange> SpansOf(ulong camera)
    {
        var random = new Random((int)camera);
        for (int i = 0; i < Days * 144; i++)
        {
            WallTime start = Start + TimeSpan.FromMinutes(i * 10) + TimeSpan.FromSeconds(random.Next(60));
            yield return new WallRange(start, start + TimeSpan.FromSeconds(random.Next(120, 480)));
        }
    }

    private static StreamTable Fill()
    {
        var streams = new StreamTable();
        var chunk = new Chunk(1, 1, default, ChunkLayout.Single, [new ColumnPlace(0, 0)]);
        for (ulong camera = 1; camera <= Cameras; camera++)
        {
            StreamIndex index = streams.Get(new StreamId(camera));
            ulong run = 0;
            foreach (WallRange span in SpansOf(camera))
            {
                index.Add(chunk, new RecordEntry
                {
                    EntryBytes = RecordEntry.FixedBytes,
                    Kind = RecordKind.Samples,
                    Stream = new StreamId(camera),
                    Epoch = 0,
                    Run = ++run,
                    Wall = span,
                });
            }
        }

        return streams;
    }

    private static SqliteConnection FillRival()
    {
        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE span (stream INTEGER, start INTEGER, end INTEGER, PRIMARY KEY (stream, start)) WITHOUT ROWID";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO span VALUES ($stream, $start, $end)";
        SqliteParameter stream = command.Parameters.Add("$stream", SqliteType.Integer);
        SqliteParameter start = command.Parameters.Add("$start", SqliteType.Integer);
        SqliteParameter end = command.Parameters.Add("$end", SqliteType.Integer);
        for (ulong camera = 1; camera <= Cameras; camera++)
        {
            foreach (WallRange span in SpansOf(camera))
            {
                (stream.Value, start.Value, end.Value) = ((long)camera, span.Start.Microseconds, span.End.Microseconds);
                command.ExecuteNonQuery();
            }
        }

        transaction.Commit();
        return connection;
    }

    private static int AskRival(SqliteConnection connection, ulong camera)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT start, end FROM span WHERE stream = $stream AND start < $to AND end > $from ORDER BY start";
        command.Parameters.AddWithValue("$stream", (long)camera);
        command.Parameters.AddWithValue("$to", Month.End.Microseconds);
        command.Parameters.AddWithValue("$from", Month.Start.Microseconds);
        using SqliteDataReader reader = command.ExecuteReader();
        var result = new List<WallRange>();
        while (reader.Read())
        {
            var span = new WallRange(new WallTime(reader.GetInt64(0)), new WallTime(reader.GetInt64(1)));
            if (result.Count > 0 && span.Start - result[^1].End < Resolution)
            {
                result[^1] = new WallRange(result[^1].Start, span.End);
            }
            else
            {
                result.Add(span);
            }
        }

        return result.Count;
    }

    private static (double Median, double Percentile99) Measure(Func<ulong, int> ask)
    {
        var times = new List<double>(Queries);
        for (int i = 0; i < Queries; i++)
        {
            long begin = Stopwatch.GetTimestamp();
            int count = ask((ulong)(((i * 7919) % Cameras) + 1));
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            if (count == 0)
            {
                throw new InvalidOperationException("A camera-month without footage.");
            }
        }

        // The very slowest of a few hundred is the machine doing something else.
        times.Sort();
        return (Median(times), times[times.Count * 99 / 100]);
    }

    private static double Median(List<double> values)
    {
        List<double> sorted = [.. values.Order()];
        return sorted[sorted.Count / 2];
    }
}
