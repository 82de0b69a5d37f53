// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

/// <summary>A disk that was away holds columns of chunks that retention has freed meanwhile.</summary>
public sealed class StaleColumnTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rookery-stale-").FullName;

    /// <summary>
    /// The catalog that was made without the disk knows nothing of it, so all that its superblock tells is news; but that the chunk is gone another disk has said long ago. Taken back, its one column would be a span
    /// on the timeline of which nothing can be read.
    /// </summary>
    [Fact]
    public async Task What_was_freed_while_a_disk_was_away_stays_away_though_the_catalog_was_made_without_the_disk()
    {
        using var bench = new StoreBench(zones: 10, new StoreOptions { Layout = new ChunkLayout(2, 1), CatalogPath = Path("one.db") }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 80);
        bench.Missing.Add(0);
        bench.Options = bench.Options with { CatalogPath = Path("two.db") };
        bench.Crash();
        using TestRun next = bench.Begin(1);
        LayoutTests.Record(bench, [next], commits: 140);
        await bench.RestartAsync();
        Foundation.WallTime oldest = bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start;
        oldest.ShouldBeGreaterThan(run.WallOf(0), "retention has freed nothing: the test needs more commits");
        bench.Missing.Clear();
        bench.Crash();
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start.ShouldBe(oldest);
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        records[0].Wall.Start.ShouldBe(oldest);
    }

    /// <summary>Two of a chunk's three disks are away when retention frees it, and come back one after the other: the second when only the first can say what became of the chunk.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("catalog.db")]
    public async Task What_a_disk_is_told_was_freed_it_remembers_for_those_that_come_back_later(string? catalog)
    {
        using var bench = new StoreBench(zones: 10, new StoreOptions { Layout = new ChunkLayout(1, 2), CatalogPath = catalog is null ? null : Path(catalog) }, disks: 3);
        TestRun run = bench.Begin(1);
        LayoutTests.Record(bench, [run], commits: 60);
        bench.Missing.UnionWith([1, 2]);
        await bench.RestartAsync();
        using (TestRun next = bench.Begin(2))
        {
            LayoutTests.Record(bench, [next], commits: 60);
        }

        Foundation.WallTime oldest = bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start;
        oldest.ShouldBeGreaterThan(run.WallOf(0), "retention has freed nothing: the test needs more commits");
        bench.Missing.Remove(1);
        await bench.RestartAsync();
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start.ShouldBe(oldest);
        LookAtZones(bench);
        bench.Missing.Clear();
        bench.Missing.Add(0);
        await bench.RestartAsync();
        LookAtZones(bench);
        bench.Store.Spans(run.Stream, StoreBench.Ever, TimeSpan.Zero)[0].Start.ShouldBe(oldest);
    }

    /// <summary>With a catalog one zone of each disk is looked at behind each commit.</summary>
    private static void LookAtZones(StoreBench bench)
    {
        for (int zone = 0; zone < 10; zone++)
        {
            bench.Commit();
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private string Path(string name) => System.IO.Path.Combine(_directory, name);
}
