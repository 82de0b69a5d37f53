// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench;

/// <summary>MB/s of durable samples through the video store on real disks, as fast as it goes: every frame is flushed before it is acknowledged.</summary>
internal static class StoreWriteBench
{
    private const int BlockBytes = 1 << 20;
    private const int SampleBytes = 17_500; // 4.2 Mbit/s at 30 pictures a second

    public static async Task<int> RunAsync(string[] args)
    {
        if (StoreWriteOptions.Parse(args) is not { } asked)
        {
            await Console.Error.WriteLineAsync(StoreWriteOptions.Usage);
            return 2;
        }

        // The zones of a disk of 16 GiB or more. A small file would get small ones, and change chunks (a footer, two pairs of superblocks, three flushes) four times as often.
        IReadOnlyList<FileBlockDevice> disks = [.. asked.Disks.Select(path => FileBlockDevice.OpenOrCreate(new DiskSpec(path, asked.DiskBytes)))];
        StoreOptions options = new() { CommitInterval = TimeSpan.FromMilliseconds(100), MemoryBudgetBytes = 512L << 20, MaximumFrameBytes = 16 << 20, ZoneBytes = asked.ZoneBytes, Layout = asked.Layout };
        await using VideoStore store = await VideoStore.OpenAsync(disks, options, TimeProvider.System);
        await store.Recovered;
        BlockPool pool = new(asked.Streams * (long)BlockBytes * 2);
        Random random = new(1);
        Block[] blocks = [.. Enumerable.Range(0, asked.Streams).Select(_ => pool.TryRent(BlockBytes)!)];
        foreach (Block block in blocks)
        {
            random.NextBytes(block.Span);
        }

        IStreamAppender[] appenders =
            [.. Enumerable.Range(1, asked.Streams).Select(stream => store.BeginRun(new RunStart(new StreamId((ulong)stream), 0, new RetentionClassId(0), 90_000, new byte[40])))];
        long samplesEach = (asked.WarmUpBytes + asked.Bytes) / SampleBytes / asked.Streams;
        Mark begin = await AppendAsync(appenders, blocks, samplesEach, asked.WarmUpBytes);
        Mark end = Mark.Now(appenders);
        double seconds = Stopwatch.GetElapsedTime(begin.Time, end.Time).TotalSeconds;
        double written = end.DurableBytes - begin.DurableBytes;
        TimeSpan cpu = end.Cpu - begin.Cpu;
        if (store.Status.Fault is { } fault)
        {
            await Console.Error.WriteLineAsync(fault);
            return 1;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{written / seconds / 1e6:0} MB/s, {cpu.TotalSeconds / (written / 1e9):0.00} CPU-seconds per GB, {store.Status.CommittedFrames} frames"));
        return 0;
    }

    /// <summary>Returns when the last sample is durable.</summary>
    /// <returns>The end of the warm-up.</returns>
    private static async Task<Mark> AppendAsync(IStreamAppender[] appenders, Block[] blocks, long samplesEach, long warmUpBytes)
    {
        Mark? warm = null;
        // A recorder never waits for its store, so the store tells nobody when there is room: the bench, which goes as fast as it can, has to look.
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(1));
        for (long i = 0; i < samplesEach; i++)
        {
            if (warm is null && Mark.Now(appenders) is { } reached && reached.DurableBytes >= warmUpBytes)
            {
                warm = reached;
            }

            int offset = (int)(i * SampleBytes % (BlockBytes - SampleBytes));
            for (int stream = 0; stream < appenders.Length; stream++)
            {
                Sample sample = new(i * 3000, 0, i % 30 == 0 ? SampleFlags.RandomAccess : SampleFlags.None, new WallTime(1_767_225_600_000_000 + (i * 33_333)), new BlockSlice(blocks[stream], offset, SampleBytes));
                while (!appenders[stream].TryAppend(sample))
                {
                    await timer.WaitForNextTickAsync();
                }
            }
        }

        while (Array.Exists(appenders, appender => appender.Durable.Samples < samplesEach))
        {
            await timer.WaitForNextTickAsync();
        }

        return warm ?? throw new InvalidOperationException("The measurement must be longer than the warm-up and what may wait in memory.");
    }

    /// <summary>How far it was at one time.</summary>
    private sealed record Mark(long Time, long DurableBytes, TimeSpan Cpu)
    {
        public static Mark Now(IStreamAppender[] appenders) =>
            new(Stopwatch.GetTimestamp(), appenders.Sum(static appender => appender.Durable.Bytes), Environment.CpuUsage.TotalTime);
    }
}
