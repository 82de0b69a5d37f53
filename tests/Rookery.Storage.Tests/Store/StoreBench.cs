// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

/// <summary>A store without threads on a disk in memory, with a clock that stands still: the test says when a commit, a crash or a recovery happens.</summary>
internal sealed class StoreBench : IDisposable
{
    public const int ZoneBytes = 256 << 10;
    public static readonly WallTime Start = WallTime.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public static readonly WallRange Ever = new(WallTime.MinValue, WallTime.MaxValue);

    private readonly BlockPool _pool = new(256 << 20);

    /// <param name="zones">Zones of each disk.</param>
    /// <param name="options">How the store works, but for what the bench decides.</param>
    /// <param name="disks">Disks of the pool.</param>
    public StoreBench(int zones = 8, StoreOptions? options = null, int disks = 1)
    {
        Disks = [.. Enumerable.Range(0, disks).Select(i => new SimulatedDisk(BlankDisk(zones), seed: i + 1, Clock))];
        AllHooks = [.. Disks.Select(d => new HookedDisk(d))];
        var chance = new Random(7);
        Options = (options ?? new StoreOptions()) with { IsManual = true, ZoneBytes = ZoneBytes, MaximumFrameBytes = 64 << 10, Identity = 7, Draw = () => (ulong)chance.NextInt64() };
        Store = Open();
    }

    public SimulatedClock Clock { get; } = new();
    public SimulatedDisk[] Disks { get; private set; }
    public SimulatedDisk Disk => Disks[0];

    /// <summary>What the store has in its hands instead of <see cref="Disks"/>.</summary>
    public HookedDisk[] AllHooks { get; private set; }
    public HookedDisk Hooks => AllHooks[0];

    /// <summary>Disks that are not there when the store is opened.</summary>
    public HashSet<int> Missing { get; } = [];
    public StoreOptions Options { get; set; }

    /// <summary>Told how a rebuild of the index goes on, so that a test can do something in the middle of it.</summary>
    public IProgress<RebuildProgress>? Progress { get; set; }
    public VideoStore Store { get; private set; }

    /// <summary>The process is killed; the disk keeps what it was told. A new one starts, and recovers when asked.</summary>
    public void Crash(bool recover = true)
    {
        CrashTask(Store.CrashAsync());
        Store = Open();
        if (recover)
        {
            Store.RecoverNow();
        }
    }

    /// <summary>Stops in order and starts again.</summary>
    public async Task RestartAsync()
    {
        await Store.DisposeAsync();
        Store = Open();
        Store.RecoverNow();
    }

    /// <summary>The store as another process would find it on <paramref name="image"/>.</summary>
    public void MoveTo(params DiskImage[] images)
    {
        CrashTask(Store.CrashAsync());
        Disks = [.. images.Select((image, i) => new SimulatedDisk(image, seed: i + 2, Clock))];
        AllHooks = [.. Disks.Select(d => new HookedDisk(d))];
        Store = Open();
        Store.RecoverNow();
    }

    public static DiskImage BlankDisk(int zones) => new((1 << 20) + (128 << 10) + (zones * (long)ZoneBytes));

    public TestRun Begin(ulong stream, byte retentionClass = 0, byte[]? format = null) => new(this, stream, retentionClass, format ?? [1, 2, 3]);

    public void Commit()
    {
        Clock.Advance(TimeSpan.FromMilliseconds(400));
        Store.CommitNow();
    }

    public Block Rent(int bytes) => _pool.TryRent(bytes) ?? throw new InvalidOperationException("The test uses too much memory.");

    public long BytesHeld => _pool.RentedBytes;

    public void Dispose() => CrashTask(Store.CrashAsync());

    private VideoStore Open()
    {
        Task<VideoStore> opening = VideoStore.OpenAsync([.. AllHooks.Where((_, i) => !Missing.Contains(i))], Options, Clock, Progress);
        opening.IsCompleted.ShouldBeTrue();
#pragma warning disable VSTHRD002 // A store without threads opens at once.
        return opening.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
    }

    private static void CrashTask(ValueTask crash)
    {
        crash.IsCompletedSuccessfully.ShouldBeTrue();
    }
}

/// <summary>A camera of a test: 25 pictures a second, each filled with bytes that follow from its number; every 25th is a random access point.</summary>
internal sealed class TestRun : IDisposable
{
    private readonly StoreBench _bench;
    private readonly WallTime _start;

    public TestRun(StoreBench bench, ulong stream, byte retentionClass, byte[] format)
    {
        _bench = bench;
        Stream = new StreamId(stream);
        _start = WallTime.Now(bench.Clock);
        Appender = bench.Store.BeginRun(new RunStart(Stream, 0, new RetentionClassId(retentionClass), 90_000, format));
    }

    public StreamId Stream { get; }
    public IStreamAppender Appender { get; }
    public List<byte[]> Sent { get; } = [];
    public WallTime WallOf(int sample) => _start + TimeSpan.FromMilliseconds(40 * sample);

    /// <summary>Appends <paramref name="count"/> pictures of <paramref name="bytes"/> bytes.</summary>
    public bool Append(int count, int bytes)
    {
        for (int i = 0; i < count; i++)
        {
            int number = Sent.Count;
            byte[] content = new byte[bytes];
            new Random((int)(Stream.Value * 1_000_003) + number).NextBytes(content);
            Block block = _bench.Rent(bytes);
            content.CopyTo(block.Span);
            bool taken = Appender.TryAppend(new Sample(
                number * 3600L, 0, number % 25 == 0 ? SampleFlags.RandomAccess : SampleFlags.None, WallOf(number), new BlockSlice(block, 0, bytes)));
            block.Release();
            if (!taken)
            {
                return false;
            }

            Sent.Add(content);
        }

        return true;
    }

    /// <summary>Everything stored of the stream, sample by sample.</summary>
    public async Task<List<byte[]>> ReadBackAsync()
    {
        var result = new List<byte[]>();
        await foreach (StoredRecord record in _bench.Store.ReadRecordsAsync(Stream, StoreBench.Ever, CancellationToken.None))
        {
            byte[] payload = new byte[record.Location.LengthBytes];
            await _bench.Store.ReadPayloadAsync(record.Location, 0, payload, CancellationToken.None);
            int at = 0;
            foreach (StoredSample sample in record.Samples.ToArray())
            {
                result.Add(payload[at..(at + sample.SizeBytes)]);
                at += sample.SizeBytes;
            }
        }

        return result;
    }

    /// <summary>What is stored is exactly what was sent, or its first <paramref name="samples"/> samples.</summary>
    public async Task ShouldReadBackAsync(int? samples = null)
    {
        List<byte[]> stored = await ReadBackAsync();
        stored.Count.ShouldBe(samples ?? Sent.Count);
        for (int i = 0; i < stored.Count; i++)
        {
            stored[i].ShouldBe(Sent[i], $"sample {i}");
        }
    }

    public void Dispose() => Appender.Dispose();
}
