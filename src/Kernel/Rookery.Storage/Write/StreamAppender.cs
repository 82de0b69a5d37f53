// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>
/// One run on its way to the disk. The session's thread puts samples into a pending list; the committer swaps the list for an empty one, places its samples
/// into frames, and publishes them when the frame is durable.
/// </summary>
/// <remarks>
/// Two owners: what stands under the lock is shared; the staged list and its cursors belong to the committer alone. Samples move
/// pending → staged → placed → published, in order, and go back from placed to staged when a frame fails.
/// </remarks>
internal sealed class StreamAppender : IStreamAppender
{
    /// <summary>A picture lasts this long when neither a next sample nor an earlier one says otherwise: 25 pictures a second.</summary>
    private static readonly TimeSpan UnknownDuration = TimeSpan.FromMilliseconds(40);

    private readonly Lock _gate = new();
    private readonly StagingBudget _budget;
    private readonly int _maximumSampleBytes;
    private readonly TimeProvider _clock;
    private StagedSample[] _pending = new StagedSample[16];
    private int _pendingCount;
    private MonotonicTime _pendingSince;
    private FormatBlob _format;
    private bool _ended;
    private DurableWatermark _durable = new(0, 0, WallTime.MinValue, default);

    private StagedSample[] _staged = new StagedSample[16];
    private uint _lastDelta;
    private (MonotonicTime At, long Bytes)? _measured;

    public StreamAppender(in RunStart start, ulong run, StreamIndex index, StagingBudget budget, int maximumSampleBytes, TimeProvider clock)
    {
        Stream = start.Stream;
        Epoch = start.Epoch;
        Class = start.RetentionClass.Value;
        Channel = start.Channel ?? start.Stream.Value;
        Timescale = start.Timescale;
        Run = run;
        Index = index;
        _format = new FormatBlob(start.Format.Span);
        _budget = budget;
        _maximumSampleBytes = maximumSampleBytes;
        _clock = clock;
    }

    public StreamId Stream { get; }
    public ulong Epoch { get; }
    public byte Class { get; }

    /// <summary>See <see cref="RunStart.Channel"/>.</summary>
    public ulong Channel { get; }

    /// <summary>The head it is written by; <c>null</c> until the committer has seen it. Belongs to the committer, as does the next.</summary>
    public WriteHead? Head { get; set; }

    /// <summary>What became durable of it lately; <c>null</c> while it is too young to tell.</summary>
    public double? BytesPerSecond { get; private set; }
    public uint Timescale { get; }
    public ulong Run { get; }
    public StreamIndex Index { get; }

    public DurableWatermark Durable
    {
        get
        {
            lock (_gate)
            {
                return _durable;
            }
        }
    }

    /// <summary>Samples the committer has, those placed in a frame, and those that are durable: <c>Published ≤ Placed ≤ StagedCount</c>.</summary>
    public int StagedCount { get; private set; }
    public int Placed { get; private set; }
    public int Published { get; private set; }

    /// <summary>When the oldest staged sample came, or one that is durable already and was staged with it.</summary>
    public MonotonicTime StagedSince { get; private set; }

    /// <summary>Number of the record that is placed next.</summary>
    public uint NextSequence { get; private set; }
    public ReadOnlySpan<StagedSample> Staged => _staged.AsSpan(0, StagedCount);

    public bool TryAppend(in Sample sample)
    {
        int length = sample.Data.Length;
        if (length > _maximumSampleBytes || !_budget.TryTake(length))
        {
            _budget.CountDropped(1);
            return false;
        }

        lock (_gate)
        {
            if (_ended)
            {
                _budget.Give(length);
                throw new ObjectDisposedException(nameof(StreamAppender));
            }

            sample.Data.Block.AddReference();
            if (_pendingCount == _pending.Length)
            {
                Array.Resize(ref _pending, _pending.Length * 2);
            }

            if (_pendingCount == 0)
            {
                // The clock is asked once a commit, not once a sample.
                _pendingSince = MonotonicTime.Now(_clock);
            }

            _pending[_pendingCount++] = new StagedSample(
                sample.DecodeTime, sample.CompositionOffset, sample.Flags, WallBounds.ClampStart(sample.Wall),
                sample.Data.Block, sample.Data.Offset, length, _format);
        }

        return true;
    }

    public void ChangeFormat(ReadOnlySpan<byte> format)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(format.Length, FormatEntry.MaximumBytes);
        var blob = new FormatBlob(format);
        lock (_gate)
        {
            _format = blob;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
        }
    }

    /// <summary>Brings <see cref="BytesPerSecond"/> up to date: the mean of what it was and what came since the last time.</summary>
    public void Measure(MonotonicTime now)
    {
        long bytes = Durable.Bytes;
        if (_measured is { } last && now > last.At)
        {
            double rate = (bytes - last.Bytes) / (now - last.At).TotalSeconds;
            BytesPerSecond = BytesPerSecond is { } before ? (before + rate) / 2 : rate;
        }

        _measured = (now, bytes);
    }

    /// <summary>Takes what is pending to the end of the staged list.</summary>
    /// <returns><c>false</c> when the run has ended and everything of it is durable: forget it.</returns>
    public bool Stage()
    {
        lock (_gate)
        {
            if (_pendingCount == 0)
            {
                return !_ended || StagedCount > 0;
            }

            if (StagedCount == 0)
            {
                (_staged, _pending) = (_pending, _staged);
                StagedCount = _pendingCount;
                StagedSince = _pendingSince;
            }
            else
            {
                if (_staged.Length - StagedCount < _pendingCount)
                {
                    Array.Resize(ref _staged, Math.Max(_staged.Length * 2, StagedCount + _pendingCount));
                }

                _pending.AsSpan(0, _pendingCount).CopyTo(_staged.AsSpan(StagedCount));
                _pending.AsSpan(0, _pendingCount).Clear();
                StagedCount += _pendingCount;
            }

            _pendingCount = 0;
            return true;
        }
    }

    /// <summary>The next <paramref name="count"/> staged samples are in a frame now, as one record.</summary>
    /// <returns>The record's number in the run.</returns>
    public uint Place(int count)
    {
        if (count > 1)
        {
            _lastDelta = (uint)(_staged[Placed + count - 1].DecodeTime - _staged[Placed + count - 2].DecodeTime);
        }

        Placed += count;
        return NextSequence++;
    }

    /// <summary>When the last of the next <paramref name="count"/> staged samples ends: when the one behind it begins, if that is here already.</summary>
    public WallTime EndOf(int count)
    {
        int last = Placed + count - 1;
        long delta = _lastDelta;
        if (last + 1 < StagedCount)
        {
            delta = _staged[last + 1].DecodeTime - _staged[last].DecodeTime;
        }
        else if (count > 1)
        {
            delta = _staged[last].DecodeTime - _staged[last - 1].DecodeTime;
        }

        TimeSpan duration = delta > 0 && delta <= Timescale * 10L
            ? TimeSpan.FromTicks(delta * TimeSpan.TicksPerSecond / Timescale)
            : UnknownDuration;
        return WallTime.Min(_staged[last].Wall + duration, WallBounds.Highest);
    }

    /// <summary>The frame that held these samples failed: they wait again, under the same record number.</summary>
    public void Unplace(int first, uint sequence)
    {
        Placed = Math.Min(Placed, first);
        NextSequence = Math.Min(NextSequence, sequence);
    }

    /// <summary>The next <paramref name="count"/> placed samples are durable: gives their blocks back and moves the watermark.</summary>
    public void Publish(int count, int bytes, WallTime end, MonotonicTime at)
    {
        Span<StagedSample> done = _staged.AsSpan(Published, count);
        foreach (ref readonly StagedSample sample in done)
        {
            sample.Block.Release();
        }

        done.Clear();
        _budget.Give(bytes);
        Published += count;
        if (Published == StagedCount)
        {
            Published = Placed = StagedCount = 0;
        }

        lock (_gate)
        {
            _durable = new DurableWatermark(_durable.Samples + count, _durable.Bytes + bytes, WallTime.Max(_durable.Wall, end), at);
        }
    }

    /// <summary>Gives up everything that is not durable: the store closes on a disk that takes no writes.</summary>
    public void Abandon()
    {
        Dispose();
        Stage();
        long bytes = 0;
        for (int i = Published; i < StagedCount; i++)
        {
            bytes += _staged[i].Length;
            _staged[i].Block.Release();
        }

        _budget.CountDropped(StagedCount - Published);
        _budget.Give(bytes);
        Array.Clear(_staged);
        Published = Placed = StagedCount = 0;
    }
}
