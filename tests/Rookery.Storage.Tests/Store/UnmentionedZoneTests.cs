// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Data.Sqlite;
using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: no footage is lost because the catalog forgot it. Method: rows are deleted from the catalog's file, and recording goes on until every zone of the disks was needed.</summary>
public sealed class UnmentionedZoneTests : IDisposable
{
    private const string SomeRows = "DELETE FROM chunk WHERE generation IN (SELECT generation FROM chunk ORDER BY generation LIMIT 2 OFFSET 1)";

    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-zones-").FullName;

    private string Path => System.IO.Path.Combine(_folder, "catalog.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("1+0", 1)]
    [InlineData("1+1", 2)]
    [InlineData("2+1", 4)]
    public async Task Chunks_that_the_catalog_forgot_are_found_before_their_zones_are_used(string layout, int disks)
    {
        using var bench = new StoreBench(zones: 30, new StoreOptions { CatalogPath = Path, Layout = ChunkLayout.Parse(layout) }, disks);
        TestRun run = bench.Begin(1);
        Record(bench, run, 50);
        await bench.Store.DisposeAsync();
        int gone = await DamageAsync(SomeRows);
        bench.MoveTo([.. bench.Disks.Select(d => d.Current)]);
        (await run.ReadBackAsync()).Count.ShouldBeLessThan(run.Sent.Count, "the damage shows");
        TestRun more = bench.Begin(2);
        // As long as something is free nothing may go.
        while (bench.Store.Status.FreeBytes > 5L * disks * StoreBench.ZoneBytes)
        {
            Record(bench, more, 1);
        }

        bench.Store.Status.ChunksFoundAgain.ShouldBe(gone);
        bench.Store.Status.DegradedChunks.ShouldBe(0);
        await run.ShouldReadBackAsync();
        (await more.ReadBackAsync()).Count.ShouldBe(more.Sent.Count);
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);

        // And the catalog knows them again.
        await bench.RestartAsync();
        await run.ShouldReadBackAsync();
        Record(bench, more = bench.Begin(3), 3);
        bench.Store.Status.ChunksFoundAgain.ShouldBe(0);
    }

    [Fact]
    public async Task A_found_chunk_bears_the_loss_of_a_disk_and_nothing_of_it_is_rebuilt_that_is_there()
    {
        using var bench = new StoreBench(zones: 30, new StoreOptions { CatalogPath = Path, Layout = new ChunkLayout(1, 1) }, disks: 3);
        TestRun run = bench.Begin(1);
        Record(bench, run, 50);
        await bench.Store.DisposeAsync();
        await DamageAsync(SomeRows);
        bench.MoveTo([.. bench.Disks.Select(d => d.Current)]);
        TestRun more = bench.Begin(2);
        while (bench.Store.Status.ChunksFoundAgain < 2 && more.Sent.Count < 600)
        {
            Record(bench, more, 1);
            (await bench.Store.RebuildNowAsync()).ShouldBe(0, "the other column is looked for first");
        }

        Record(bench, more, 30);
        bench.Store.Status.DegradedChunks.ShouldBe(0);
        for (int gone = 0; gone < 3; gone++)
        {
            bench.Missing.Add(gone);
            bench.Crash();
            await run.ShouldReadBackAsync();
            bench.Missing.Clear();
            bench.Crash();
        }
    }

    [Fact]
    public async Task Footage_that_was_too_old_does_not_come_back()
    {
        using var bench = new StoreBench(zones: 30, new StoreOptions { CatalogPath = Path });
        bench.Store.Define(new RetentionClass(default, TimeSpan.FromHours(2), null));
        TestRun run = bench.Begin(1);
        Record(bench, run, 40);
        run.Dispose();
        await bench.Store.DisposeAsync();
        await DamageAsync(SomeRows);
        bench.MoveTo([.. bench.Disks.Select(d => d.Current)]);
        bench.Clock.Advance(TimeSpan.FromHours(1));
        bench.Commit();
        // Within an hour of a jump no clock is trusted; then the days are over.
        bench.Clock.Advance(TimeSpan.FromHours(1.1));
        TestRun more = bench.Begin(2);
        while (bench.Store.Status.FreeBytes > 5L * StoreBench.ZoneBytes)
        {
            Record(bench, more, 1);
        }

        (await more.ReadBackAsync()).Count.ShouldBe(more.Sent.Count);
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_zone_with_frames_that_nobody_knows_is_left_alone_and_the_next_start_takes_them()
    {
        using var bench = new StoreBench(zones: 30, new StoreOptions { CatalogPath = Path });
        TestRun run = bench.Begin(1);
        Record(bench, run, 40);
        await bench.Store.DisposeAsync();
        await DamageAsync("DELETE FROM chunk WHERE generation = (SELECT generation FROM chunk ORDER BY generation LIMIT 1 OFFSET 1)");
        Simulation.DiskImage image = bench.Disk.Current;
        // Its footer rots as well.
        image.Flip(StoreGeometry.FirstZoneBytes + (2 * (long)StoreBench.ZoneBytes) - 10, 2);
        bench.MoveTo(image);
        TestRun more = bench.Begin(2);
        while (bench.Store.Status.FreeBytes > 5L * StoreBench.ZoneBytes)
        {
            Record(bench, more, 1);
        }

        bench.Store.Status.Fault.ShouldNotBeNull().ShouldContain("nothing is written there");
        await bench.RestartAsync();
        await run.ShouldReadBackAsync();
        (await more.ReadBackAsync()).Count.ShouldBe(more.Sent.Count);
    }

    [Fact]
    public async Task Zones_that_were_freed_in_this_run_are_not_looked_at()
    {
        using var bench = new StoreBench(zones: 24, new StoreOptions { CatalogPath = Path });
        TestRun run = bench.Begin(1);
        Record(bench, run, 300);
        await bench.RestartAsync();
        run = bench.Begin(2);
        Record(bench, run, 30);
        bench.Store.Define(new RetentionClass(default, null, null));
        long before = bench.Disk.BytesRead;
        Record(bench, run, 60);
        // What is read is the tail of each chunk that retention takes.
        (bench.Disk.BytesRead - before).ShouldBeLessThan(60L * 64 << 10);
        bench.Store.Status.ChunksFoundAgain.ShouldBe(0);
    }

    private static void Record(StoreBench bench, TestRun run, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            run.Append(2, 15_000).ShouldBeTrue();
            bench.Commit();
        }
    }

    private async Task<int> DamageAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path};Pooling=False");
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        int rows = await command.ExecuteNonQueryAsync();
        rows.ShouldBeGreaterThan(0);
        return rows;
    }
}
