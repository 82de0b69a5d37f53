// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Goal: a disk that hangs for half a minute and then goes on costs nothing that was taken, holds up no camera, and needs nobody's help. Method: the store with its own threads, a disk
/// whose writes are held by the test, a clock that the test moves.
/// </summary>
public sealed class StallTests : IDisposable
{
    private const int SampleBytes = 4096;
    private const int BudgetBytes = 1 << 20;
    private readonly SimulatedClock _clock = new();
    private readonly BlockPool _pool = new(64 << 20);
    private readonly ManualResetEventSlim _goOn = new(initialState: true);
    private readonly TaskCompletionSource _hangs = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HookedDisk _disk;

    public StallTests()
    {
        _disk = new HookedDisk(new SimulatedDisk(new DiskImage((1 << 20) + (128 << 10) + (32 * (long)StoreBench.ZoneBytes))))
        {
            BeforeWrite = _ =>
            {
                if (!_goOn.IsSet)
                {
                    _hangs.TrySetResult();
                    _goOn.Wait();
                }
            },
        };
    }

    public void Dispose()
    {
        _goOn.Set();
        _goOn.Dispose();
    }

    [Fact]
    public async Task A_disk_that_hangs_for_half_a_minute_blocks_nobody_and_everything_taken_is_durable_when_it_goes_on()
    {
        await using VideoStore store = await VideoStore.OpenAsync(
            _disk, new StoreOptions { MemoryBudgetBytes = BudgetBytes, ZoneBytes = StoreBench.ZoneBytes, MaximumFrameBytes = 64 << 10 }, _clock);
        await store.Recovered;
        var stream = new StreamId(1);
        using IStreamAppender run = store.BeginRun(new RunStart(stream, 0, default, 25, new byte[] { 1 }));
        int taken = 0;
        for (; taken < 10; taken++)
        {
            Append(run, taken).ShouldBeTrue();
        }

        await UntilAsync(store, () => run.Durable.Samples == taken);
        _goOn.Reset();
        Append(run, taken++).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        await _hangs.Task;

        // All of this returns while the disk hangs, or the test does not end.
        while (Append(run, taken))
        {
            taken++;
        }

        store.AppendGap(new StreamId(2), 0, default, new Gap(new WallRange(StoreBench.Start, StoreBench.Start + TimeSpan.FromSeconds(1)), GapCause.Overload));
        taken.ShouldBe(10 + (BudgetBytes / SampleBytes));
        _pool.RentedBytes.ShouldBeLessThanOrEqualTo(BudgetBytes);
        run.Durable.Samples.ShouldBe(10);
        _clock.Advance(TimeSpan.FromSeconds(30));
        store.Status.Fault.ShouldNotBeNull().ShouldContain("30 s");
        store.Status.DroppedSamples.ShouldBe(1);
        store.Spans(stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);
        (await ReadBackAsync(store, stream)).ShouldBe(10);

        _goOn.Set();
        await UntilAsync(store, () => run.Durable.Samples == taken);
        Append(run, taken++).ShouldBeTrue();
        await UntilAsync(store, () => run.Durable.Samples == taken);
        store.Status.Fault.ShouldBeNull();
        (await ReadBackAsync(store, stream)).ShouldBe(taken);
        store.Gaps(new StreamId(2), StoreBench.Ever).Count.ShouldBe(1);
        _pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Viewers_of_a_disk_that_hangs_hold_no_thread_of_the_pool()
    {
        await using VideoStore store = await VideoStore.OpenAsync(_disk, new StoreOptions { ZoneBytes = StoreBench.ZoneBytes, MaximumFrameBytes = 64 << 10 }, _clock);
        await store.Recovered;
        var stream = new StreamId(1);
        using IStreamAppender run = store.BeginRun(new RunStart(stream, 0, default, 25, new byte[] { 1 }));
        int taken = 0;
        // Enough for a chunk that is sealed, so that its records are asked of the disk.
        for (; taken < 2 * StoreBench.ZoneBytes / SampleBytes; taken++)
        {
            Append(run, taken).ShouldBeTrue();
        }

        await UntilAsync(store, () => run.Durable.Samples == taken);
        int onThePool = 0;
        _disk.BeforeRead = () =>
        {
            onThePool += Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;
            _goOn.Wait();
        };
        _goOn.Reset();
        Task<int>[] viewers = [.. Enumerable.Range(0, 50).Select(_ => ReadBackAsync(store, stream))];
        viewers.ShouldAllBe(viewer => !viewer.IsCompleted);
        _goOn.Set();
        (await Task.WhenAll(viewers)).ShouldAllBe(samples => samples == taken);
        onThePool.ShouldBe(0);
    }

    /// <summary>Lets one commit after the other come until <paramref name="fact"/> holds.</summary>
    private async Task UntilAsync(VideoStore store, Func<bool> fact)
    {
        while (!fact())
        {
            await store.NextCommitAsync(() => _clock.Advance(TimeSpan.FromMilliseconds(400)));
        }
    }

    private bool Append(IStreamAppender run, int number)
    {
        Block block = _pool.TryRent(SampleBytes)!;
        block.Span[..SampleBytes].Fill((byte)number);
        bool taken = run.TryAppend(new Sample(number, 0, SampleFlags.RandomAccess, StoreBench.Start + TimeSpan.FromMilliseconds(40 * number), new BlockSlice(block, 0, SampleBytes)));
        block.Release();
        return taken;
    }

    private static async Task<int> ReadBackAsync(VideoStore store, StreamId stream)
    {
        int number = 0;
        await foreach (StoredRecord record in store.ReadRecordsAsync(stream, StoreBench.Ever, CancellationToken.None))
        {
            byte[] payload = new byte[record.Location.LengthBytes];
            await store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None);
            for (int i = 0; i < record.Samples.Length; i++, number++)
            {
                payload.AsSpan(i * SampleBytes, SampleBytes).ContainsAnyExcept((byte)number).ShouldBeFalse($"sample {number}");
            }
        }

        return number;
    }
}
