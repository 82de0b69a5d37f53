// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Http.Tests;

/// <summary>A store that answers what a test put into it, and takes nothing.</summary>
internal sealed class IdleStore : IVideoStore
{
    public string? Fault { get; set; }

    public Dictionary<StreamId, List<WallRange>> Recorded { get; } = [];

    public Dictionary<StreamId, List<Gap>> Missing { get; } = [];

    public IReadOnlyCollection<StreamId> Streams => Recorded.Keys;

    public StoreStatus Status => new()
    {
        CapacityBytes = 1_000_000_000,
        FreeBytes = 600_000_000,
        Oldest = new WallTime(1_700_000_000_000_000),
        CommittedFrames = 10,
        WrittenBytes = 400_000_000,
        LastCommit = TimeSpan.FromMilliseconds(12),
        LongestCommit = TimeSpan.FromMilliseconds(30),
        RecentCommits = new CommitTimeSummary(150, TimeSpan.FromMilliseconds(11), TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(29)),
        ArrivalToDurable = new CommitTimeSummary(150, TimeSpan.FromMilliseconds(310), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(433.25)),
        DroppedSamples = 0,
        Fault = Fault,
        RecoveringChunks = 0,
    };

    public IReadOnlyList<WallRange> Spans(StreamId stream, WallRange range, TimeSpan resolution) =>
        [.. Recorded.GetValueOrDefault(stream, []).Where(range.Overlaps).Select(range.Intersect)];

    public IReadOnlyList<Gap> Gaps(StreamId stream, WallRange range) =>
        [.. Missing.GetValueOrDefault(stream, []).Where(gap => range.Overlaps(gap.Range)).Select(gap => gap with { Range = range.Intersect(gap.Range) })];

    public void Define(RetentionClass retentionClass)
    {
    }

    public IStreamAppender BeginRun(in RunStart start) => new Appender();

    public void AppendGap(StreamId stream, ulong epoch, RetentionClassId retentionClass, in Gap gap)
    {
    }

    public async IAsyncEnumerable<StoredRecord> ReadRecordsAsync(
        StreamId stream, WallRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        yield break;
    }

    public ValueTask<StoredRecord?> FindRandomAccessAsync(StreamId stream, WallTime time, CancellationToken cancellation) => new((StoredRecord?)null);

    public ValueTask ReadPayloadAsync(RecordLocation location, int offsetBytes, Memory<byte> destination, CancellationToken cancellation) =>
        throw new RecordLostException("nothing is stored here");

    public ReadOnlyMemory<byte>? Format(FormatId id) => null;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Appender : IStreamAppender
    {
        public DurableWatermark Durable => new(0, 0, WallTime.MinValue, default);

        public bool TryAppend(in Sample sample) => true;

        public void ChangeFormat(ReadOnlySpan<byte> format)
        {
        }

        public void Dispose()
        {
        }
    }
}
