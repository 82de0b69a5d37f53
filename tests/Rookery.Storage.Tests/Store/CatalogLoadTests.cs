// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;
using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>A large catalog: recording begins before it is loaded, and what it repeats is kept once. Here four chunks are a segment, and nothing is loaded before the store opens.</summary>
public sealed class CatalogLoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-catalog-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "catalog.db");

    private StoreOptions Options => new() { CatalogPath = Path, CatalogPagesAtOpen = 0, CatalogSegmentChunks = 4 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Recording_begins_before_the_catalog_is_loaded_and_the_status_says_so()
    {
        using var bench = new StoreBench(zones: 64, Options);
        TestRun before = bench.Begin(1);
        Record(bench, before, 100);
        bench.Crash(recover: false);
        bench.Store.Status.IsLoading.ShouldBeTrue();
        bench.Store.Spans(before.Stream, StoreBench.Ever, TimeSpan.Zero).ShouldBeEmpty();
        TestRun meanwhile = bench.Begin(2);
        Record(bench, meanwhile, 20);
        await meanwhile.ShouldReadBackAsync();

        bench.Store.RecoverNow();
        bench.Store.Status.IsLoading.ShouldBeFalse();
        await before.ShouldReadBackAsync();
        await meanwhile.ShouldReadBackAsync();
        bench.Store.Spans(before.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);

        long read = bench.Disk.BytesRead;
        await bench.RestartAsync();
        (bench.Disk.BytesRead - read).ShouldBeLessThan(4 * StoreBench.ZoneBytes, "what was recorded meanwhile is in the catalog, too");
        await before.ShouldReadBackAsync();
        await meanwhile.ShouldReadBackAsync();
    }

    [Fact]
    public async Task What_a_store_says_is_the_same_before_and_after_a_start_from_segments()
    {
        using var bench = new StoreBench(zones: 24, Options);
        TestRun first = bench.Begin(1);
        TestRun second = bench.Begin(2, format: [9, 9]);
        for (int i = 0; i < 400; i++)
        {
            // One records all the time, one now and then, and a third says now and then that it could not.
            Record(bench, first, 1);
            if (i / 20 % 3 == 0)
            {
                second.Append(2, 2000).ShouldBeTrue();
            }

            if (i % 50 == 0)
            {
                WallTime now = WallTime.Now(bench.Clock);
                bench.Store.AppendGap(new StreamId(3), 0, default, new Gap(new WallRange(now, now + TimeSpan.FromSeconds(1)), GapCause.CameraOffline));
            }
        }

        SegmentsIn(Path).ShouldBeGreaterThan(2);
        string told = Told(bench);
        List<byte[]> kept = await first.ReadBackAsync();
        for (int start = 0; start < 3; start++)
        {
            await bench.RestartAsync();
            Told(bench).ShouldBe(told);
            (await first.ReadBackAsync()).ShouldBe(kept);
            bench.Store.Format(FormatEntry.IdOf([9, 9])).ShouldNotBeNull();
        }

        bench.Options = bench.Options with { CatalogPath = null };
        await bench.RestartAsync();
        Told(bench).ShouldBe(told, "the disk says the same as the catalog");
    }

    [Fact]
    public async Task While_the_catalog_of_a_full_disk_is_loaded_nothing_newer_is_freed_before_something_older()
    {
        using var bench = new StoreBench(zones: 24, Options);
        TestRun old = bench.Begin(1);
        Record(bench, old, 400);
        bench.Crash(recover: false);
        TestRun now = bench.Begin(2);
        Record(bench, now, 10);
        bench.Store.RecoverNow();
        Record(bench, now, 40);
        // What found no zone waited until the catalog had told which chunk is the oldest.
        await now.ShouldReadBackAsync();
        List<byte[]> left = await old.ReadBackAsync();
        left.ShouldNotBeEmpty();
        left.ShouldBe(old.Sent[^left.Count..]);
        bench.Store.Spans(old.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("UPDATE segment SET bytes = zeroblob(200)")]
    [InlineData("UPDATE segment SET bytes = 'words'")]
    [InlineData("DELETE FROM segment WHERE last = (SELECT max(last) FROM segment)")]
    [InlineData("UPDATE chunk SET columns = substr(columns, 1, 4) || x'03000000' || substr(columns, 9) WHERE generation > 10")]
    [InlineData("UPDATE chunk SET tail = zeroblob(300) WHERE generation = (SELECT max(generation) FROM chunk)")]
    public async Task After_a_damaged_page_the_disk_tells_what_is_missing(string damage)
    {
        using var bench = new StoreBench(zones: 64, Options);
        TestRun run = bench.Begin(1);
        Record(bench, run, 120);
        await bench.Store.DisposeAsync();
        await using (var connection = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            await connection.OpenAsync();
            await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this test's own.
            command.CommandText = damage;
#pragma warning restore CA2100
            (await command.ExecuteNonQueryAsync()).ShouldBeGreaterThan(0);
        }

        bench.MoveTo(bench.Disk.Current);
        await run.ShouldReadBackAsync();
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);
        TestRun more = bench.Begin(2);
        Record(bench, more, 10);
        await bench.RestartAsync();
        await run.ShouldReadBackAsync();
        await more.ShouldReadBackAsync();
        long before = bench.Disk.BytesRead;
        await bench.RestartAsync();
        (bench.Disk.BytesRead - before).ShouldBeLessThan(2 * StoreBench.ZoneBytes, "the catalog is whole again");
        await more.ShouldReadBackAsync();
    }

    private static void Record(StoreBench bench, TestRun run, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            run.Append(10, 3000).ShouldBeTrue();
            bench.Commit();
        }
    }

    private static string Told(StoreBench bench) => string.Join('\n', new ulong[] { 1, 2, 3 }.Select(id => new StreamId(id)).Select(stream =>
        $"{stream}: {string.Join(' ', bench.Store.Spans(stream, StoreBench.Ever, TimeSpan.Zero))} {string.Join(' ', bench.Store.Gaps(stream, StoreBench.Ever))}"));

    private static long SegmentsIn(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM segment";
        return (long)command.ExecuteScalar()!;
    }
}
