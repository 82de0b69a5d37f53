// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Rookery.Foundation;

using Rookery.Storage;

namespace Rookery.Recording.Tests.Fakes;

/// <summary>
/// A video store in memory that keeps the contract: what was appended is seen by queries only after <see cref="Commit"/>, which makes one record of each run that has
/// something, side by side in one chunk, as a commit of the real store does.
/// </summary>
/// <remarks>Simple rather than fast; every public member takes one lock.</remarks>
public sealed class MemoryVideoStore : IVideoStore
{
    /// <summary>Two records of different runs are one span when they are not further apart than this.</summary>
    private static readonly TimeSpan Continuity = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<StreamId, List<StoredRecord>> _records = [];
    private readonly Dictionary<StreamId, List<Gap>> _gaps = [];
    private readonly List<(StreamId Stream, Gap Gap)> _stagedGaps = [];
    private readonly List<Appender> _appenders = [];
    private readonly Dictionary<ulong, byte[]> _chunks = [];
    private readonly List<RecordLocation> _lost = [];
    private readonly ConcurrentDictionary<FormatId, byte[]> _formats = new();
    private ulong _nextRun = 1;
    private ulong _nextChunk = 1;
    private long _frames;
    private long _bytes;
    private long _dropped;
    private int _reads;
    private MemoryStream _frame = new();

    /// <summary>No room from now on: appending is refused, as when the disks do not follow.</summary>
    public bool IsFull { get; set; }

    /// <summary>Commits by itself when the run that appends has staged this much wall time; <c>null</c> leaves it to the test.</summary>
    public TimeSpan? CommitEvery { get; init; }

    /// <summary>Payload reads so far.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>The disk gives nothing before this is done.</summary>
    public Task ReadsWaitFor { get; set; } = Task.CompletedTask;

    public void Define(RetentionClass retentionClass)
    {
    }

    public IStreamAppender BeginRun(in RunStart start)
    {
        lock (_lock)
        {
            Appender appender = new(this, start, _nextRun++);
            _appenders.Add(appender);
            return appender;
        }
    }

    public void AppendGap(StreamId stream, ulong epoch, RetentionClassId retentionClass, in Gap gap)
    {
        lock (_lock)
        {
            _stagedGaps.Add((stream, gap));
        }
    }

    /// <summary>Makes everything durable that was appended.</summary>
    public void Commit()
    {
        lock (_lock)
        {
            _frames++;
            _frame = new MemoryStream();
            foreach (Appender appender in _appenders.OrderBy(appender => appender.Stream))
            {
                appender.MakeDurable();
            }

            _chunks[_nextChunk++] = _frame.ToArray();

            _appenders.RemoveAll(appender => appender.IsEnded);
            foreach ((StreamId stream, Gap gap) in _stagedGaps)
            {
                Of(_gaps, stream).Add(gap);
            }

            _stagedGaps.Clear();
        }
    }

    /// <summary>Takes a record away, as damage or retention does: queries that ran before still name it, its payload is gone.</summary>
    public void Lose(StoredRecord record)
    {
        lock (_lock)
        {
            _lost.Add(record.Location);
            _records[record.Stream].Remove(record);
        }
    }

    public IReadOnlyCollection<StreamId> Streams
    {
        get
        {
            lock (_lock)
            {
                return [.. _records.Keys.Union(_gaps.Keys).Order()];
            }
        }
    }

    public IReadOnlyList<WallRange> Spans(StreamId stream, WallRange range, TimeSpan resolution)
    {
        lock (_lock)
        {
            List<WallRange> spans = [];
            foreach (StoredRecord record in Of(_records, stream))
            {
                if (spans.Count > 0 && record.Wall.Start - spans[^1].End <= (resolution > Continuity ? resolution : Continuity))
                {
                    spans[^1] = new(spans[^1].Start, WallTime.Max(spans[^1].End, record.Wall.End));
                }
                else
                {
                    spans.Add(record.Wall);
                }
            }

            return [.. spans.Where(range.Overlaps).Select(range.Intersect)];
        }
    }

    public IReadOnlyList<Gap> Gaps(StreamId stream, WallRange range)
    {
        lock (_lock)
        {
            return [.. Of(_gaps, stream).Where(gap => range.Overlaps(gap.Range)).Select(gap => gap with { Range = range.Intersect(gap.Range) })];
        }
    }

    public async IAsyncEnumerable<StoredRecord> ReadRecordsAsync(
        StreamId stream, WallRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        StoredRecord[] found;
        lock (_lock)
        {
            found = [.. Of(_records, stream).Where(record => range.Overlaps(record.Wall))];
        }

        foreach (StoredRecord record in found)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return record;
        }

        await ValueTask.CompletedTask;
    }

    public ValueTask<StoredRecord?> FindRandomAccessAsync(StreamId stream, WallTime time, CancellationToken cancellation)
    {
        lock (_lock)
        {
            return ValueTask.FromResult(Of(_records, stream).LastOrDefault(record => HasRandomAccess(record, time)));
        }
    }

    public async ValueTask ReadPayloadAsync(RecordLocation location, int offsetBytes, Memory<byte> destination, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _reads);
        await ReadsWaitFor;
        byte[] chunk;
        lock (_lock)
        {
            bool isLost = _lost.Exists(lost => lost.Chunk == location.Chunk
                && lost.ContentOffset < location.ContentOffset + location.LengthBytes && location.ContentOffset < lost.ContentOffset + lost.LengthBytes);
            chunk = isLost ? throw new RecordLostException("The record is gone.") : _chunks[location.Chunk];
        }

        if (offsetBytes < 0 || offsetBytes + destination.Length > location.LengthBytes || location.ContentOffset + location.LengthBytes > chunk.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(offsetBytes), "The range is not inside the record.");
        }

        chunk.AsMemory((int)location.ContentOffset + offsetBytes, destination.Length).CopyTo(destination);
        if (destination.Length == location.LengthBytes && Crc32C.Compute(destination.Span) != location.Checksum)
        {
            throw new RecordLostException("The record is damaged.");
        }
    }

    public ReadOnlyMemory<byte>? Format(FormatId id) => _formats.TryGetValue(id, out byte[]? format) ? format : null;

    public StoreStatus Status
    {
        get
        {
            lock (_lock)
            {
                WallTime[] starts = [.. _records.Values.Where(list => list.Count > 0).Select(list => list[0].Wall.Start)];
                return new StoreStatus
                {
                    CapacityBytes = 1L << 40,
                    FreeBytes = (1L << 40) - _bytes,
                    Oldest = starts.Length == 0 ? null : starts.Min(),
                    CommittedFrames = _frames,
                    WrittenBytes = _bytes,
                    LastCommit = TimeSpan.Zero,
                    LongestCommit = TimeSpan.Zero,
                    RecentCommits = default,
                    DroppedSamples = _dropped,
                    Fault = null,
                    RecoveringChunks = 0,
                };
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Commit();
        return ValueTask.CompletedTask;
    }

    private static bool HasRandomAccess(StoredRecord record, WallTime time)
    {
        long ticks = 0;
        int firstOffset = record.Samples.Span[0].CompositionOffset;
        foreach (StoredSample sample in record.Samples.Span)
        {
            ticks += sample.DecodeDelta;
            double seconds = (double)(ticks + sample.CompositionOffset - firstOffset) / record.Timescale;
            if ((sample.Flags & SampleFlags.RandomAccess) != 0 && record.Wall.Start + TimeSpan.FromSeconds(seconds) <= time)
            {
                return true;
            }
        }

        return false;
    }

    private static List<T> Of<T>(Dictionary<StreamId, List<T>> lists, StreamId stream)
    {
        if (!lists.TryGetValue(stream, out List<T>? list))
        {
            lists[stream] = list = [];
        }

        return list;
    }

    private FormatId Remember(ReadOnlySpan<byte> format)
    {
        FormatId id = new(BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(format)));
        _formats.TryAdd(id, format.ToArray());
        return id;
    }

    private sealed class Appender : IStreamAppender
    {
        private readonly MemoryVideoStore _store;
        private readonly RunStart _start;
        private readonly ulong _run;
        private readonly List<(Sample Sample, byte[] Data, FormatId Format)> _staged = [];
        private FormatId _format;
        private uint _sequence;
        private long _lastDelta;

        public Appender(MemoryVideoStore store, in RunStart start, ulong run)
        {
            _store = store;
            _start = start;
            _run = run;
            _format = store.Remember(start.Format.Span);
        }

        public StreamId Stream => _start.Stream;

        public bool IsEnded { get; private set; }

        public DurableWatermark Durable { get; private set; } = new(0, 0, WallTime.MinValue, default);

        public bool TryAppend(in Sample sample)
        {
            lock (_store._lock)
            {
                if (_store.IsFull)
                {
                    _store._dropped++;
                    return false;
                }

                if (_staged.Count > 0 && _store.CommitEvery is { } most && sample.Wall - _staged[0].Sample.Wall >= most)
                {
                    _store.Commit();
                }

                _staged.Add((sample, sample.Data.Span.ToArray(), _format));
                return true;
            }
        }

        public void ChangeFormat(ReadOnlySpan<byte> format)
        {
            lock (_store._lock)
            {
                _format = _store.Remember(format);
            }
        }

        public void Dispose() => IsEnded = true;

        public void MakeDurable()
        {
            for (int from = 0; from < _staged.Count;)
            {
                int to = from + 1;
                while (to < _staged.Count && _staged[to].Format == _staged[from].Format)
                {
                    to++;
                }

                AddRecord(from, to);
                from = to;
            }

            _staged.Clear();
        }

        private void AddRecord(int from, int to)
        {
            StoredSample[] samples = new StoredSample[to - from];
            MemoryStream payload = new();
            for (int i = from; i < to; i++)
            {
                (Sample sample, byte[] data, _) = _staged[i];
                long delta = i > from ? sample.DecodeTime - _staged[i - 1].Sample.DecodeTime : 0;
                _lastDelta = delta > 0 ? delta : _lastDelta;
                samples[i - from] = new((uint)delta, sample.CompositionOffset, data.Length, sample.Flags);
                payload.Write(data);
            }

            byte[] bytes = payload.ToArray();
            Sample last = _staged[to - 1].Sample;
            WallTime end = last.Wall + (_lastDelta > 0 ? TimeSpan.FromSeconds((double)_lastDelta / _start.Timescale) : TimeSpan.FromMilliseconds(40));
            int offset = (int)_store._frame.Length;
            _store._frame.Write(bytes);
            _store._bytes += bytes.Length;
            Of(_store._records, _start.Stream).Add(new StoredRecord
            {
                Stream = _start.Stream,
                Epoch = _start.Epoch,
                Run = _run,
                Sequence = _sequence++,
                Wall = new(_staged[from].Sample.Wall, end),
                DecodeTime = _staged[from].Sample.DecodeTime,
                Timescale = _start.Timescale,
                Format = _staged[from].Format,
                Location = new(_store._nextChunk, 1, 0, int.MaxValue, offset, bytes.Length, Crc32C.Compute(bytes)),
                Samples = samples,
            });
            Durable = new(Durable.Samples + samples.Length, Durable.Bytes + bytes.Length, end, default);
        }
    }
}
