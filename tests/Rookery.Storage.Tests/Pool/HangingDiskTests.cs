// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>
/// Goal: a disk of a pool that hangs holds up recording, viewers and a stop for a bounded time only, and what it writes when it goes on harms nothing. Method: the store with its own
/// threads, disks whose calls are held by the test, a clock that the test moves; so no timing decides.
/// </summary>
public sealed class HangingDiskTests : IDisposable
{
    private const int SampleBytes = 3000;
    private static readonly StreamId Stream = new(1);
    private readonly SimulatedClock _clock = new();
    private readonly BlockPool _blocks = new(64 << 20);
    private GatedDisk[] _disks = [];
    private int _sent;

    public void Dispose()
    {
        foreach (GatedDisk disk in _disks)
        {
            disk.GoOn();
        }
    }

    [Theory]
    [InlineData(2, "1+0", false)]
    [InlineData(2, "1+1", true)]
    [InlineData(3, "2+1", false)]
    [InlineData(4, "2+1", true)]
    public async Task Recording_goes_on_without_a_disk_that_hangs_and_takes_it_back_when_it_answers(int disks, string layout, bool inFlush)
    {
        VideoStore store = await OpenAsync(disks, layout);
        await using (store)
        {
            IStreamAppender run = store.BeginRun(new RunStart(Stream, 0, default, 25, new byte[] { 1 }));
            await RecordAsync(store, run, commits: 12);
            GatedDisk victim = _disks[^1];
            await HangAsync(store, run, victim, inFlush);
            await UntilAsync(store, () => run.Durable.Samples == _sent && store.Status.Disks[^1] is { State: DiskState.Suspect, DoesNotAnswer: true });
            store.Status.Fault.ShouldNotBeNull().ShouldContain("not answered");

            // Chunks are sealed, opened, given up: it gets nothing of that.
            int calls = victim.Calls;
            await RecordAsync(store, run, commits: 60);
            victim.Calls.ShouldBe(calls);
            victim.MemoryWasReused.ShouldBeFalse();

            victim.GoOn();
            await UntilAsync(store, () => store.Status.Disks[^1] is { State: DiskState.Online, DoesNotAnswer: false });
            victim.MemoryWasReused.ShouldBeFalse();
            await RecordAsync(store, run, commits: 20);
            store.Status.Fault.ShouldNotBeNull().ShouldContain("took writes again");
            await ShouldReadBackAsync(store);
            run.Dispose();
        }

        await using VideoStore again = await VideoStore.OpenAsync(_disks, Options(layout), _clock);
        await again.Recovered;
        await ShouldReadBackAsync(again);
    }

    [Fact]
    public async Task A_disk_that_never_answers_again_is_called_failed_and_the_store_still_closes()
    {
        VideoStore store = await OpenAsync(3, "1+1");
        IStreamAppender run = store.BeginRun(new RunStart(Stream, 0, default, 25, new byte[] { 1 }));
        await RecordAsync(store, run, commits: 12);
        await HangAsync(store, run, _disks[2], inFlush: false);
        await UntilAsync(store, () => run.Durable.Samples == _sent);
        _clock.Advance(TimeSpan.FromMinutes(3));
        await UntilAsync(store, () => store.Status.Disks[2].State == DiskState.Failed);
        run.Dispose();

        // Ends while the disk hangs, or the test does not.
        await store.DisposeAsync();
        await using VideoStore again = await VideoStore.OpenAsync(_disks[..2], Options("1+1"), _clock);
        await again.Recovered;
        await ShouldReadBackAsync(again);
        _disks[2].GoOn();
        _disks[2].MemoryWasReused.ShouldBeFalse();
    }

    [Theory]
    [InlineData("reads")]
    [InlineData("writes")]
    [InlineData("flushes")]
    public async Task A_new_disk_that_hangs_holds_up_whoever_adds_it_and_not_the_recording(string calls)
    {
        await using VideoStore store = await OpenAsync(2, "1+1");
        using IStreamAppender run = store.BeginRun(new RunStart(Stream, 0, default, 25, new byte[] { 1 }));
        var added = new GatedDisk(new SimulatedDisk(StoreBench.BlankDisk(24), seed: 9, _clock));
        _disks = [.. _disks, added];
        (calls == "reads" ? (Action)added.HangInReads : calls == "writes" ? added.HangInWrites : added.HangInFlushes)();
        Task<int> adding = store.AddDiskAsync(added);
        await added.Hangs.Task;
        await RecordAsync(store, run, commits: 20);
        adding.IsCompleted.ShouldBeFalse();
        added.GoOn();
        (await adding).ShouldBe(2);
        await RecordAsync(store, run, commits: 60);
        store.Status.Disks[2].WrittenBytes.ShouldBePositive();
        await ShouldReadBackAsync(store);
    }

    [Fact]
    public async Task The_only_disk_is_waited_for_and_a_store_that_closes_waits_half_a_minute()
    {
        VideoStore store = await OpenAsync(1, "1+0");
        IStreamAppender run = store.BeginRun(new RunStart(Stream, 0, default, 25, new byte[] { 1 }));
        await RecordAsync(store, run, commits: 3);
        int durable = _sent;
        await HangAsync(store, run, _disks[0], inFlush: false, advance: false);
        _clock.Advance(TimeSpan.FromMinutes(10));
        store.Status.Fault.ShouldNotBeNull().ShouldContain("600 s");
        store.Status.Disks[0].State.ShouldBe(DiskState.Online);
        run.Durable.Samples.ShouldBe(durable);

        Task closing = store.DisposeAsync().AsTask();
        while (!closing.IsCompleted)
        {
            // In steps, so that it is seen to end whenever it began.
            _clock.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(closing, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }

        await closing;
        _disks[0].MemoryWasReused.ShouldBeFalse();
    }

    [Fact]
    public async Task Viewers_read_around_a_disk_that_hangs_and_the_pool_goes_on_freeing()
    {
        await using VideoStore store = await OpenAsync(3, "2+1");
        using IStreamAppender run = store.BeginRun(new RunStart(Stream, 0, default, 25, new byte[] { 1 }));
        await RecordAsync(store, run, commits: 30);
        int[] before = [.. _disks.Select(d => d.ReadCalls)];
        await ShouldReadBackAsync(store);
        // Where what is asked for again lies, whatever lot the columns have drawn.
        int number = Enumerable.Range(0, _disks.Length).MaxBy(i => _disks[i].ReadCalls - before[i]);
        GatedDisk victim = _disks[number];
        victim.HangInReads();
        Task viewer = ShouldReadBackAsync(store);
        await victim.Hangs.Task;
        // Each read that was at the disk already is left once its time is over; no later one waits.
        while (!viewer.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(viewer, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }

        await viewer;
        store.Status.Disks[number].DoesNotAnswer.ShouldBeTrue();
        store.Status.DamagedColumnsFound.ShouldBe(0);
        // Fills the disks, so that retention reads footers.
        await RecordAsync(store, run, commits: 200);
        victim.GoOn();
        await UntilAsync(store, () => !store.Status.Disks[number].DoesNotAnswer);
    }

    /// <summary>The same for each job of a disk, without threads: what it wrote lands twenty seconds late, in one piece.</summary>
    [Theory]
    [InlineData(2, "1+0")]
    [InlineData(2, "1+1")]
    [InlineData(4, "2+1")]
    public async Task Whichever_job_hangs_nothing_is_lost_also_when_the_machine_crashes_before_or_after_it_lands(int disks, string layout)
    {
        int jobs = int.MaxValue;
        for (int job = 0; job < jobs; job += 5)
        {
            using var bench = new StoreBench(zones: 24, new StoreOptions { Layout = ChunkLayout.Parse(layout) }, disks);
            TestRun[] runs = [bench.Begin(1), bench.Begin(2)];
            int first = bench.Disks[0].Jobs;
            bench.Disks[0].Faults = new DiskFaults { HangingJob = first + job };
            LayoutTests.Record(bench, runs, commits: 30);
            foreach (TestRun run in runs)
            {
                run.Appender.Durable.Samples.ShouldBe(run.Sent.Count, $"job {job}");
            }

            await LayoutTests.ShouldReadBackAsync(runs);
            if (job % 2 == 0)
            {
                bench.Clock.Advance(TimeSpan.FromSeconds(30));
                LayoutTests.Record(bench, runs, commits: 10);
                bench.Store.Status.Disks[0].State.ShouldBe(DiskState.Online, $"job {job}");
                bench.Store.Status.Disks[0].DoesNotAnswer.ShouldBeFalse();
                await LayoutTests.ShouldReadBackAsync(runs);
            }

            jobs = Math.Min(jobs, Math.Max(bench.Disks[0].Jobs - first, job + 1));
            bench.Crash();
            await LayoutTests.ShouldReadBackAsync(runs);
        }
    }

    private async Task<VideoStore> OpenAsync(int disks, string layout)
    {
        _disks = [.. Enumerable.Range(0, disks).Select(i => new GatedDisk(new SimulatedDisk(StoreBench.BlankDisk(24), seed: i)))];
        VideoStore store = await VideoStore.OpenAsync(_disks, Options(layout), _clock);
        await store.Recovered;
        return store;
    }

    private static StoreOptions Options(string layout) => new() { ZoneBytes = StoreBench.ZoneBytes, MaximumFrameBytes = 64 << 10, Layout = ChunkLayout.Parse(layout), ScrubBytesPerSecond = 0 };

    /// <summary>Records until a call of the disk hangs, and lets the time go by that it is waited for.</summary>
    private async Task HangAsync(VideoStore store, IStreamAppender run, GatedDisk disk, bool inFlush, bool advance = true)
    {
        if (inFlush)
        {
            disk.HangInFlushes();
        }
        else
        {
            disk.HangInWrites();
        }

        while (!disk.Hangs.Task.IsCompleted)
        {
            Append(run, 8);
            await Task.WhenAny(disk.Hangs.Task, store.NextCommitAsync(() => _clock.Advance(TimeSpan.FromMilliseconds(300))));
        }

        if (advance)
        {
            _clock.Advance(TimeSpan.FromSeconds(3));
        }
    }

    private async Task RecordAsync(VideoStore store, IStreamAppender run, int commits)
    {
        for (int commit = 0; commit < commits; commit++)
        {
            Append(run, 8);
            await store.NextCommitAsync(() => _clock.Advance(TimeSpan.FromMilliseconds(300)));
        }

        await UntilAsync(store, () => run.Durable.Samples == _sent);
    }

    private async Task UntilAsync(VideoStore store, Func<bool> fact)
    {
        while (!fact())
        {
            await store.NextCommitAsync(() => _clock.Advance(TimeSpan.FromMilliseconds(300)));
        }
    }

    private void Append(IStreamAppender run, int count)
    {
        for (int i = 0; i < count; i++, _sent++)
        {
            Block block = _blocks.TryRent(SampleBytes)!;
            block.Span[..SampleBytes].Fill((byte)_sent);
            run.TryAppend(new Sample(_sent, 0, SampleFlags.RandomAccess, StoreBench.Start + TimeSpan.FromMilliseconds(40 * _sent), new BlockSlice(block, 0, SampleBytes))).ShouldBeTrue();
            block.Release();
        }
    }

    /// <summary>All that was sent is there, but for what retention took from the front.</summary>
    private async Task ShouldReadBackAsync(VideoStore store)
    {
        int? next = null;
        int sent = _sent;
        await foreach (StoredRecord record in store.ReadRecordsAsync(Stream, StoreBench.Ever, CancellationToken.None))
        {
            byte[] payload = new byte[record.Location.LengthBytes];
            await store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None);
            int at = 0;
            foreach (StoredSample sample in record.Samples.ToArray())
            {
                next ??= (int)((record.Wall.Start - StoreBench.Start).TotalMilliseconds / 40);
                payload.AsSpan(at, sample.SizeBytes).ContainsAnyExcept((byte)next).ShouldBeFalse($"sample {next}");
                at += sample.SizeBytes;
                next++;
            }
        }

        next.ShouldBe(sent);
    }
}
