// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>
/// The reconciler of one channel: compares what should be recorded now with what reached the disk, and mends the difference.
/// </summary>
/// <remarks>
/// <para>Normal run: <see cref="Tick"/> finds no session and opens one; the session's thread delivers access units, which go first to the store, then to the
/// <see cref="Hub"/>. When a session ends, for whatever reason, the next tick after the back-off opens another: there is no state in which a lost event stops
/// recording for good, because every tick starts from the facts (is there a session, when did the last access unit come, how far is the disk).</para>
/// <para>Invariants: 1. At most one session at a time, and access units of an earlier one are ignored. 2. While the mode is continuous, each instant is
/// either in a recorded span or in a gap with its cause. 3. A run begins at a random access point of the video. 4. No call to a session or connector that may wait is made under the lock.</para>
/// <para>Design page: docs/design/recording.md.</para>
/// <para>Threads: <see cref="Tick"/> by the recorder's loop; the sink by the session's thread; <see cref="Snapshot"/> by anybody.</para>
/// </remarks>
public sealed partial class ChannelRecorder
{
    /// <summary>A channel counts as recording when bytes became durable within this time: three commits at the longest common interval.</summary>
    public static readonly TimeSpan RecordingWithin = TimeSpan.FromSeconds(3);

    /// <summary>A session whose access units have stopped for so long is ended here, should the session itself not notice.</summary>
    public static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A session may take so long to its first access unit: a name and several addresses (5 s each), the conversation (15 s), and a camera that does not tell its parameter sets until
    /// its next key frame. Shorter than that, such a camera would be asked again for ever.
    /// </summary>
    public static readonly TimeSpan SetUpLimit = TimeSpan.FromSeconds(60);

    /// <summary>Access units arrive, but nothing became durable for so long: it is said, and the runs are begun anew at the next random access point.</summary>
    public static readonly TimeSpan DurableLimit = TimeSpan.FromSeconds(15);

    /// <summary>Notes kept of a session.</summary>
    public const int MaximumNotes = 24;

    private readonly Lock _lock = new();
    private readonly IVideoStore _store;
    private readonly ICameraConnector _connector;
    private readonly TimeProvider _clock;
    private readonly BackOff _backOff;
    private readonly RateMeter _rates = new();
    private readonly GapLedger _gaps;
    private readonly GopReader _beginnings;
    private readonly GapCause _causeOfAbsence;
    private readonly WallTime _startedAt;

    private Camera _camera;
    private RetentionClassId _class;
    private bool _absenceResolved;
    private bool _hasEarlierFootage;
    private bool _hasTicked;
    private ChannelError? _lastError;
    private double? _drift;
    private string[] _notes = [];
    private TrackFormat?[] _formats = [];

    public ChannelRecorder(Camera camera, IVideoStore store, ICameraConnector connector, TimeProvider clock, Random chance, GapCause causeOfAbsence)
    {
        _camera = camera;
        _store = store;
        _connector = connector;
        _clock = clock;
        _backOff = new BackOff(chance);
        _gaps = new GapLedger(store, new TrackKey(camera.Id, StreamRole.Main, 0).ToStreamId());
        _beginnings = new GopReader(store, clock, camera.Id);
        _causeOfAbsence = causeOfAbsence;
        _startedAt = WallTime.Now(clock);
        _class = DefineClass(camera);
        _gaps.Interrupt(_startedAt, camera.Recording == RecordingMode.Off ? GapCause.PolicyOff : causeOfAbsence, _class);
    }

    /// <summary>Where viewers read; they begin with <see cref="TryWatchAsync"/>.</summary>
    public StreamHub Hub { get; } = new();

    public Camera Camera
    {
        get
        {
            lock (_lock)
            {
                return _camera;
            }
        }
    }

    /// <summary>
    /// Begins to watch, with the present group of pictures at once. What the hub let go of it is read back from the disk: some 10 ms, <see cref="GopReader.Limit"/> at most, beyond
    /// which, and when the disk does not give it, the view begins at the next random access point.
    /// </summary>
    /// <returns><c>null</c> when <see cref="StreamHub.MaximumReaders"/> watch already, or the channel has stopped.</returns>
    public async ValueTask<StreamReader?> TryWatchAsync(CancellationToken cancellation)
    {
        StreamReader? reader = Hub.TrySubscribe();
        if (reader?.Missing is not { } missing)
        {
            return reader;
        }

        try
        {
            reader.Begin(await _beginnings.TryReadAsync(missing, cancellation));
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes new settings. A changed source begins a new session; a changed class, new runs at the next random access point, so that nothing is lost in between.
    /// </summary>
    public void Apply(Camera camera)
    {
        ICameraSession? ended = null;
        lock (_lock)
        {
            bool otherSource = !Equals(camera.Source, _camera.Source);
            bool otherRetention = camera.RetentionDays != _camera.RetentionDays || camera.RetentionClass != _camera.RetentionClass;
            _camera = camera;
            if (otherSource || camera.Removed)
            {
                _lastError = null;
            }

            if (otherRetention)
            {
                _class = DefineClass(camera);
                _renewsRuns = true;
            }

            if (!ShouldRecord)
            {
                CloseRuns();
                _gaps.Interrupt(WallTime.Now(_clock), GapCause.PolicyOff, _class);
            }
            else if (otherSource && _sink is { } sink && !_gaps.IsOpen)
            {
                _gaps.Interrupt(EndOfRecording(sink, WallTime.Now(_clock)), GapCause.RecorderStopped, _class);
            }

            if (otherSource || camera.Removed)
            {
                ended = DetachSession();
                _backOff.Reset(MonotonicTime.Now(_clock));
            }
        }

        ended?.Dispose();
    }

    /// <summary>Compares and mends. Called a few times a second; costs little when all is well.</summary>
    public void Tick()
    {
        MonotonicTime now = MonotonicTime.Now(_clock);
        WallTime wall = WallTime.Now(_clock);
        ICameraSession? ended = null;
        SessionSink? begun = null;
        lock (_lock)
        {
            _rates.Tick(now);
            _gaps.Tick(wall, _class);
            if (_sink is { } sink)
            {
                sink.Session?.LowLatency = Hub.ReaderCount > 0;
                TimeSpan limit = sink.HasUnits ? StallLimit : SetUpLimit;
                if (now - sink.LastUnit > limit)
                {
                    ended = EndSession(sink, new SessionEnd(GapCause.CameraStalled, $"No picture for {limit.TotalSeconds:0} s. The camera is asked again.", IsPermanent: false));
                }
                else
                {
                    CheckDurable(now, wall);
                }
            }
            else if (!_camera.Removed && now >= _backOff.NextTry)
            {
                begun = _sink = new SessionSink(this, now);
                _notes = [];
                _lastDurableProgress = now;
            }
        }

        ended?.Dispose();
        if (begun is not null)
        {
            Connect(begun);
        }

        lock (_lock)
        {
            // Recording comes first: not before every channel had its first try, and no fault of the index keeps a channel from it.
            if (_hasTicked)
            {
                ResolveAbsence();
            }

            _hasTicked = true;
        }
    }

    /// <summary>Notes a fault of the recorder itself; the next tick starts from the facts again.</summary>
    internal void Fail(Exception fault)
    {
        lock (_lock)
        {
            _lastError = new ChannelError(WallTime.Now(_clock), DefectMessage(fault));
        }
    }

    /// <summary>Ends the session and writes the open gap. Nothing is recorded afterwards.</summary>
    public void Stop()
    {
        ICameraSession? ended;
        lock (_lock)
        {
            _gaps.Write(WallTime.Now(_clock), _class);
            ended = DetachSession();
        }

        ended?.Dispose();
        Hub.Close();
    }

    public ChannelState Snapshot()
    {
        MonotonicTime now = MonotonicTime.Now(_clock);
        lock (_lock)
        {
            DurableWatermark? durable = Durable();
            return new ChannelState
            {
                Phase = Phase(now),
                IsRecording = durable is { Samples: > 0 } && now - durable.Value.At <= RecordingWithin,
                Bitrate = _rates.BitsPerSecond,
                FrameRate = _rates.PicturesPerSecond,
                Formats = [.. _formats.Where(format => format is not null).Select(format => format!)],
                DriftPartsPerMillion = _drift,
                LastError = _lastError,
                Notes = _notes,
                DurableUntil = durable is { Samples: > 0 } ? durable.Value.Wall : null,
                Viewers = Hub.ReaderCount,
            };
        }
    }

    private static string DefectMessage(Exception fault) => $"The recorder failed inside ({fault.GetType().Name}) and tries again. This is a defect: please report it.";

    /// <summary>
    /// Makes the class of a camera known to the store. Where the store can take no further one (a disk that came from another machine), footage that is kept too long is better than none:
    /// it goes where it stays until the space is needed, and that is said.
    /// </summary>
    private RetentionClassId DefineClass(Camera camera)
    {
        if (camera.RetentionClass is { } own)
        {
            // Who defined it knows it. On disks that do not, it has no limits, and nothing goes too early.
            return new RetentionClassId((byte)own);
        }

        RetentionClass wanted = RetentionPolicy.ClassOf(camera.RetentionDays);
        try
        {
            _store.Define(wanted);
            return wanted.Id;
        }
        catch (StoreException full)
        {
            _lastError = new ChannelError(WallTime.Now(_clock), $"Recordings are kept until the space is needed instead of {camera.RetentionDays} days: {full.Message}");
            return RetentionPolicy.ClassOf(null).Id;
        }
    }

    private ChannelPhase Phase(MonotonicTime now) => _sink switch
    {
        _ when _camera.Removed => ChannelPhase.Disabled,
        { HasUnits: true } sink => now - sink.LastUnit > TimeSpan.FromSeconds(3) ? ChannelPhase.Stalled : ChannelPhase.Streaming,
        _ when _failing => ChannelPhase.Failed,
        _ => ChannelPhase.Connecting,
    };

    /// <summary>Once the store has recovered, writes what lies between the last footage and this start as a gap.</summary>
    private void ResolveAbsence()
    {
        if (_absenceResolved || _store.Status is { RecoveringChunks: > 0 } or { IsLoading: true })
        {
            return;
        }

        StreamId stream = new TrackKey(_camera.Id, StreamRole.Main, 0).ToStreamId();
        WallRange before = new(_startedAt - TimeSpan.FromDays(3650), _startedAt);
        WallTime? lastSpan = LastEnd(_store.Spans(stream, before, TimeSpan.FromSeconds(1)));
        IReadOnlyList<Gap> gaps = _store.Gaps(stream, before);
        WallTime lastEnd = WallTime.Max(lastSpan ?? WallTime.MinValue, gaps.Count > 0 ? gaps[^1].Range.End : WallTime.MinValue);
        _absenceResolved = true;
        if (lastEnd == WallTime.MinValue)
        {
            return;
        }

        _hasEarlierFootage = true;
        if (lastEnd < _startedAt)
        {
            bool wasOff = gaps.Count > 0 && gaps[^1] is { Cause: GapCause.PolicyOff } last && last.Range.End == lastEnd;
            _store.AppendGap(stream, 0, _class, new Gap(new WallRange(lastEnd, _startedAt), wasOff ? GapCause.PolicyOff : _causeOfAbsence));
        }
    }

    private static WallTime? LastEnd(IReadOnlyList<WallRange> spans) => spans.Count > 0 ? spans[^1].End : null;
}
