// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>Plays a workload against a store on one thread, and writes down in the model what was handed over and what was acknowledged.</summary>
internal sealed class WorkloadPlayer : IAsyncDisposable
{
    private const uint Timescale = 90_000;
    private const int FrameTicks = 3600;

    private readonly Workload _workload;
    private readonly SimulatedPool _disks;
    private readonly SimulatedClock _clock;
    private readonly BlockPool _blocks = new(64 << 20);
    private readonly Session?[] _sessions;
    private readonly byte[][] _formats;
    private readonly WallTime[] _times;
    private readonly List<Session> _ended = [];
    private VideoStore _store;
    private bool _isClosed;
    private bool _isRecovered;
    private int _commits;

    private WorkloadPlayer(Workload workload, SimulatedPool disks, SimulatedClock clock, AcknowledgedLog log, VideoStore store)
    {
        _workload = workload;
        _disks = disks;
        _clock = clock;
        _store = store;
        Log = log;
        _sessions = new Session?[workload.Streams];
        _times = new WallTime[workload.Streams];
        _formats = [.. Enumerable.Range(0, workload.Streams).Select(stream => FormatOf(stream, 0))];
    }

    public AcknowledgedLog Log { get; }

    public VideoStore Store => _store;

    /// <summary>Opens the store; recovery is still to be asked for.</summary>
    public static Task<WorkloadPlayer> OpenAsync(Workload workload, SimulatedDisk disk, SimulatedClock clock, AcknowledgedLog log) =>
        OpenAsync(workload, SimulatedPool.Of(disk), clock, log);

    /// <summary>Opens the store on all of these disks; recovery is still to be asked for.</summary>
    public static async Task<WorkloadPlayer> OpenAsync(Workload workload, SimulatedPool disks, SimulatedClock clock, AcknowledgedLog log)
    {
        VideoStore store = await OpenPatientlyAsync(workload, disks, clock).ConfigureAwait(false);
        return new WorkloadPlayer(workload, disks, clock, log, store);
    }

    /// <summary>A disk with faults may take no superblock just now; an operator starts again.</summary>
    private static async Task<VideoStore> OpenPatientlyAsync(Workload workload, SimulatedPool disks, SimulatedClock clock)
    {
        Random chance = new(unchecked((int)clock.GetUtcNow().Ticks + workload.Seed));
        StoreOptions options = workload.Options with { Draw = () => (ulong)chance.NextInt64() };
        for (int left = 50; ; left--)
        {
            try
            {
                return await VideoStore.OpenAsync(disks.Devices, options, clock).ConfigureAwait(false);
            }
            catch (DeviceException) when (left > 0 && disks.HaveFaults)
            {
                clock.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    /// <summary>Recovery runs to its end; from here on no sample waits longer than for its commit.</summary>
    public void Recover()
    {
        _store.RecoverNow();
        _isRecovered = true;
    }

    public async Task PlayAsync(IEnumerable<WorkloadStep> steps)
    {
        foreach (WorkloadStep step in steps)
        {
            switch (step)
            {
                case WorkloadStep.Append append:
                    Append(append.Stream, append.SizesBytes);
                    break;
                case WorkloadStep.ChangeFormat change:
                    ChangeFormat(change.Stream, FormatOf(change.Stream, change.Format));
                    break;
                case WorkloadStep.EndRun end:
                    EndRun(end.Stream, end.Cause);
                    break;
                case WorkloadStep.Commit:
                    Commit();
                    break;
                case WorkloadStep.Hold hold:
                    await HoldAsync(hold).ConfigureAwait(false);
                    break;
                case WorkloadStep.Release:
                    await ReleaseAsync().ConfigureAwait(false);
                    break;
                case WorkloadStep.ChangeClass change:
                    await Store.ChangeClassAsync(change.Class).ConfigureAwait(false);
                    break;
                case WorkloadStep.Reopen:
                    await ReopenAsync().ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>A commit interval passes; what the store then says to be durable is written down.</summary>
    public void Commit()
    {
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        // On a busy disk there is not always time between two commits.
        _store.CommitNow(hasTime: ++_commits % 3 != 0);
        WriteDownWatermarks();
        StoreAccounts.Check(_store.State, _isRecovered && !_workload.MayLeaveZonesUnknown);
    }

    /// <summary>The process dies: nothing more reaches the disk.</summary>
    public ValueTask DisposeAsync() => _isClosed ? ValueTask.CompletedTask : _store.CrashAsync();

    /// <summary>The recorder is stopped in order; what the last commit made durable is written down.</summary>
    public async Task CloseAsync()
    {
        for (int stream = 0; stream < _sessions.Length; stream++)
        {
            End(stream);
        }

        await _store.DisposeAsync().ConfigureAwait(false);
        _isClosed = true;
        Log.Acknowledge(_disks.Boundary, _ended.Select(session => (session.Run, session.Appender.Durable.Samples)), _ => _disks.Failures == 0);
        _ended.Clear();
    }

    private void WriteDownWatermarks()
    {
        List<Session> all = [.. _ended, .. _sessions.OfType<Session>()];
        foreach (Session session in all)
        {
            session.CheckWatermark();
            if (MustHaveCommitted && session.Appender.Durable.Samples != session.Run.Samples.Count)
            {
                throw new SimulationException($"Run {session.Run.Number}: a commit left samples behind while a disk was healthy: {_store.Status.Fault}");
            }
        }

        Log.Acknowledge(_disks.Boundary, all.Select(session => (session.Run, session.Appender.Durable.Samples)), IsShown);
        _ended.RemoveAll(session => session.Appender.Durable.Samples == session.Run.Samples.Count);
    }

    /// <summary>
    /// While one disk is healthy a commit leaves nothing behind, but for one case: the disk is full, and before recovery the store does not know what was written longest ago. It waits for that rather than free
    /// anything else, and says so. Workloads are shorter than the 5 s that it waits at most; so promise 4 of <see cref="AcknowledgedLog"/> knows no exception here.
    /// </summary>
    private bool MustHaveCommitted => _disks.HaveSoundOne && !(_workload.HasPolicies && _store.Status.Fault?.Contains("holds keep", StringComparison.Ordinal) == true) && (_isRecovered || _store.Status.Fault?.Contains("zone", StringComparison.Ordinal) != true);

    /// <summary>A gap has no watermark of its own: what is shown is durable. On a few small disks of a pool the only chunk that space can take may be the one that the same commit filled.</summary>
    private bool IsShown(LoggedGap gap)
    {
        if (_store.Gaps(gap.Stream, gap.Gap.Range).Contains(gap.Gap))
        {
            return true;
        }

        bool mustBe = !_workload.HasPolicies && MustHaveCommitted && _disks.Failures == 0 && !gap.IsOfEarlierStart && _store.Status.Disks.All(disk => disk.State == DiskState.Online);
        return mustBe ? throw new SimulationException($"A commit on a healthy disk left the gap {gap.Gap} of stream {gap.Stream} behind: {_store.Status.Fault}") : false;
    }

    private async Task HoldAsync(WorkloadStep.Hold step)
    {
        WallTime now = _times[step.Stream];
        WallRange range = new(now > WallTime.MinValue + step.Back ? now - step.Back : WallTime.MinValue, now + step.Ahead + TimeSpan.FromMilliseconds(1));
        string id = $"{Log.Runs.Count}.{_commits}.{Log.SampleCount}";
        StreamId stream = new((ulong)step.Stream);
        await _store.HoldAsync(new Hold
        {
            Id = id,
            Case = "simulated",
            Streams = [new StreamRange(stream, new StreamId(stream.Value + 1))],
            Range = range,
            By = "the simulator",
            Made = WallTime.Now(_clock),
        }).ConfigureAwait(false);
        List<long> shown = [];
        await foreach (StoredRecord record in _store.ReadRecordsAsync(stream, range, CancellationToken.None).ConfigureAwait(false))
        {
            long decodeTime = record.DecodeTime;
            foreach (StoredSample sample in record.Samples.ToArray())
            {
                shown.Add(decodeTime += sample.DecodeDelta);
            }
        }

        Log.Hold(id, stream.Value, range, shown, _disks.Boundary);
    }

    private async Task ReleaseAsync()
    {
        if (Log.Holds.FirstOrDefault() is { } id)
        {
            Log.Release(id, _disks.Boundary);
            await _store.ReleaseAsync(id).ConfigureAwait(false);
        }
    }

    private async Task ReopenAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _store = await OpenPatientlyAsync(_workload, _disks, _clock).ConfigureAwait(false);
        _isClosed = false;
        Recover();
    }

    private void Append(int stream, IReadOnlyList<int> sizes)
    {
        Session session = _sessions[stream] ??= Begin(stream);
        foreach (int size in sizes)
        {
            long decodeTime = session.NextDecodeTime;
            Block block = _blocks.TryRent(size) ?? throw new SimulationException("The simulator's own memory is used up.");
            SampleContent.Fill((ulong)stream, decodeTime, block.Span[..size]);
            bool first = session.Run.Samples.Count == 0;
            SampleFlags flags = (first || size > 5000 ? SampleFlags.RandomAccess : SampleFlags.None)
                | (size % 97 == 0 ? SampleFlags.LossBefore : SampleFlags.None);
            LoggedSample logged = new(decodeTime, (size % 5) - 2, flags, WallAt(session, decodeTime, size), size, _formats[stream]);
            bool taken = session.Appender.TryAppend(new Sample(decodeTime, logged.CompositionOffset, flags, logged.Wall, new BlockSlice(block, 0, size)));
            block.Release();
            if (!taken)
            {
                EndRun(stream, GapCause.Overload);
                return;
            }

            Log.Append(session.Run, logged);
            session.NextDecodeTime += FrameTicks + (size % 3);
            _times[stream] = WallAt(session, session.NextDecodeTime, size: 0) + TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>Capture time as a camera gives it: media time above the start of the run, some microseconds of jitter on top.</summary>
    private static WallTime WallAt(Session session, long decodeTime, int size) =>
        session.Start + TimeSpan.FromMicroseconds(((decodeTime - session.FirstDecodeTime) * 1_000_000 / Timescale) + (size % 400));

    private Session Begin(int stream)
    {
        RunStart start = new(new StreamId((ulong)stream), Epoch: (ulong)Log.Runs.Count / 3, ClassOf(stream), Timescale, _formats[stream]);
        IStreamAppender appender = _store.BeginRun(start);
        LoggedRun run = Log.Begin(start);
        // Decode times of different runs never meet, so a sample has one name for good.
        return new Session(run, appender, Now(stream)) { NextDecodeTime = (long)run.Number << 32 };
    }

    private void ChangeFormat(int stream, byte[] format)
    {
        _formats[stream] = format;
        _sessions[stream]?.Appender.ChangeFormat(format);
    }

    private void EndRun(int stream, GapCause cause)
    {
        End(stream);
        WallTime now = Now(stream);
        LoggedGap gap = new(new StreamId((ulong)stream), ClassOf(stream).Value, new Gap(new WallRange(now + TimeSpan.FromMilliseconds(1), now + TimeSpan.FromMilliseconds(300)), cause));
        _store.AppendGap(gap.Stream, epoch: 0, ClassOf(stream), gap.Gap);
        Log.Gaps.Add(gap);
        _times[stream] = gap.Gap.Range.End + TimeSpan.FromMilliseconds(1);
    }

    private void End(int stream)
    {
        if (_sessions[stream] is { } session)
        {
            session.Appender.Dispose();
            _ended.Add(session);
            _sessions[stream] = null;
        }
    }

    private RetentionClassId ClassOf(int stream) => new((byte)(stream % _workload.Classes));

    private static byte[] FormatOf(int stream, int format)
    {
        byte[] bytes = new byte[20 + (format * 37)];
        SampleContent.Fill(0xF0F0 + (ulong)stream, format, bytes);
        return bytes;
    }

    /// <summary>The present as the stream sees it: media time may be ahead of the clock, and never goes back.</summary>
    private WallTime Now(int stream) => WallTime.Max(WallTime.Now(_clock), _times[stream]);

    private sealed class Session(LoggedRun run, IStreamAppender appender, WallTime start)
    {
        private DurableWatermark _last = appender.Durable;

        public LoggedRun Run => run;
        public IStreamAppender Appender => appender;
        public WallTime Start => start;
        public long FirstDecodeTime => (long)run.Number << 32;
        public long NextDecodeTime { get; set; }

        /// <summary>Every part of a watermark only grows, and its bytes are those of its samples.</summary>
        public void CheckWatermark()
        {
            DurableWatermark now = appender.Durable;
            long bytes = run.Samples.Take((int)now.Samples).Sum(sample => (long)sample.SizeBytes);
            if (now.Samples < _last.Samples || now.Bytes < _last.Bytes || now.Wall < _last.Wall || now.At < _last.At || now.Bytes != bytes)
            {
                throw new SimulationException($"Run {run.Number}: the watermark went from {_last} to {now}; its samples have {bytes} bytes.");
            }

            _last = now;
        }
    }
}
