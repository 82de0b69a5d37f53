// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>What a session delivers, and how it ends.</summary>
public sealed partial class ChannelRecorder
{
    private SessionSink? _sink;
    private TrackRecording[] _tracks = [];
    private MonotonicTime _lastDurableProgress;
    private long _lastDurableSamples;
    private bool _failing;

    /// <summary>The runs that are open are of an earlier class: the next random access point begins new ones.</summary>
    private bool _renewsRuns;

    private bool ShouldRecord => _camera is { Recording: RecordingMode.Continuous, Removed: false };

    private void Connect(SessionSink sink)
    {
        try
        {
            Attach(sink, _connector.Connect(Camera.Source, sink));
        }
#pragma warning disable CA1031 // Without its end the session would look as if it were being set up, and the next try would come only after the stall limit.
        catch (Exception fault)
        {
            sink.OnEnded(new SessionEnd(GapCause.Unknown, DefectMessage(fault), IsPermanent: false));
        }
#pragma warning restore CA1031
    }

    private void Attach(SessionSink sink, ICameraSession session)
    {
        bool current;
        lock (_lock)
        {
            sink.Session = session;
            current = ReferenceEquals(_sink, sink);
        }

        if (!current)
        {
            session.Dispose();
        }
    }

    private ICameraSession? DetachSession()
    {
        ICameraSession? session = _sink?.Session;
        _sink = null;
        CloseRuns();
        _rates.Reset();
        Hub.EndSession();
        return session;
    }

    private ICameraSession? EndSession(SessionSink sink, SessionEnd end)
    {
        MonotonicTime now = MonotonicTime.Now(_clock);
        WallTime wall = WallTime.Now(_clock);
        _failing = true;
        _lastError = new ChannelError(wall, end.Message);
        _backOff.SessionEnded(now, sink.HasUnits ? now - sink.Began : TimeSpan.Zero, end.IsPermanent);
        ICameraSession? session = DetachSession();
        if (ShouldRecord)
        {
            _gaps.Interrupt(_gaps.IsOpen ? wall : EndOfRecording(sink, wall), end.Cause, _class);
        }

        return session;
    }

    /// <summary>A gap begins where the recording ends, not where its end was noticed.</summary>
    private static WallTime EndOfRecording(SessionSink sink, WallTime now) => sink.LastWall is { } last ? WallTime.Min(last, now) : now;

    /// <summary>The runs were ended, and the session goes on: what it sends until the next random access point is missing, however short that is.</summary>
    private void InterruptWithin(SessionSink sink, GapCause cause)
    {
        if (ShouldRecord && !_gaps.IsOpen && sink.LastWall is { } last)
        {
            _gaps.Interrupt(last, cause, _class);
        }
    }

    private void CloseRuns()
    {
        foreach (TrackRecording track in _tracks)
        {
            track.Close();
        }
    }

    private DurableWatermark? Durable() => _tracks.Length > 0 ? _tracks[0].Durable : null;

    /// <summary>Access units arrive: do they reach the disk?</summary>
    private void CheckDurable(MonotonicTime now, WallTime wall)
    {
        if (Durable()?.Samples != _lastDurableSamples)
        {
            _lastDurableSamples = Durable()?.Samples ?? 0;
            _lastDurableProgress = now;
            return;
        }

        if (now - _lastDurableProgress <= DurableLimit)
        {
            return;
        }

        _lastDurableProgress = now;
        _lastError = new ChannelError(wall, $"Pictures arrive, but none became durable for {DurableLimit.TotalSeconds:0} s: {_store.Status.Fault ?? "the disk does not follow"}.");

        // What was appended may still become durable once the disk answers: no gap, and no picture is given up. The store says itself when it has no room.
        _renewsRuns = true;
    }

    /// <returns>Its place in its run; <see cref="GopCache.NotRecorded"/> when it is not recorded.</returns>
    private long Record(SessionSink sink, int index, in AccessUnit unit, WallTime wall)
    {
        TrackRecording track = _tracks[index];
        if (_renewsRuns && index == 0 && (!sink.HasVideo || unit.IsRandomAccess))
        {
            _renewsRuns = false;
            CloseRuns();
        }

        bool opens = !_tracks[0].IsOpen;
        if (opens && (index != 0 || (sink.HasVideo && !unit.IsRandomAccess)))
        {
            InterruptWithin(sink, GapCause.BadStream);
            return GopCache.NotRecorded;
        }

        if (!track.TryAppend(unit, wall, _class))
        {
            CloseRuns();
            _gaps.Interrupt(wall, GapCause.Overload, _class);
            _lastError = new ChannelError(WallTime.Now(_clock), "The disks do not follow: what cannot be kept in memory is lost until they do.");
            return GopCache.NotRecorded;
        }

        if (opens && _gaps.IsOpen)
        {
            if (_hasEarlierFootage || !_absenceResolved || _failing)
            {
                _gaps.Resume(wall, _class);
            }
            else
            {
                _gaps.Discard();
            }

            _hasEarlierFootage = true;
        }

        return track.Taken - 1;
    }

    /// <summary>Takes the calls of one session and drops those that come after its end.</summary>
    private sealed class SessionSink(ChannelRecorder owner, MonotonicTime began) : ISessionSink
    {
        public ICameraSession? Session { get; set; }

        public MonotonicTime Began { get; } = began;

        /// <summary>When the last access unit came; the session's begin before the first.</summary>
        public MonotonicTime LastUnit { get; private set; } = began;

        public WallTime? LastWall { get; private set; }

        public bool HasUnits { get; private set; }

        public bool HasVideo { get; private set; }

        private bool IsCurrent => ReferenceEquals(owner._sink, this);

        public void OnTracks(IReadOnlyList<SourceTrack> tracks)
        {
            lock (owner._lock)
            {
                if (!IsCurrent)
                {
                    return;
                }

                HasVideo = tracks.Count > 0 && tracks[0].Codec is Codec.H264 or Codec.H265 or Codec.Jpeg;
                // A session that had to go over another connection describes itself again.
                owner.CloseRuns();
                owner.InterruptWithin(this, GapCause.Network);
                owner._class = owner.DefineClass(owner._camera);
                owner._tracks = [.. tracks.Select(track => new TrackRecording(owner._store, new TrackKey(owner._camera.Id, StreamRole.Main, (byte)track.Index)))];
                owner._formats = new TrackFormat?[tracks.Count];
                owner.Hub.BeginSession(HasVideo);
            }
        }

        public void OnFormat(int track, TrackFormat format)
        {
            lock (owner._lock)
            {
                if (IsCurrent && track < owner._tracks.Length)
                {
                    owner._formats[track] = format;
                    owner._tracks[track].SetFormat(format);
                    owner.Hub.SetFormat(track, format);
                }
            }
        }

        public void OnAccessUnit(int track, in AccessUnit unit, WallTime wall)
        {
            lock (owner._lock)
            {
                if (!IsCurrent || track >= owner._tracks.Length || owner._formats[track] is not { } format)
                {
                    return;
                }

                LastUnit = MonotonicTime.Now(owner._clock);
                HasUnits = true;
                owner._rates.Count(unit.Data.Length, format.Kind == TrackKind.Video);
                long place = GopCache.NotRecorded;
                if (owner.ShouldRecord)
                {
                    place = owner.Record(this, track, unit, wall);
                    LastWall = track == 0 ? wall : LastWall;
                }

                owner._failing = false;
                owner.Hub.Publish(track, unit, wall, place);
                if (track == 0)
                {
                    owner.Hub.LetGo(owner._tracks);
                }
            }
        }

        public void OnDrift(double partsPerMillion)
        {
            lock (owner._lock)
            {
                if (IsCurrent)
                {
                    owner._drift = partsPerMillion;
                }
            }
        }

        public void OnNote(string note, bool isTrouble)
        {
            lock (owner._lock)
            {
                if (IsCurrent)
                {
                    owner._lastError = isTrouble ? new ChannelError(WallTime.Now(owner._clock), note) : owner._lastError;
                    owner._notes = owner._notes.Length < MaximumNotes ? [.. owner._notes, note] : owner._notes;
                }
            }
        }

        public void OnEnded(SessionEnd end)
        {
            ICameraSession? session = null;
            lock (owner._lock)
            {
                if (IsCurrent)
                {
                    session = owner.EndSession(this, end);
                }
            }

            session?.Dispose();
        }
    }
}
