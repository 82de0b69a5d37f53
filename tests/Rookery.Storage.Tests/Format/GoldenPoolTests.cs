// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.IO.Compression;
using System.Runtime.CompilerServices;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Three small disks with 2+1, a second class with 1+1, a gap and a hold, made by this version: the same work makes the same bytes, and what an earlier version wrote is read, also without any one of its disks. Changed
/// on purpose as <see cref="GoldenImageTests"/> is.
/// </summary>
public sealed class GoldenPoolTests
{
    private const int Disks = 3;
    private static readonly StoreOptions Options = new() { Layout = new ChunkLayout(2, 1) };

    private static string PathOfImage(int disk, [CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "testdata", "storage", $"pool-2+1-v1-disk{disk}.img.gz");

    [Fact]
    public async Task The_same_work_makes_the_bytes_of_the_golden_pool()
    {
        using var bench = new StoreBench(zones: 7, Options, disks: Disks);
        await RecordAsync(bench);
        for (int disk = 0; disk < Disks; disk++)
        {
            byte[] image = new byte[bench.Disks[disk].CapacityBytes];
            bench.Disks[disk].Read(0, image);
            if (Environment.GetEnvironmentVariable("ROOKERY_UPDATE_GOLDEN") == "1")
            {
                await using FileStream file = File.Create(PathOfImage(disk));
                await using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
                await gzip.WriteAsync(image);
            }

            byte[] golden = await ReadAsync(disk);
            image.AsSpan().SequenceEqual(golden).ShouldBeTrue($"disk {disk}: the first difference is at {image.AsSpan().CommonPrefixLength(golden)}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_golden_pool_opens_and_reads_back_without_any_one_of_its_disks(int? missing)
    {
        using var bench = new StoreBench(zones: 7, Options, disks: Disks);
        TestRun[] runs = await RecordAsync(bench);
        DiskImage[] images = [.. await Task.WhenAll(Enumerable.Range(0, Disks).Select(ImageAsync))];
        if (missing is { } disk)
        {
            bench.Missing.Add(disk);
        }

        bench.MoveTo(images);
        foreach (TestRun run in runs)
        {
            await run.ShouldReadBackAsync();
        }

        bench.Store.Gaps(runs[1].Stream, StoreBench.Ever).ShouldHaveSingleItem().Cause.ShouldBe(GapCause.CameraOffline);
        bench.Store.Holds.ShouldHaveSingleItem().Case.ShouldBe("golden");
        bench.Store.RetentionClasses.ShouldContain(c => c.Id.Value == 1 && c.Layout == new ChunkLayout(1, 1));
    }

    [Fact]
    public async Task A_check_of_each_disk_of_the_golden_pool_finds_nothing()
    {
        for (int disk = 0; disk < Disks; disk++)
        {
            await using var output = new StringWriter();
            StoreTool.Check(new SimulatedDisk(await ImageAsync(disk)), output, null, CancellationToken.None).Problems.ShouldBe(0, output.ToString());
        }
    }

    private static async Task<TestRun[]> RecordAsync(StoreBench bench)
    {
        await bench.Store.ChangeClassAsync(new RetentionClass(new RetentionClassId(0), TimeSpan.FromDays(30), MaximumBytes: null));
        await bench.Store.ChangeClassAsync(new RetentionClass(new RetentionClassId(1), TimeSpan.FromDays(30), MaximumBytes: null, new ChunkLayout(1, 1)) { Name = "doors", MinimumAge = TimeSpan.FromDays(7), Priority = 80 });
        TestRun one = bench.Begin(1);
        TestRun two = bench.Begin(2, retentionClass: 1, format: [9, 9]);
        bench.Store.AppendGap(two.Stream, 0, new RetentionClassId(1), new Gap(new Foundation.WallRange(two.WallOf(-50), two.WallOf(0)), GapCause.CameraOffline));
        await bench.Store.HoldAsync(new Hold
        {
            Id = "h1",
            Case = "golden",
            Streams = [new StreamRange(one.Stream, two.Stream)],
            Range = new Foundation.WallRange(one.WallOf(0), one.WallOf(10)),
            By = "test",
            Made = one.WallOf(0),
        });
        for (int commit = 0; commit < 10; commit++)
        {
            one.Append(6, 1100);
            two.Append(4, 300);
            bench.Commit();
            if (commit == 6)
            {
                // A chunk that has been open for an eighth of its class's days is sealed: footers without filling zones.
                bench.Clock.Advance(TimeSpan.FromDays(4));
            }
        }

        await bench.Store.DisposeAsync();
        return [one, two];
    }

    private static async Task<DiskImage> ImageAsync(int disk)
    {
        byte[] golden = await ReadAsync(disk);
        var image = new DiskImage(golden.Length);
        image.Overwrite(0, golden);
        return image;
    }

    private static async Task<byte[]> ReadAsync(int disk)
    {
        await using FileStream file = File.OpenRead(PathOfImage(disk));
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await gzip.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
