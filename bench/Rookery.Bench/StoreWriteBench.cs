// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench;

/// <summary>MB/s of durable samples through the video store on a real disk, as fast as it goes: every frame is flushed before it is acknowledged.</summary>
internal static class StoreWriteBench
{
    private const int Streams = 50;
    private const int BlockBytes = 1 << 20;
    private const int SampleBytes = 17_500; // 4.2 Mbit/s at 30 pictures a second

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [string path, string mebibytesText] || !int.TryParse(mebibytesText, CultureInfo.InvariantCulture, out int mebibytes))
        {
            await Console.Error.WriteLineAsync("usage: store-write DISK MEBIBYTES");
            return 2;
        }

        long bytes = (long)mebibytes << 20;
        FileBlockDevice device = FileBlockDevice.OpenOrCreate(new DiskSpec(path, bytes * 2));
        StoreOptions options = new() { CommitInterval = TimeSpan.FromMilliseconds(100), MemoryBudgetBytes = 512L << 20, MaximumFrameBytes = 16 << 20 };
        await using VideoStore store = await VideoStore.OpenAsync(device, options, TimeProvider.System);
        await store.Recovered;
        BlockPool pool = new(Streams * (long)BlockBytes * 2);
        Random random = new(1);
        Block[] blocks = [.. Enumerable.Range(0, Streams).Select(_ => pool.TryRent(BlockBytes)!)];
        foreach (Block block in blocks)
        {
            random.NextBytes(block.Span);
        }

        IStreamAppender[] appenders =
            [.. Enumerable.Range(1, Streams).Select(stream => store.BeginRun(new RunStart(new StreamId((ulong)stream), 0, new RetentionClassId(0), 90_000, new byte[40])))];
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long begin = Stopwatch.GetTimestamp();
        await AppendAsync(appenders, blocks, bytes / SampleBytes / Streams);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double written = (double)(bytes / SampleBytes / Streams) * SampleBytes * Streams;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{written / seconds / 1e6:0} MB/s, {cpu.TotalSeconds / (written / 1e9):0.00} CPU-seconds per GB, {store.Status.CommittedFrames} frames"));
        return 0;
    }

    /// <summary>Returns when the last sample is durable.</summary>
    private static async Task AppendAsync(IStreamAppender[] appenders, Block[] blocks, long samplesEach)
    {
        for (long i = 0; i < samplesEach; i++)
        {
            int offset = (int)(i * SampleBytes % (BlockBytes - SampleBytes));
            for (int stream = 0; stream < appenders.Length; stream++)
            {
                Sample sample = new(i * 3000, 0, i % 30 == 0 ? SampleFlags.RandomAccess : SampleFlags.None, new WallTime(1_767_225_600_000_000 + (i * 33_333)), new BlockSlice(blocks[stream], offset, SampleBytes));
                while (!appenders[stream].TryAppend(sample))
                {
                    await Task.Delay(1);
                }
            }
        }

        while (Array.Exists(appenders, appender => appender.Durable.Samples < samplesEach))
        {
            await Task.Delay(1);
        }
    }
}
