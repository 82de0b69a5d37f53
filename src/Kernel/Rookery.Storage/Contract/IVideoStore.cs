// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// The video store as the layers above see it. Appending never waits for a disk; what was appended is safe when the stream's
/// <see cref="DurableWatermark"/> has passed it, and visible to queries from then on.
/// </summary>
/// <remarks>Safe for any thread, but for one <see cref="IStreamAppender"/>, which belongs to one thread at a time.</remarks>
public interface IVideoStore : IAsyncDisposable
{
    /// <summary>Makes a class known, or changes how long it is kept. Class 0 exists from the start, without limits; the store remembers the rest across starts.</summary>
    void Define(RetentionClass retentionClass);

    /// <summary>Begins a run: what one session of a stream delivers without a gap. The appender is disposed when the session ends.</summary>
    IStreamAppender BeginRun(in RunStart start);

    /// <summary>Records that a stream has nothing in <paramref name="gap"/>. Becomes durable with the next commit.</summary>
    void AppendGap(StreamId stream, ulong epoch, RetentionClassId retentionClass, in Gap gap);

    /// <summary>Every stream with at least one durable record or gap.</summary>
    IReadOnlyCollection<StreamId> Streams { get; }

    /// <summary>The continuous durable intervals of a stream in <paramref name="range"/>, oldest first, clipped to it.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="range">What is asked for.</param>
    /// <param name="resolution">Spans closer together than this are merged; zero keeps them all.</param>
    /// <remarks>Answered from memory: a camera-month costs at most 10 ms.</remarks>
    IReadOnlyList<WallRange> Spans(StreamId stream, WallRange range, TimeSpan resolution);

    /// <summary>The recorded gaps of a stream that overlap <paramref name="range"/>, oldest first, clipped to it.</summary>
    IReadOnlyList<Gap> Gaps(StreamId stream, WallRange range);

    /// <summary>The durable records of a stream that overlap <paramref name="range"/>, oldest first. Reads footers of sealed chunks as needed.</summary>
    IAsyncEnumerable<StoredRecord> ReadRecordsAsync(StreamId stream, WallRange range, CancellationToken cancellation);

    /// <summary>
    /// The latest durable random access point at or before <paramref name="time"/>: the record that contains it, or <c>null</c>.
    /// </summary>
    ValueTask<StoredRecord?> FindRandomAccessAsync(StreamId stream, WallTime time, CancellationToken cancellation);

    /// <summary>Copies payload bytes of a record, from <paramref name="offsetBytes"/> in its payload, and verifies their checksum when the whole record is asked for.</summary>
    /// <exception cref="RecordLostException">The record is damaged beyond repair, or retention freed it meanwhile.</exception>
    ValueTask ReadPayloadAsync(RecordLocation location, int offsetBytes, Memory<byte> destination, CancellationToken cancellation);

    /// <summary>A format by its id; <c>null</c> when the store never saw it.</summary>
    ReadOnlyMemory<byte>? Format(FormatId id);

    StoreStatus Status { get; }
}

/// <summary>The writing end of a run.</summary>
public interface IStreamAppender : IDisposable
{
    /// <summary>Takes one sample. Costs no disk wait and, but for growth of a list, no allocation.</summary>
    /// <returns>
    /// <c>false</c> when the store has no room in memory (its disks do not follow): the sample was not taken, nothing of the run before it is touched, and the caller
    /// ends the run and records a gap with <see cref="GapCause.Overload"/>.
    /// </returns>
    bool TryAppend(in Sample sample);

    /// <summary>Samples from here on are of another format (parameter sets changed); begins a new record.</summary>
    void ChangeFormat(ReadOnlySpan<byte> format);

    /// <summary>How far this run is safe. Never goes back.</summary>
    DurableWatermark Durable { get; }
}

/// <summary>How far a run is on disk.</summary>
/// <param name="Samples">Samples of this run that are durable.</param>
/// <param name="Bytes">Payload bytes of this run that are durable.</param>
/// <param name="Wall">End of the durable interval; <see cref="WallTime.MinValue"/> before the first commit.</param>
/// <param name="At">When the flush that made it durable returned.</param>
public readonly record struct DurableWatermark(long Samples, long Bytes, WallTime Wall, MonotonicTime At);

/// <summary>How a run begins.</summary>
/// <param name="Stream">Whose run it is.</param>
/// <param name="Epoch">Epoch of the assignment under which it is recorded; 0 on a single machine.</param>
/// <param name="RetentionClass">Decides the head, and how long it is kept.</param>
/// <param name="Timescale">Units of decode time in a second, 1 to 10,000,000.</param>
/// <param name="Format">The coding's description, opaque to the store, at most 64 KiB.</param>
public readonly record struct RunStart(StreamId Stream, ulong Epoch, RetentionClassId RetentionClass, uint Timescale, ReadOnlyMemory<byte> Format)
{
    /// <summary>Streams that are watched together, such as picture and sound of a camera: they lie in the same chunks. <c>null</c>: the stream is alone.</summary>
    public ulong? Channel { get; init; }
}

/// <summary>Names a retention class, 0 to 255. Class 0 always exists; 255 is the store's own.</summary>
public readonly record struct RetentionClassId(byte Value)
{
    /// <summary>Copies of held footage whose own time is over. Nobody records into it.</summary>
    public static readonly RetentionClassId Held = new(255);
}

/// <summary>How long a class is kept. <c>null</c> means: until the space is needed.</summary>
/// <param name="Id">Which class.</param>
/// <param name="MaximumAge">Older chunks are freed; <c>null</c> keeps them until space runs out.</param>
/// <param name="MaximumBytes">Above it the oldest chunk is freed; <c>null</c> for no quota.</param>
/// <param name="Layout">How its chunks lie on the disks; <c>null</c> for the store's layout.</param>
public sealed record RetentionClass(RetentionClassId Id, TimeSpan? MaximumAge, long? MaximumBytes, ChunkLayout? Layout = null)
{
    public const int DefaultPriority = 50;
    public const int HighestPriority = 100;
    public const int MaximumNameLength = 100;

    /// <summary>What people call it, at most <see cref="MaximumNameLength"/> characters; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Younger chunks go only when nothing else is left that may go, and then with an alarm: recording goes on before the oldest is kept. <c>null</c>: no promise. Age and quota may still free
    /// earlier, if they are set so.
    /// </summary>
    public TimeSpan? MinimumAge { get; init; }

    /// <summary>When space is needed, footage of a lower priority goes first, 0 to <see cref="HighestPriority"/>.</summary>
    public int Priority { get; init; } = DefaultPriority;

    /// <exception cref="ArgumentOutOfRangeException">A limit is none.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfEqual(Id.Value, RetentionClassId.Held.Value, nameof(Id));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Name.Length, MaximumNameLength, nameof(Name));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MaximumAge ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(MaximumAge));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MinimumAge ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(MinimumAge));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaximumBytes ?? long.MaxValue, nameof(MaximumBytes));
        ArgumentOutOfRangeException.ThrowIfNegative(Priority, nameof(Priority));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Priority, HighestPriority, nameof(Priority));
        if (MinimumAge > MaximumAge)
        {
            throw new ArgumentOutOfRangeException(nameof(MinimumAge), MinimumAge, "A class's minimum age is not above its maximum.");
        }
    }
}

/// <summary>A format (parameter sets) the store knows: the first 16 bytes of the SHA-256 of its bytes.</summary>
public readonly record struct FormatId(UInt128 Value);

/// <summary>Where a record's payload lies.</summary>
/// <param name="Chunk">The chunk's number.</param>
/// <param name="Generation">The chunk's generation, which no other chunk ever has.</param>
/// <param name="FrameOffset">Where the frame begins in the zones of the chunk.</param>
/// <param name="PartBytes">Size of the frame's part in each column.</param>
/// <param name="ContentOffset">Where the payload begins in the frame's content.</param>
/// <param name="LengthBytes">Bytes of payload.</param>
/// <param name="Checksum">CRC-32C of the payload.</param>
public readonly record struct RecordLocation(ulong Chunk, ulong Generation, long FrameOffset, int PartBytes, int ContentOffset, int LengthBytes, uint Checksum)
{
    internal ContentPlace Place => new(FrameOffset, PartBytes, ContentOffset);
}

/// <summary>A durable record: what one commit took of one stream.</summary>
public sealed record StoredRecord
{
    public required StreamId Stream { get; init; }
    public required ulong Epoch { get; init; }

    /// <summary>Run it belongs to: unique within the stream, and growing.</summary>
    public required ulong Run { get; init; }

    /// <summary>Counts the records of the run from 0. A hole means that records between are missing.</summary>
    public required uint Sequence { get; init; }

    /// <summary>Capture time of the first sample, and the end of the last one (its nominal duration included).</summary>
    public required WallRange Wall { get; init; }

    /// <summary>Decode time of the first sample, in units of <see cref="Timescale"/>.</summary>
    public required long DecodeTime { get; init; }

    public required uint Timescale { get; init; }
    public required FormatId Format { get; init; }
    public required RecordLocation Location { get; init; }
    public required ReadOnlyMemory<StoredSample> Samples { get; init; }

    /// <summary>The first sample is a random access point.</summary>
    public bool StartsAtRandomAccess => !Samples.IsEmpty && (Samples.Span[0].Flags & SampleFlags.RandomAccess) != 0;
}

/// <summary>The payload of a record cannot be had.</summary>
public sealed class RecordLostException : IOException
{
    public RecordLostException()
    {
    }

    public RecordLostException(string message)
        : base(message)
    {
    }

    public RecordLostException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>The store at a glance.</summary>
public sealed record StoreStatus
{
    public required long CapacityBytes { get; init; }
    public required long FreeBytes { get; init; }
    public required WallTime? Oldest { get; init; }

    /// <summary>Frames written since the start, footers of chunks included: each is one write.</summary>
    public required long CommittedFrames { get; init; }

    /// <summary>Bytes of those frames.</summary>
    public required long WrittenBytes { get; init; }
    public required TimeSpan LastCommit { get; init; }
    public required TimeSpan LongestCommit { get; init; }
    public required CommitTimeSummary RecentCommits { get; init; }

    /// <summary>From the arrival of a frame's oldest sample until the frame was durable: what a power cut would have cost at most. The latest frames.</summary>
    public CommitTimeSummary ArrivalToDurable { get; init; }
    public required long DroppedSamples { get; init; }

    /// <summary>Times since the start that the disk refused to write one of its four superblocks; it takes two at once to stop recording.</summary>
    public long SuperblockErrors { get; init; }

    /// <summary>What is wrong, in words for a person; <c>null</c> when nothing is.</summary>
    public required string? Fault { get; init; }

    /// <summary>What will go wrong, or goes less well than was asked for, while all is recorded; in words for a person. Empty when nothing is.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Every disk of the pool, also those that are missing; by number.</summary>
    public IReadOnlyList<DiskStatus> Disks { get; init; } = [];

    /// <summary>Chunks that have a column less than their layout wants: what one more failure can cost.</summary>
    public int DegradedChunks { get; init; }

    /// <summary>Columns that are to be rebuilt, those that were rebuilt since the start, and columns found damaged by reads and the scrub since the start.</summary>
    public int ColumnsToRebuild { get; init; }
    public long ColumnsRebuilt { get; init; }
    public long DamagedColumnsFound { get; init; }

    /// <summary>Chunks found on the disks since the start that the catalog should have known: it is damaged, or lies on a disk that is. Nothing was lost by it.</summary>
    public long ChunksFoundAgain { get; init; }

    /// <summary>Write heads that runs are on: each has a chunk of its own in each commit.</summary>
    public int WriteHeads { get; init; }

    /// <summary>Chunks still to be verified after a start, of all that were open; both 0 when recovery is done.</summary>
    public required int RecoveringChunks { get; init; }

    /// <summary>The index is still being read, from the catalog or from the disk: spans, gaps and records of older footage may still be missing.</summary>
    public bool IsLoading { get; init; }
}

/// <summary>A disk of the pool at a glance.</summary>
/// <param name="Number">Its number in the pool.</param>
/// <param name="Name">Its path.</param>
/// <param name="State">How it is.</param>
/// <param name="CapacityBytes">Room for footage.</param>
/// <param name="FreeBytes">Of it unused.</param>
/// <param name="WrittenBytes">Written since the start.</param>
/// <param name="Errors">Reads, writes and flushes that failed since the start.</param>
/// <param name="RecentCommits">How long its latest writes with their flush took.</param>
public sealed record DiskStatus(int Number, string Name, DiskState State, long CapacityBytes, long FreeBytes, long WrittenBytes, long Errors, CommitTimeSummary RecentCommits)
{
    /// <summary>All writes with their flush since the start, counted by <see cref="CommitTimeSummary.BucketLimits"/>; one entry more than those, for what took longer. Empty for a disk that is not here.</summary>
    public IReadOnlyList<long> CommitHistogram { get; init; } = [];

    /// <summary>What the disk says of itself; <c>null</c> when it says nothing.</summary>
    public DiskHealth? Health { get; init; }

    /// <summary>A write, flush or read of it has not returned for longer than <see cref="StoreOptions.LongestDiskJob"/>.</summary>
    public bool DoesNotAnswer { get; init; }

    /// <summary>It takes several times as long as the others; nothing new is put on it where the layout can do without, and it is tried again after a while.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether it is recorded on, left in peace, or spun down.</summary>
    public DiskActivity Activity { get; init; }

    /// <summary>It takes no chunk until another disk fails.</summary>
    public bool IsSpare { get; init; }
}

/// <summary>What a disk is used for now.</summary>
public enum DiskActivity
{
    /// <summary>New footage is put on it.</summary>
    Active,

    /// <summary>It belongs to a group whose turn it is not, or is a spare.</summary>
    Idle,

    /// <summary>The same, and it has spun down. A read wakes it, which takes some 10 s.</summary>
    Standby,
}

/// <summary>How long the latest commits took, at most 150: 45 s at the default interval.</summary>
/// <param name="Count">Of how many commits this speaks; 0 before the first, and then all are zero.</param>
/// <param name="Median">Half of them took no longer.</param>
/// <param name="Percentile99">99 of 100 took no longer.</param>
/// <param name="Longest">None took longer.</param>
public readonly record struct CommitTimeSummary(int Count, TimeSpan Median, TimeSpan Percentile99, TimeSpan Longest)
{
    /// <summary>
    /// Upper ends of the buckets of a histogram, 1 ms to 10 s in steps of 1, 2, 5: from what flash takes to what a disk's own error recovery does. Fixed, so that histograms of different disks
    /// and times can be compared and added.
    /// </summary>
    public static IReadOnlyList<TimeSpan> BucketLimits { get; } = [.. new[] { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000 }.Select(ms => TimeSpan.FromMilliseconds(ms))];
}
