// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench;

/// <summary>
/// From a sample's arrival (<see cref="IStreamAppender.TryAppend"/>) to its durable watermark, at the pace of 50 cameras of 4.2 Mbit/s, on a disk that is full: each ten seconds or so a
/// chunk ends, and an old one is freed for the next.
/// </summary>
internal static class StoreLatencyBench
{
    private const int Streams = 50;
    private const int PicturesPerSecond = 30;
    private const int SampleBytes = 17_500; // 4.2 Mbit/s at 30 pictures a second
    private const long ZoneBytes = 256L << 20;
    private const int Zones = 16;
    private const int BlockBytes = 1 << 20;

    /// <summary>Fills the disk and lets the run time compile what is used often, before anything is counted.</summary>
    private const int SettlePictures = 10 * PicturesPerSecond;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [string path, string secondsText, .. string[] rest] || !int.TryParse(secondsText, CultureInfo.InvariantCulture, out int seconds))
        {
            await Console.Error.WriteLineAsync("usage: store-latency DISK SECONDS [INTERVAL-MS]");
            return 2;
        }

        FileBlockDevice device = FileBlockDevice.OpenOrCreate(new DiskSpec(path, (Zones * ZoneBytes) + (2 << 20)));
        StoreOptions options = new() { ZoneBytes = ZoneBytes };
        if (rest is [string interval])
        {
            options = options with { CommitInterval = TimeSpan.FromMilliseconds(int.Parse(interval, CultureInfo.InvariantCulture)) };
        }

        await using VideoStore store = await VideoStore.OpenAsync(device, options, TimeProvider.System);
        await store.Recovered;
        BlockPool pool = new(Streams * (long)BlockBytes * 2);
        Random random = new(1);
        PacedCamera[] cameras = [.. Enumerable.Range(0, Streams).Select(number => new PacedCamera(store, number, Content(pool, random)))];
        // A timer, not a pace set by the store: what a camera sends does not wait for disks. 5 ms is below the distance of two pictures of one camera.
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(5));
        await FillAsync(cameras, timer);

        MonotonicTime start = MonotonicTime.Now(TimeProvider.System);
        MonotonicTime counted = start + TimeSpan.FromSeconds((double)SettlePictures / PicturesPerSecond);
        MonotonicTime end = counted + TimeSpan.FromSeconds(seconds);
        StoreStatus before = store.Status;
        TimeSpan cpuBefore = default;
        bool isCounting = false;
        foreach (PacedCamera camera in cameras)
        {
            camera.StartAt(start);
        }

        while (MonotonicTime.Now(TimeProvider.System) is var now && now < end)
        {
            if (!isCounting && now >= counted)
            {
                (isCounting, before, cpuBefore) = (true, store.Status, Environment.CpuUsage.TotalTime);
            }

            foreach (PacedCamera camera in cameras)
            {
                camera.Send(now);
                camera.Collect(isCounting);
            }

            await timer.WaitForNextTickAsync();
        }

        Print(store, cameras, before, Environment.CpuUsage.TotalTime - cpuBefore, seconds);
        return 0;
    }

    private static Block Content(BlockPool pool, Random random)
    {
        Block block = pool.TryRent(BlockBytes)!;
        random.NextBytes(block.Span);
        return block;
    }

    /// <summary>Writes until retention has to free a chunk for each new one.</summary>
    private static async Task FillAsync(PacedCamera[] cameras, PeriodicTimer timer)
    {
        for (long sent = 0; sent < (Zones + 1) * ZoneBytes; sent += SampleBytes * cameras.Length)
        {
            foreach (PacedCamera camera in cameras)
            {
                while (!camera.TrySend())
                {
                    await timer.WaitForNextTickAsync();
                }
            }
        }

        while (Array.Exists(cameras, static camera => camera.IsWaiting))
        {
            await timer.WaitForNextTickAsync();
        }
    }

    private static void Print(VideoStore store, PacedCamera[] cameras, StoreStatus before, TimeSpan cpu, int seconds)
    {
        double[] milliseconds = [.. cameras.SelectMany(static camera => camera.Waited).Select(static wait => wait.TotalMilliseconds).Order()];
        StoreStatus after = store.Status;
        long frames = after.CommittedFrames - before.CommittedFrames;
        long bytes = after.WrittenBytes - before.WrittenBytes;
        long late = milliseconds.LongCount(static wait => wait > 500);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"arrival to durable: median {At(0.5):0} ms, 99 of 100 {At(0.99):0} ms, 999 of 1000 {At(0.999):0} ms, longest {milliseconds[^1]:0} ms; {late} of {milliseconds.Length} samples later than 500 ms"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"commits: median {after.RecentCommits.Median.TotalMilliseconds:0} ms, 99 of 100 {after.RecentCommits.Percentile99.TotalMilliseconds:0} ms, longest {after.RecentCommits.Longest.TotalMilliseconds:0} ms"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{bytes / 1e6 / seconds:0.0} MB/s in {frames} frames of {bytes / (double)frames / (1 << 20):0.0} MiB, {(double)bytes / ZoneBytes:0.0} chunks, {cpu.TotalSeconds / seconds * 100:0} % of a core, {after.DroppedSamples - before.DroppedSamples} samples dropped"));

        double At(double part) => milliseconds[(int)Math.Min(milliseconds.Length - 1, milliseconds.Length * part)];
    }

    /// <summary>A camera that sends a picture each 33 ms, at a phase of its own, and remembers when.</summary>
    private sealed class PacedCamera(VideoStore store, int number, Block content)
    {
        private readonly IStreamAppender _appender = store.BeginRun(new RunStart(new StreamId((ulong)number + 1), 0, default, 90_000, new byte[40]));
        private readonly Queue<MonotonicTime> _sent = new();
        private long _taken;
        private long _durable;
        private long _due;
        private MonotonicTime _start;

        public List<TimeSpan> Waited { get; } = [];

        public bool IsWaiting => _appender.Durable.Samples < _taken;

        public void StartAt(MonotonicTime start)
        {
            _start = start + TimeSpan.FromSeconds((double)number / Streams / PicturesPerSecond);
            _durable = _taken;
            _sent.Clear();
        }

        public void Send(MonotonicTime now)
        {
            while (_start + TimeSpan.FromSeconds((double)_due / PicturesPerSecond) is var due && due <= now)
            {
                _due++;
                MonotonicTime at = MonotonicTime.Now(TimeProvider.System);
                if (TrySend())
                {
                    _sent.Enqueue(at);
                }
            }
        }

        public bool TrySend()
        {
            int offset = (int)(_taken * SampleBytes % (BlockBytes - SampleBytes));
            WallTime wall = new(1_767_225_600_000_000 + (_taken * 33_333));
            bool isTaken = _appender.TryAppend(new Sample(_taken * 3000, 0, _taken % PicturesPerSecond == 0 ? SampleFlags.RandomAccess : SampleFlags.None, wall, new BlockSlice(content, offset, SampleBytes)));
            _taken += isTaken ? 1 : 0;
            return isTaken;
        }

        /// <summary>Looks far more often than commits come, so each watermark is that of one commit.</summary>
        public void Collect(bool isCounting)
        {
            DurableWatermark durable = _appender.Durable;
            for (; _durable < durable.Samples; _durable++)
            {
                TimeSpan wait = durable.At - _sent.Dequeue();
                if (isCounting)
                {
                    Waited.Add(wait);
                }
            }
        }
    }
}
