// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench.Scale;

/// <summary>
/// A start of a disk of 100 TB. <c>fill</c> makes the catalog and the superblocks that 300 cameras on one head leave behind in 400,000 chunks; <c>record</c> opens that, records until it is
/// killed, and says when there is something to lose; <c>start</c> opens it again and tells how long it took until a new record was durable, and until the timeline was whole.
/// </summary>
internal static class RecoveryBench
{
    private const int Cameras = 300;
    private const int SampleBytes = 5000;
    private const int ChunksInSegment = 256;
    private static readonly UInt128 Disk = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [string what, string folder, .. string[] rest] || (rest is [string text] && !int.TryParse(text, CultureInfo.InvariantCulture, out _)))
        {
            await Console.Error.WriteLineAsync("usage: recovery fill FOLDER CHUNKS | recovery record|start FOLDER CHUNKS");
            return 2;
        }

        int chunks = rest is [string count] ? int.Parse(count, CultureInfo.InvariantCulture) : 400_000;
        switch (what)
        {
            case "fill":
                Fill(folder, chunks);
                return 0;
            case "record":
                await RecordAsync(folder, chunks);
                return 0;
            case "start":
                await StartAsync(folder, chunks);
                return 0;
            default:
                return 2;
        }
    }

    private static long Capacity(int chunks) => StoreGeometry.FirstZoneBytes + ((chunks + 100) * SyntheticChunks.ZoneBytes) + StoreGeometry.TailBytes;

    private static string CatalogPath(string folder) => Path.Combine(folder, "catalog.db");

    private static void Fill(string folder, int chunks)
    {
        var shape = new SyntheticChunks(Cameras) { Disk = Disk, Formats = SyntheticChunks.FormatsOf(Cameras) };
        using var device = new SparseDisk(folder, Capacity(chunks));
        SuperblockSet.WriteFirst(device, new Superblock
        {
            Sequence = 1,
            Pool = 1,
            Disk = Disk,
            Geometry = new StoreGeometry(device.CapacityBytes, SyntheticChunks.ZoneBytes, chunks + 100),
            Created = SyntheticChunks.Start,
            Written = WallTime.Now(TimeProvider.System),
            OpenEpoch = 1,
            NextChunk = (ulong)chunks + 1,
            NextGeneration = (ulong)chunks + 1,
            LastTransition = (ulong)chunks * 2,
            Spares = [.. Enumerable.Range(chunks, Superblock.MaximumSpares)],
        });
        using (Catalog catalog = Catalog.Open(CatalogPath(folder), SyntheticChunks.ZoneBytes, ChunksInSegment)!)
        {
            catalog.BeginRebuild(pool: 1, new Dictionary<int, ulong> { [0] = (ulong)chunks * 2 });
            catalog.SetEpoch(1);
        }

        using var connection = new SqliteConnection($"Data Source={CatalogPath(folder)};Pooling=False");
        connection.Open();
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand row = connection.CreateCommand();
        row.CommandText = "INSERT INTO chunk (generation, columns, tail) VALUES ($generation, $columns, $tail)";
        using SqliteCommand segment = connection.CreateCommand();
        segment.CommandText = "INSERT INTO segment (last, bytes) VALUES ($last, $bytes)";
        long tailBytes = 0;
        // As the catalog itself leaves it: segments, and the newest chunks with their tails.
        int condensed = Math.Max(0, chunks - ChunksInSegment) / ChunksInSegment * ChunksInSegment;
        for (int first = 0; first < chunks; first += ChunksInSegment)
        {
            ChunkTail[] tails = [.. Enumerable.Range(first, Math.Min(ChunksInSegment, chunks - first)).Select(i => shape.Tail(i, (ulong)i + 1, i, (1UL << 40) + (ulong)i + 1))];
            foreach (ChunkTail tail in tails)
            {
                byte[] bytes = first < condensed && tail != tails[0] ? [] : SyntheticChunks.ToBytes(tail);
                tailBytes += tail.Trailer.TailBytes;
                byte[] trailer = new byte[ChunkTrailer.SizeBytes];
                tail.Trailer.Write(trailer);
                row.Parameters.Clear();
                row.Parameters.AddWithValue("$generation", (long)tail.Trailer.Generation);
                row.Parameters.AddWithValue("$columns", CatalogRow.ToBytes(tail.Trailer.Generation, [new ColumnPlace(0, tail.Trailer.Zone)]));
                row.Parameters.AddWithValue("$tail", first < condensed ? trailer : bytes);
                row.ExecuteNonQuery();
            }

            if (first < condensed)
            {
                segment.Parameters.Clear();
                segment.Parameters.AddWithValue("$last", (long)tails[^1].Trailer.Generation);
                segment.Parameters.AddWithValue("$bytes", CatalogSegment.Build(tails).ToBytes());
                segment.ExecuteNonQuery();
            }
        }

        transaction.Commit();
        using SqliteCommand checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteNonQuery();
        Print($"{chunks} chunks of {SyntheticChunks.ZoneBytes >> 20} MiB ({chunks * (double)SyntheticChunks.ZoneBytes / 1e12:0} TB) of {Cameras} cameras: catalog {new FileInfo(CatalogPath(folder)).Length / 1e6:0} MB, where the tails are {tailBytes / 1e9:0.0} GB");
    }

    private static StoreOptions Options(string folder) => new() { CatalogPath = CatalogPath(folder) };

    private static async Task RecordAsync(string folder, int chunks)
    {
        VideoStore store = await VideoStore.OpenAsync(new SparseDisk(folder, Capacity(chunks)), Options(folder), TimeProvider.System);
        await store.Recovered;
        using var cameras = new Senders(store);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        for (long picture = 0; await timer.WaitForNextTickAsync(); picture++)
        {
            cameras.Send();
            if (picture == 75)
            {
                Console.WriteLine("recording");
            }
        }
    }

    private static async Task StartAsync(string folder, int chunks)
    {
        TimeSpan before = DateTime.Now - Process.GetCurrentProcess().StartTime;
        long begin = Stopwatch.GetTimestamp();
        await using VideoStore store = await VideoStore.OpenAsync(new SparseDisk(folder, Capacity(chunks)), Options(folder), TimeProvider.System);
        TimeSpan opened = Stopwatch.GetElapsedTime(begin);
        using var cameras = new Senders(store);
        TimeSpan? durable = null;
        TimeSpan? whole = null;
        TimeSpan longestCommit = default;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        for (int tick = 0; durable is null || whole is null; tick++)
        {
            if (tick % 4 == 0)
            {
                cameras.Send();
            }

            await timer.WaitForNextTickAsync();
            durable ??= cameras.IsAnyDurable ? Stopwatch.GetElapsedTime(begin) : null;
            whole ??= store.Recovered.IsCompleted ? Stopwatch.GetElapsedTime(begin) : null;
            longestCommit = store.Status.ArrivalToDurable.Longest;
        }

        await store.Recovered;
        Check(store, chunks);
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        Print($"opened {opened.TotalSeconds:0.00} s, first durable record {durable!.Value.TotalSeconds:0.00} s, whole timeline {whole!.Value.TotalSeconds:0.00} s ({before.TotalSeconds:0.00} s more since the process began); longest from arrival to durable meanwhile {longestCommit.TotalMilliseconds:0} ms; memory peak {Peak():0} MB, managed afterwards {managed:0} MB");
        Print($"{durable.Value.TotalSeconds:0.00} {whole.Value.TotalSeconds:0.00}");
    }

    private static void Check(VideoStore store, int chunks)
    {
        var ever = new WallRange(WallTime.MinValue, WallTime.MaxValue);
        var shape = new SyntheticChunks(Cameras);
        for (int camera = 1; camera <= Cameras; camera++)
        {
            IReadOnlyList<WallRange> spans = store.Spans(SyntheticChunks.Stream(camera), ever, TimeSpan.Zero);
            if (spans.Count < 3 || spans[0].Start != shape.WallOf(shape.BeginOf(0), camera - 1).Start || spans[0].End != shape.WallOf(shape.BeginOf(chunks - 1), camera - 1).End)
            {
                throw new InvalidOperationException($"Camera {camera}: the timeline is not what was recorded: {string.Join(' ', spans)}");
            }
        }
    }

    private static double Peak() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1000).First();

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>All cameras, with small pictures: it is the start that is measured.</summary>
    private sealed class Senders : IDisposable
    {
        private readonly IStreamAppender[] _runs;
        private readonly Block _content;
        private long _picture;

        public Senders(VideoStore store)
        {
            _content = new BlockPool(1 << 20).TryRent(SampleBytes)!;
            _runs = [.. Enumerable.Range(1, Cameras).Select(camera => store.BeginRun(new RunStart(SyntheticChunks.Stream(camera), 0, new RetentionClassId(0), 90_000, new byte[64])))];
        }

        public bool IsAnyDurable => Array.Exists(_runs, static run => run.Durable.Samples > 0);

        public void Send()
        {
            WallTime now = WallTime.Now(TimeProvider.System);
            foreach (IStreamAppender run in _runs)
            {
                run.TryAppend(new Sample(_picture * 3600, 0, SampleFlags.RandomAccess, now, new BlockSlice(_content, 0, SampleBytes)));
            }

            _picture++;
        }

        public void Dispose() => Array.ForEach(_runs, static run => run.Dispose());
    }
}
