// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>The same with all threads: writers for each disk, the keeper in the background, the pool's own rhythm.</summary>
public sealed class ThreadedPoolTests
{
    private static readonly StreamId Stream = new(1);

    [Theory]
    [InlineData(3, "2+1")]
    [InlineData(2, "1+1")]
    public async Task What_was_acknowledged_is_there_after_a_disk_failed_and_another_start_without_it(int count, string layout)
    {
        SimulatedClock clock = new();
        SimulatedDisk[] disks = [.. Enumerable.Range(0, count).Select(i => new SimulatedDisk(StoreBench.BlankDisk(24), seed: i))];
        StoreOptions options = new() { ZoneBytes = StoreBench.ZoneBytes, MaximumFrameBytes = 64 << 10, Layout = ChunkLayout.Parse(layout) };
        BlockPool blocks = new(64 << 20);
        int sent = 0;
        await using (VideoStore store = await VideoStore.OpenAsync(disks, options, clock))
        {
            await store.Recovered;
            using IStreamAppender run = store.BeginRun(new RunStart(Stream, 0, default, 25, new byte[] { 1 }));
            for (int commit = 0; commit < 40; commit++)
            {
                disks[^1].Faults = commit == 20 ? new DiskFaults { WriteError = 1, FlushError = 1 } : disks[^1].Faults;
                for (int i = 0; i < 8; i++)
                {
                    Append(run, blocks, sent++);
                }

                await store.NextCommitAsync(() => clock.Advance(options.CommitInterval));
            }

            while (run.Durable.Samples < sent)
            {
                await store.NextCommitAsync(() => clock.Advance(options.CommitInterval));
            }

            (await ReadAsync(store)).ShouldBe(sent);
            store.Status.Disks[^1].State.ShouldBe(DiskState.Suspect);
        }

        await using (VideoStore store = await VideoStore.OpenAsync(disks[..^1], options, clock))
        {
            await store.Recovered;
            (await ReadAsync(store)).ShouldBe(sent);
        }

        disks[^1].Faults = DiskFaults.None;
        await using (VideoStore store = await VideoStore.OpenAsync(disks, options, clock))
        {
            await store.Recovered;
            (await ReadAsync(store)).ShouldBe(sent);
        }
    }

    private static void Append(IStreamAppender run, BlockPool blocks, int number)
    {
        const int Bytes = 3000;
        Block block = blocks.TryRent(Bytes)!;
        block.Span[..Bytes].Fill((byte)number);
        run.TryAppend(new Sample(number, 0, SampleFlags.RandomAccess, StoreBench.Start + TimeSpan.FromMilliseconds(40 * number), new BlockSlice(block, 0, Bytes))).ShouldBeTrue();
        block.Release();
    }

    private static async Task<int> ReadAsync(VideoStore store)
    {
        int number = 0;
        await foreach (StoredRecord record in store.ReadRecordsAsync(Stream, StoreBench.Ever, CancellationToken.None))
        {
            byte[] payload = new byte[record.Location.LengthBytes];
            await store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None);
            int at = 0;
            foreach (StoredSample sample in record.Samples.ToArray())
            {
                payload.AsSpan(at, sample.SizeBytes).ContainsAnyExcept((byte)number).ShouldBeFalse($"sample {number}");
                at += sample.SizeBytes;
                number++;
            }
        }

        return number;
    }
}
