// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench;

/// <summary>
/// What the loss of a disk costs: records are read through the store with all disks, and without one (degraded: what lay there is computed from the others); then the lost columns are rebuilt onto a new disk. The rival of
/// reading is reading with all disks, that of rebuilding a plain copy of as many bytes from one disk to another, in blocks of 4 MiB, flushed at the end.
/// </summary>
internal static class RebuildBench
{
    private const int SampleBytes = 17_500;
    private const int Streams = 50;
    private const int CopyBytes = 4 << 20;

    public static async Task<int> RunAsync(string[] args)
    {
        if (StoreWriteOptions.Parse(args) is not { } asked || asked.Disks.Count != asked.Layout.Columns + 1)
        {
            await Console.Error.WriteLineAsync("usage: rebuild [--layout D+P] [--mib N] [--zone-mib N] DISK...    one disk more than the layout takes: the one that is new");
            return 2;
        }

        string[] disks = [.. asked.Disks.Take(asked.Layout.Columns)];
        await FillAsync(asked, disks);
        (double plain, double plainCpu) = await ReadAsync(asked, disks);
        (double degraded, double degradedCpu) = await ReadAsync(asked, disks[1..]);
        (double rebuilt, double rebuiltCpu) = await RebuildAsync(asked, disks[1..], asked.Disks[^1]);
        // A column is as long as its share of what was recorded; tables and padding are a hundredth.
        long bytes = asked.Bytes / asked.Layout.DataColumns;
        double copied = Copy(disks[1], asked.Disks[^1], bytes);
        Print($"{asked.Layout}: read {plain:0} MB/s ({plainCpu:0.00} CPU-s per GB), degraded {degraded:0} MB/s ({degradedCpu:0.00}); rebuild {rebuilt:0} MB/s of column ({rebuiltCpu:0.00}), plain copy {copied:0} MB/s, {bytes / 1e6:0} MB rebuilt");
        Print($"{degraded / plain:0.00} {rebuilt / copied:0.00}");
        return 0;
    }

    private static IBlockDevice[] Open(StoreWriteOptions asked, IEnumerable<string> disks) => [.. disks.Select(path => FileBlockDevice.OpenOrCreate(new DiskSpec(path, asked.DiskBytes)))];

    private static StoreOptions Options(StoreWriteOptions asked) => new()
    {
        IsManual = true,
        ZoneBytes = asked.ZoneBytes,
        Layout = asked.Layout,
        MemoryBudgetBytes = 512L << 20,
    };

    private static async Task FillAsync(StoreWriteOptions asked, string[] disks)
    {
        IBlockDevice[] devices = Open(asked, disks);
        VideoStore store = await VideoStore.OpenAsync(devices, Options(asked), TimeProvider.System);
        store.RecoverNow();
        Block content = new BlockPool(1 << 20).TryRent(SampleBytes)!;
        new Random(1).NextBytes(content.Span);
        IStreamAppender[] runs = [.. Enumerable.Range(1, Streams).Select(stream => store.BeginRun(new RunStart(new StreamId((ulong)stream), 0, default, 90_000, new byte[40])))];
        for (long picture = 0; picture * Streams * SampleBytes < asked.Bytes; picture++)
        {
            foreach (IStreamAppender run in runs)
            {
                run.TryAppend(new Sample(picture * 3000, 0, picture % 30 == 0 ? SampleFlags.RandomAccess : SampleFlags.None, new WallTime(1_767_225_600_000_000 + (picture * 33_333)), new BlockSlice(content, 0, SampleBytes)));
            }

            // 300 ms, as a recorder commits.
            if (picture % 10 == 9)
            {
                store.CommitNow();
            }
        }

        await store.DisposeAsync();
        Array.ForEach(devices, static device => device.Dispose());
    }

    /// <summary>All records, one after another, as an export reads them.</summary>
    private static async Task<(double MegabytesPerSecond, double CpuPerGigabyte)> ReadAsync(StoreWriteOptions asked, string[] disks)
    {
        IBlockDevice[] devices = Open(asked, disks);
        VideoStore store = await VideoStore.OpenAsync(devices, Options(asked), TimeProvider.System);
        store.RecoverNow();
        byte[] payload = new byte[1 << 20];
        long bytes = 0;
        long begin = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        foreach (StreamId stream in store.Streams)
        {
            await foreach (StoredRecord record in store.ReadRecordsAsync(stream, new WallRange(WallTime.MinValue, WallTime.MaxValue), CancellationToken.None))
            {
                await store.ReadPayloadAsync(record.Location, 0, payload.AsMemory(0, record.Location.LengthBytes), CancellationToken.None);
                bytes += record.Location.LengthBytes;
            }
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await store.CrashAsync();
        Array.ForEach(devices, static device => device.Dispose());
        return bytes > asked.Bytes / 2 ? (bytes / seconds / 1e6, cpu.TotalSeconds / (bytes / 1e9)) : throw new InvalidOperationException($"Only {bytes} bytes were read.");
    }

    private static async Task<(double MegabytesPerSecond, double CpuPerGigabyte)> RebuildAsync(StoreWriteOptions asked, string[] left, string added)
    {
        IBlockDevice[] devices = Open(asked, left);
        IBlockDevice target = Open(asked, [added])[0];
        VideoStore store = await VideoStore.OpenAsync(devices, Options(asked), TimeProvider.System);
        store.RecoverNow();
        await store.AddDiskAsync(target);
        long begin = Stopwatch.GetTimestamp();
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        int columns = await store.RebuildNowAsync(missingCount: true);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await store.DisposeAsync();
        Array.ForEach(devices, static device => device.Dispose());
        target.Dispose();
        double bytes = (double)asked.Bytes / asked.Layout.DataColumns;
        return columns > 0 ? (bytes / seconds / 1e6, cpu.TotalSeconds / (bytes / 1e9)) : throw new InvalidOperationException("Nothing was rebuilt.");
    }

    private static double Copy(string from, string to, long bytes)
    {
        using FileBlockDevice source = FileBlockDevice.Open(new DiskSpec(from, null), DeviceAccess.Exclusive);
        using FileBlockDevice target = FileBlockDevice.Open(new DiskSpec(to, null), DeviceAccess.Exclusive);
        using AlignedMemory buffer = new(CopyBytes);
        long begin = Stopwatch.GetTimestamp();
        for (long at = 0; at < bytes; at += CopyBytes)
        {
            source.Read(at, buffer.GetSpan());
            target.Write(at, buffer.GetSpan());
        }

        target.Flush();
        return bytes / Stopwatch.GetElapsedTime(begin).TotalSeconds / 1e6;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
