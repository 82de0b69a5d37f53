// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.IO.Compression;
using System.Runtime.CompilerServices;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>
/// A small disk made by this version: the same work makes the same bytes, and a store written by an earlier version is read. When the format changes on purpose, run with
/// ROOKERY_UPDATE_GOLDEN=1 and say in docs/formats/video-store.md what is new.
/// </summary>
public sealed class GoldenImageTests
{
    private static string PathOfImage([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "testdata", "storage", "one-disk-v1.img.gz");

    [Fact]
    public async Task The_same_work_makes_the_bytes_of_the_golden_image()
    {
        using var bench = new StoreBench(zones: 6);
        await RecordAsync(bench);
        byte[] image = Bytes(bench.Disk);
        if (Environment.GetEnvironmentVariable("ROOKERY_UPDATE_GOLDEN") == "1")
        {
            await using FileStream file = File.Create(PathOfImage());
            await using var gzip = new GZipStream(file, CompressionLevel.SmallestSize);
            await gzip.WriteAsync(image);
        }

        byte[] golden = await ReadAsync();
        image.AsSpan().SequenceEqual(golden).ShouldBeTrue($"the first difference is at {image.AsSpan().CommonPrefixLength(golden)}");
    }

    [Fact]
    public async Task The_golden_image_opens_and_reads_back()
    {
        using var bench = new StoreBench(zones: 6);
        (TestRun one, TestRun two) = await RecordAsync(bench);
        byte[] golden = await ReadAsync();
        var image = new DiskImage(golden.Length);
        image.Overwrite(0, golden);
        bench.MoveTo(image);
        await one.ShouldReadBackAsync();
        await two.ShouldReadBackAsync();
        bench.Store.Gaps(two.Stream, StoreBench.Ever).ShouldHaveSingleItem().Cause.ShouldBe(GapCause.CameraOffline);
    }

    [Fact]
    public async Task A_check_of_the_golden_image_finds_nothing_and_of_a_rotten_one_the_rot()
    {
        byte[] golden = await ReadAsync();
        var image = new DiskImage(golden.Length);
        image.Overwrite(0, golden);
        await using var output = new StringWriter();
        CheckResult sound = StoreTool.Check(new SimulatedDisk(image), output, null, CancellationToken.None);
        sound.Problems.ShouldBe(0, output.ToString());
        sound.Chunks.ShouldBe(2);
        StoreTool.Inspect(new SimulatedDisk(image), output, CancellationToken.None);
        StoreTool.InspectChunk(new SimulatedDisk(image), 1, output, CancellationToken.None);
        output.ToString().ShouldContain("record stream 0000000000000001");
        image.Flip(StoreGeometry.FirstZoneBytes + 6000, 1);
        StoreTool.Check(new SimulatedDisk(image), output, null, CancellationToken.None).Problems.ShouldBe(1);
        output.ToString().ShouldContain("is damaged");
    }

    private static async Task<(TestRun One, TestRun Two)> RecordAsync(StoreBench bench)
    {
        TestRun one = bench.Begin(1);
        TestRun two = bench.Begin(2, format: [9, 9]);
        bench.Store.AppendGap(two.Stream, 0, default, new Gap(new Foundation.WallRange(two.WallOf(-50), two.WallOf(0)), GapCause.CameraOffline));
        for (int commit = 0; commit < 7; commit++)
        {
            one.Append(10, 3500);
            two.Append(4, 900);
            bench.Commit();
        }

        await bench.Store.DisposeAsync();
        return (one, two);
    }

    private static byte[] Bytes(SimulatedDisk disk)
    {
        byte[] image = new byte[disk.CapacityBytes];
        disk.Read(0, image);
        return image;
    }

    private static async Task<byte[]> ReadAsync()
    {
        await using FileStream file = File.OpenRead(PathOfImage());
        await using var gzip = new GZipStream(file, CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        await gzip.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
