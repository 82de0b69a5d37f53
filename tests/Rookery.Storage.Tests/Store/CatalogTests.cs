// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

public sealed class CatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-catalog-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "catalog.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Record(StoreBench bench, TestRun run, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }
    }

    [Fact]
    public async Task A_start_with_a_catalog_reads_no_chunk_that_is_sealed()
    {
        using var bench = new StoreBench(zones: 64, new StoreOptions { CatalogPath = Path });
        TestRun run = bench.Begin(1);
        Record(bench, run, 80);
        await bench.RestartAsync();
        long before = bench.Disk.BytesRead;
        await bench.RestartAsync();
        (bench.Disk.BytesRead - before).ShouldBeLessThan(2 * StoreBench.ZoneBytes);
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_start_after_a_crash_reads_the_open_chunk_and_the_few_tails_the_catalog_was_not_told_yet()
    {
        using var bench = new StoreBench(zones: 64, new StoreOptions { CatalogPath = Path });
        TestRun run = bench.Begin(1);
        Record(bench, run, 300);
        long before = bench.Disk.BytesRead;
        bench.Crash();
        const int tails = 8;
        (bench.Disk.BytesRead - before).ShouldBeLessThan((2 * StoreBench.ZoneBytes) + (tails * (64 << 10)));
        await run.ShouldReadBackAsync();
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("garbage")]
    [InlineData("older")]
    public async Task A_catalog_that_is_gone_damaged_or_stale_is_rebuilt_and_nothing_is_lost(string what)
    {
        using var bench = new StoreBench(zones: 64, new StoreOptions { CatalogPath = Path });
        TestRun run = bench.Begin(1);
        Record(bench, run, 20);
        await bench.RestartAsync();
        byte[] older = await File.ReadAllBytesAsync(Path);
        TestRun more = bench.Begin(2);
        Record(bench, more, 40);
        await bench.Store.DisposeAsync();
        switch (what)
        {
            case "deleted":
                File.Delete(Path);
                break;
            case "garbage":
                await File.WriteAllBytesAsync(Path, new byte[5000].Select((_, i) => (byte)i).ToArray());
                break;
            default:
                await File.WriteAllBytesAsync(Path, older);
                break;
        }

        bench.MoveTo(bench.Disk.Current);
        await run.ShouldReadBackAsync();
        await more.ShouldReadBackAsync();
        File.Exists(Path + ".damaged").ShouldBe(what == "garbage");
        long before = bench.Disk.BytesRead;
        await bench.RestartAsync();
        (bench.Disk.BytesRead - before).ShouldBeLessThan(2 * StoreBench.ZoneBytes, "the rebuilt catalog is used");
        await more.ShouldReadBackAsync();
    }

    [Fact]
    public async Task A_catalog_of_another_disk_is_not_believed()
    {
        using var one = new StoreBench(zones: 16, new StoreOptions { CatalogPath = Path });
        TestRun first = one.Begin(1);
        Record(one, first, 30);
        await one.Store.DisposeAsync();
        using var two = new StoreBench(zones: 16);
        two.Options = two.Options with { CatalogPath = Path };
        TestRun second = two.Begin(2);
        Record(two, second, 30);
        DiskImage image = two.Disk.Current;
        image.Overwrite(0, new byte[8192]);
        two.MoveTo(two.Disk.Current);
        await second.ShouldReadBackAsync();
        two.Store.Streams.ShouldBe([second.Stream]);
    }

    [Fact]
    public async Task Without_its_footer_a_chunk_is_found_by_its_frames()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        Record(bench, run, 40);
        await bench.RestartAsync();
        DiskImage image = bench.Disk.Current;
        for (int zone = 0; zone < 3; zone++)
        {
            image.Flip(StoreGeometry.FirstZoneBytes + ((zone + 1) * (long)StoreBench.ZoneBytes) - (zone == 0 ? 10 : 300), 2);
        }

        bench.MoveTo(image);
        await run.ShouldReadBackAsync();
    }

    [Theory]
    [InlineData("UPDATE chunk SET tail = 'words'")]
    [InlineData("UPDATE chunk SET columns = '0:99999'")]
    [InlineData("UPDATE chunk SET columns = 'words'")]
    [InlineData("UPDATE meta SET value = 'words'")]
    public async Task A_catalog_that_says_something_else_than_it_should_never_keeps_the_store_from_starting(string damage)
    {
        using var bench = new StoreBench(zones: 16, new StoreOptions { CatalogPath = Path });
        TestRun run = bench.Begin(1);
        Record(bench, run, 20);
        await bench.Store.DisposeAsync();
        await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this test's own.
            command.CommandText = damage;
#pragma warning restore CA2100
            (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
        }

        bench.MoveTo(bench.Disk.Current);
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task While_the_index_of_a_full_disk_is_rebuilt_recording_takes_the_oldest_footage_and_not_its_own()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { CatalogPath = Path });
        TestRun old = bench.Begin(1);
        Record(bench, old, 400);
        await bench.Store.DisposeAsync();
        File.Delete(Path);
        TestRun? now = null;
        bench.Progress = new During(_ =>
        {
            now ??= bench.Begin(2);
            Record(bench, now, 3);
        });
        bench.MoveTo(bench.Disk.Current);
        bench.Progress = null;
        await now!.ShouldReadBackAsync();
        List<byte[]> left = await old.ReadBackAsync();
        left.ShouldNotBeEmpty();
        left.ShouldBe(old.Sent[^left.Count..]);
        bench.Store.Spans(old.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);

        await bench.RestartAsync();
        long before = bench.Disk.BytesRead;
        await bench.RestartAsync();
        (bench.Disk.BytesRead - before).ShouldBeLessThan(2 * StoreBench.ZoneBytes, "the rebuilt catalog is used");
        await now.ShouldReadBackAsync();
    }

    private sealed class During(Action<RebuildProgress> act) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => act(value);
    }
}
