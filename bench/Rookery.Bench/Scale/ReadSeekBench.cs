// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench.Scale;

/// <summary>
/// Time to the first byte of a random instant among 30 days, on a real disk with O_DIRECT. 20 cameras record a second each hour, so that 30 days fit into 7 GB; the same bytes go into a file for each
/// camera and hour, as recorders with a file a minute keep them. Ours finds the random access point and reads the first 4 KiB of its record; the rival knows the file's name from the time, opens it and reads its first 4 KiB.
/// </summary>
internal static class ReadSeekBench
{
    private const int Cameras = 20;
    private const int Hours = 30 * 24;
    private const int PicturesPerSecond = 30;
    private const int SampleBytes = 16_667; // 4 Mbit/s
    private const int FirstBytes = 4096;
    private const int Questions = 1000;
    private static readonly WallTime Start = SyntheticChunks.Start;

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["fill", var folder]:
                await FillAsync(folder);
                FillRival(folder);
                return 0;
            case ["ask", var folder, "cold"]:
                await AskAsync(folder, "ours, footers cold", 64 << 10, warm: false);
                return 0;
            case ["ask", var folder, "warm"]:
                await AskAsync(folder, "ours, footers warm", 32 << 20, warm: true);
                return 0;
            case ["ask", var folder, "rival"]:
                AskRival(folder);
                return 0;
            default:
                await Console.Error.WriteLineAsync("usage: read-seek fill FOLDER | ask FOLDER cold|warm|rival");
                return 2;
        }
    }

    private static DiskSpec Disk(string folder) => new(Path.Combine(folder, "disk"), 31 * (256L << 20));

    private static string FileOf(string folder, int camera, int hour) => Path.Combine(folder, "files", $"camera-{camera}", $"{hour / 24:00}", $"{hour % 24:00}.ts");

    private static async Task FillAsync(string folder)
    {
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(Disk(folder));
        await using VideoStore store = await VideoStore.OpenAsync(device, new StoreOptions { IsManual = true, ZoneBytes = 256 << 20 }, TimeProvider.System);
        store.RecoverNow();
        Block content = new BlockPool(1 << 20).TryRent(SampleBytes)!;
        new Random(1).NextBytes(content.Span);
        for (int hour = 0; hour < Hours; hour++)
        {
            IStreamAppender[] runs = [.. Enumerable.Range(1, Cameras).Select(camera => store.BeginRun(new RunStart(SyntheticChunks.Stream(camera), 0, default, 90_000, new byte[64])))];
            for (int picture = 0; picture < PicturesPerSecond; picture++)
            {
                WallTime wall = Start + TimeSpan.FromHours(hour) + TimeSpan.FromSeconds((double)picture / PicturesPerSecond);
                foreach (IStreamAppender run in runs)
                {
                    run.TryAppend(new Sample(picture * 3000, 0, picture == 0 ? SampleFlags.RandomAccess : SampleFlags.None, wall, new BlockSlice(content, 0, SampleBytes)));
                }

                if (picture % 10 == 9)
                {
                    store.CommitNow();
                }
            }

            Array.ForEach(runs, static run => run.Dispose());
        }
    }

    private static void FillRival(string folder)
    {
        byte[] content = new byte[SampleBytes * PicturesPerSecond];
        new Random(1).NextBytes(content);
        for (int hour = 0; hour < Hours; hour++)
        {
            for (int camera = 1; camera <= Cameras; camera++)
            {
                string path = FileOf(folder, camera, hour);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, content);
            }
        }
    }

    private static async Task AskAsync(string folder, string name, long cacheBytes, bool warm)
    {
        await using VideoStore store = await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(Disk(folder)), new StoreOptions { FooterCacheBytes = cacheBytes }, TimeProvider.System);
        await store.Recovered;
        byte[] first = new byte[FirstBytes];
        // The run time compiles what is used often; a warm cache has seen every chunk.
        for (int i = 0; i < (warm ? 2 : 1); i++)
        {
            await AskAllAsync(store, first, warm ? 1 : 2, []);
        }

        var times = new List<double>();
        await AskAllAsync(store, first, seed: warm ? 1 : 3, times);
        Print(name, times);
    }

    private static async Task AskAllAsync(VideoStore store, byte[] first, int seed, List<double> times)
    {
        foreach ((int camera, int hour) in Random(seed))
        {
            long begin = Stopwatch.GetTimestamp();
            StoredRecord? record = await store.FindRandomAccessAsync(SyntheticChunks.Stream(camera), Start + TimeSpan.FromHours(hour) + TimeSpan.FromSeconds(0.5), CancellationToken.None);
            if (record is null || record.Wall.Start != Start + TimeSpan.FromHours(hour))
            {
                throw new InvalidOperationException($"Camera {camera}, hour {hour}: {record?.Wall.ToString() ?? "nothing"} was found.");
            }

            await store.ReadPayloadAsync(record.Location, 0, first, CancellationToken.None);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }
    }

    private static void AskRival(string folder)
    {
        var times = new List<double>();
        byte[] first = new byte[FirstBytes];
        foreach ((int camera, int hour) in Random(2).Take(20).Concat(Random(3)))
        {
            long begin = Stopwatch.GetTimestamp();
            using SafeFileHandle file = File.OpenHandle(FileOf(folder, camera, hour));
            RandomAccess.Read(file, first, 0);
            times.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
        }

        Print("a file for each camera and hour", times[20..]);
    }

    private static IEnumerable<(int Camera, int Hour)> Random(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Questions).Select(_ => (random.Next(1, Cameras + 1), random.Next(Hours)))];
    }

    private static void Print(string name, List<double> times)
    {
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:0.000} {times[times.Count * 99 / 100]:0.000} ms, median and 99 of 100: {name}"));
    }
}
