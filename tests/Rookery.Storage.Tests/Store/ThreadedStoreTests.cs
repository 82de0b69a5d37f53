// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>The store as it runs in the product: its own threads, a real file, the real clock. Waits for facts, never for time.</summary>
public sealed class ThreadedStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-store-").FullName;
    private readonly BlockPool _pool = new(64 << 20);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Streams_from_many_threads_become_durable_by_themselves_and_survive_a_restart()
    {
        const int streams = 8;
        const int samples = 500;
        var options = new StoreOptions { CommitInterval = TimeSpan.FromMilliseconds(100), ZoneBytes = 1 << 20, CatalogPath = Path.Combine(_folder, "catalog.db") };
        var spec = DiskSpec.Parse(Path.Combine(_folder, "disk") + ":100M");
        await using (VideoStore store = await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(spec), options, TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(1, streams).Select(s => Task.Run(() => AppendAllAsync(store, (ulong)s, samples))));
            await CheckAsync(store, streams, samples);
        }

        await using (VideoStore store = await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(spec), options, TimeProvider.System))
        {
            await store.Recovered;
            await CheckAsync(store, streams, samples);
        }

        _pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Holds_and_classes_are_changed_while_it_records_and_are_there_after_a_restart()
    {
        var options = new StoreOptions { CommitInterval = TimeSpan.FromMilliseconds(100), ZoneBytes = 1 << 20 };
        var spec = DiskSpec.Parse(Path.Combine(_folder, "disk") + ":100M");
        var hold = new Hold
        {
            Id = "1",
            Case = "A-1",
            Streams = [new StreamRange(new StreamId(1), new StreamId(2))],
            Range = new WallRange(StoreBench.Start, StoreBench.Start + TimeSpan.FromDays(9000)),
            By = "someone",
            Made = StoreBench.Start,
        };
        await using (VideoStore store = await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(spec), options, TimeProvider.System))
        {
            Task recording = Task.Run(() => AppendAllAsync(store, 1, 300));
            await Task.WhenAll(Enumerable.Range(1, 10).Select(i => store.HoldAsync(hold with { Id = $"{i}" })));
            await store.ChangeClassAsync(new RetentionClass(new RetentionClassId(200), TimeSpan.FromDays(90), null) { Name = "vault", MinimumAge = TimeSpan.FromDays(30), Priority = 80 });
            (await store.ReleaseAsync("3")).ShouldBeTrue();
            (await store.ReleaseAsync("3")).ShouldBeFalse();
            await Should.ThrowAsync<StoreException>(() => store.HoldAsync(hold with { Range = default }));
            await recording;
        }

        await using (VideoStore store = await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(spec), options, TimeProvider.System))
        {
            await store.Recovered;
            store.Holds.Count.ShouldBe(9);
            RetentionClass vault = store.RetentionClasses.Single(c => c.Id.Value == 200);
            (vault.Name, vault.MinimumAge, vault.MaximumAge, vault.Priority).ShouldBe(("vault", TimeSpan.FromDays(30), TimeSpan.FromDays(90), 80));
            (await store.RemoveClassAsync(vault.Id)).ShouldBeTrue();
            (await store.RemoveClassAsync(new RetentionClassId(0))).ShouldBeFalse("it has footage");
        }
    }

    private async Task AppendAllAsync(VideoStore store, ulong stream, int samples)
    {
        WallTime start = WallTime.Now(TimeProvider.System);
        using IStreamAppender run = store.BeginRun(new RunStart(new StreamId(stream), 0, default, 1000, new byte[] { (byte)stream }));
        for (int i = 0; i < samples; i++)
        {
            int size = 500 + (i * 7 % 3000);
            Block block = _pool.TryRent(size)!;
            Fill(block.Span[..size], stream, i);
            run.TryAppend(new Sample(i, 0, SampleFlags.RandomAccess, start + TimeSpan.FromMilliseconds(i), new BlockSlice(block, 0, size))).ShouldBeTrue();
            block.Release();
        }

        while (run.Durable.Samples < samples)
        {
            await store.NextCommitAsync(static () => { });
        }
    }

    private static async Task CheckAsync(VideoStore store, int streams, int samples)
    {
        for (ulong stream = 1; stream <= (ulong)streams; stream++)
        {
            int number = 0;
            await foreach (StoredRecord record in store.ReadRecordsAsync(new StreamId(stream), StoreBench.Ever, CancellationToken.None))
            {
                byte[] payload = new byte[record.Location.LengthBytes];
                await store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None);
                int at = 0;
                foreach (StoredSample sample in record.Samples.ToArray())
                {
                    byte[] expected = new byte[sample.SizeBytes];
                    Fill(expected, stream, number++);
                    payload.AsSpan(at, sample.SizeBytes).SequenceEqual(expected).ShouldBeTrue($"stream {stream} sample {number}");
                    at += sample.SizeBytes;
                }
            }

            number.ShouldBe(samples);
        }
    }

    private static void Fill(Span<byte> bytes, ulong stream, int number) => new Random((int)(stream * 100_000) + number).NextBytes(bytes);
}
