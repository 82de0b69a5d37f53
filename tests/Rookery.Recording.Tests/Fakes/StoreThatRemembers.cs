// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Recording.Tests;

/// <summary>
/// A store in which nothing becomes durable before the test says <see cref="Commit"/>, and which can be told to have no room. Remembers runs and gaps for the test to look at.
/// </summary>
internal sealed class StoreThatRemembers(TimeProvider clock) : IVideoStore
{
    private readonly Lock _lock = new();

    public List<Run> Runs { get; } = [];

    public List<(StreamId Stream, Gap Gap)> WrittenGaps { get; } = [];

    public List<RetentionClass> Classes { get; } = [];

    public bool HasRoom { get; set; } = true;

    public int RecoveringChunks { get; set; }

    public IReadOnlyCollection<StreamId> Streams => [.. Runs.Select(run => run.Start.Stream).Distinct()];

    public StoreStatus Status => new()
    {
        CapacityBytes = 1, FreeBytes = 1, Oldest = null, CommittedFrames = 0, WrittenBytes = 0, LastCommit = TimeSpan.Zero,
        LongestCommit = TimeSpan.Zero, DroppedSamples = 0, Fault = null, RecoveringChunks = RecoveringChunks,
        RecentCommits = default,
    };

    /// <summary>Whether the disk has a place for a class.</summary>
    public Func<RetentionClass, bool> TakesClass { get; set; } = _ => true;

    /// <summary>Streams whose spans cannot be had.</summary>
    public Func<StreamId, bool>? FaultOfSpans { get; set; }

    public void Define(RetentionClass retentionClass)
    {
        if (!TakesClass(retentionClass))
        {
            throw new StoreException("A disk holds footage of at most 24 different retention times.");
        }

        Classes.Add(retentionClass);
    }

    public IStreamAppender BeginRun(in RunStart start)
    {
        lock (_lock)
        {
            Run run = new(this, start);
            Runs.Add(run);
            return run;
        }
    }

    public void AppendGap(StreamId stream, ulong epoch, RetentionClassId retentionClass, in Gap gap) => WrittenGaps.Add((stream, gap));

    /// <summary>Everything appended so far becomes durable now.</summary>
    public void Commit()
    {
        foreach (Run run in Runs)
        {
            run.Commit(MonotonicTime.Now(clock));
        }
    }

    public IReadOnlyList<WallRange> Spans(StreamId stream, WallRange range, TimeSpan resolution)
    {
        if (FaultOfSpans?.Invoke(stream) == true)
        {
            throw new InvalidDataException("the index is damaged");
        }

        return [.. Runs.Where(run => run.Start.Stream == stream && run.Durable.Samples > 0)
            .Select(run => new WallRange(run.Samples[0].Wall, run.Durable.Wall).Intersect(range)).Where(span => !span.IsEmpty)];
    }

    public IReadOnlyList<Gap> Gaps(StreamId stream, WallRange range) =>
        [.. WrittenGaps.Where(gap => gap.Stream == stream && gap.Gap.Range.Overlaps(range)).Select(gap => gap.Gap with { Range = gap.Gap.Range.Intersect(range) })
            .OrderBy(gap => gap.Range.Start)];

    public IAsyncEnumerable<StoredRecord> ReadRecordsAsync(StreamId stream, WallRange range, CancellationToken cancellation) =>
        throw new NotSupportedException("This store is only written to.");

    public ValueTask<StoredRecord?> FindRandomAccessAsync(StreamId stream, WallTime time, CancellationToken cancellation) =>
        throw new NotSupportedException("This store is only written to.");

    public ValueTask ReadPayloadAsync(RecordLocation location, int offsetBytes, Memory<byte> destination, CancellationToken cancellation) =>
        throw new NotSupportedException("This store is only written to.");

    public ReadOnlyMemory<byte>? Format(FormatId id) => null;

    public ValueTask DisposeAsync() => default;

    internal sealed class Run(StoreThatRemembers store, RunStart start) : IStreamAppender
    {
        public RunStart Start { get; } = start;

        public List<Sample> Samples { get; } = [];

        public List<byte[]> Formats { get; } = [start.Format.ToArray()];

        public bool IsClosed { get; private set; }

        public DurableWatermark Durable { get; private set; } = new(0, 0, WallTime.MinValue, new MonotonicTime(0));

        public bool TryAppend(in Sample sample)
        {
            IsClosed.ShouldBeFalse("a closed run was appended to");
            if (store.HasRoom)
            {
                Samples.Add(sample);
            }

            return store.HasRoom;
        }

        public void ChangeFormat(ReadOnlySpan<byte> format) => Formats.Add(format.ToArray());

        public void Dispose() => IsClosed = true;

        internal void Commit(MonotonicTime now)
        {
            if (Samples.Count > Durable.Samples)
            {
                Durable = new DurableWatermark(Samples.Count, Samples.Sum(sample => sample.Data.Length), Samples[^1].Wall + TimeSpan.FromMilliseconds(40), now);
            }
        }
    }
}
