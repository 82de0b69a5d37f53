// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>Addresses have 64 bits. A disk of a petabyte is made whose superblock offers its last zones first, so that recording begins where 2^49 is passed.</summary>
public sealed class LargeDiskTests : IDisposable
{
    private const long Petabyte = 1L << 50;
    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-large-").FullName;

    [Fact]
    public async Task Footage_at_the_end_of_a_petabyte_is_recorded_recovered_and_read()
    {
        var clock = new SimulatedClock();
        var disk = new SparseDisk(Petabyte);
        // With a catalog, so that a start need not look at four million zones.
        var options = new StoreOptions { IsManual = true, CatalogPath = Path.Combine(_folder, "catalog") };
        await (await VideoStore.OpenAsync(disk, options, clock)).DisposeAsync();
        Superblock blank = SuperblockSet.Read(disk).Newest.ShouldNotBeNull();
        blank.Geometry.ZoneCount.ShouldBeGreaterThan(4_000_000);
        SuperblockSet.WriteFirst(disk, blank with { Sequence = blank.Sequence + 1, Spares = [.. Enumerable.Range(blank.Geometry.ZoneCount - 16, 16)] });
        disk.WrittenAt.Clear();

        VideoStore store = await VideoStore.OpenAsync(disk, options, clock);
        byte[] sent = Record(store, clock);
        disk.WrittenAt.ShouldContain(at => at > Petabyte - (17L << 28) && at < Petabyte - (1 << 20));
        (await ReadAsync(store)).ShouldBe(sent);
        await store.CrashAsync();
        await using VideoStore again = await VideoStore.OpenAsync(disk, options, clock);
        again.RecoverNow();
        (await ReadAsync(again)).ShouldBe(sent);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static byte[] Record(VideoStore store, SimulatedClock clock)
    {
        var pool = new BlockPool(1 << 20);
        byte[] sent = new byte[50_000];
        new Random(1).NextBytes(sent);
        using IStreamAppender run = store.BeginRun(new RunStart(new StreamId(1), 0, default, 90_000, new byte[] { 1 }));
        Block block = pool.TryRent(sent.Length).ShouldNotBeNull();
        sent.CopyTo(block.Span);
        run.TryAppend(new Sample(0, 0, SampleFlags.RandomAccess, WallTime.Now(clock), new BlockSlice(block, 0, sent.Length))).ShouldBeTrue();
        block.Release();
        clock.Advance(TimeSpan.FromMilliseconds(400));
        store.CommitNow();
        run.Durable.Samples.ShouldBe(1);
        return sent;
    }

    private static async Task<byte[]> ReadAsync(VideoStore store)
    {
        await foreach (StoredRecord record in store.ReadRecordsAsync(new StreamId(1), StoreBench.Ever, CancellationToken.None))
        {
            byte[] payload = new byte[record.Location.LengthBytes];
            await store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None);
            return payload;
        }

        return [];
    }
}
