// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording.Tests;

/// <summary>A connector whose sessions do what the test says: describe themselves, send access units, end.</summary>
internal sealed class CameraThatObeys(ManualClock clock) : ICameraConnector
{
    public static readonly TrackFormat Video = new() { Codec = Codec.H264, Timescale = 90000, CodecPrivate = new byte[] { 1, 2, 3 }, Width = 640, Height = 360 };
    public static readonly TrackFormat Audio = new() { Codec = Codec.Aac, Timescale = 48000, CodecPrivate = new byte[] { 0x11, 0x90 }, SampleRate = 48000, Channels = 2 };

    public BlockPool Pool { get; } = new(64 << 20);

    public List<Session> Sessions { get; } = [];

    public Session Last => Sessions[^1];

    /// <summary>Thrown by the next tries.</summary>
    public Exception? Fault { get; set; }

    public ICameraSession Connect(CameraSource source, ISessionSink sink)
    {
        if (Fault is not null)
        {
            throw Fault;
        }

        Session session = new(this, clock, source, sink);
        Sessions.Add(session);
        return session;
    }

    public Task<CameraDiagnosis> DiagnoseAsync(CameraSource source, CancellationToken cancellation) =>
        Task.FromResult(new CameraDiagnosis { Ok = true, Step = DiagnosisStep.Media, Message = "fine" });

    internal sealed class Session(CameraThatObeys camera, ManualClock clock, CameraSource source, ISessionSink sink) : ICameraSession
    {
        private long _videoTime;

        public CameraSource Source { get; } = source;

        public bool LowLatency { get; set; }

        public bool IsDisposed { get; private set; }

        public void Describe(bool withAudio = false)
        {
            sink.OnTracks(withAudio ? [new SourceTrack(0, Codec.H264, 90000), new SourceTrack(1, Codec.Aac, 48000)] : [new SourceTrack(0, Codec.H264, 90000)]);
            sink.OnFormat(0, Video);
            if (withAudio)
            {
                sink.OnFormat(1, Audio);
            }
        }

        public void ChangeFormat(TrackFormat format) => sink.OnFormat(0, format);

        /// <summary>Sends one picture captured now.</summary>
        public void Picture(bool key = false, int bytes = 1000)
        {
            Send(0, new AccessUnitFlagsAndTime(_videoTime, key), bytes);
            _videoTime += 3600;
        }

        public void Sound() => Send(1, new AccessUnitFlagsAndTime(_videoTime, true), 100);

        public void End(GapCause cause = GapCause.CameraOffline, bool permanent = false) => sink.OnEnded(new SessionEnd(cause, "the test ended it", permanent));

        public void Note(string note, bool isTrouble = false) => sink.OnNote(note, isTrouble);

        public void Dispose() => IsDisposed = true;

        private void Send(int track, AccessUnitFlagsAndTime unit, int bytes)
        {
            Block block = camera.Pool.TryRent(bytes) ?? throw new InvalidOperationException("pool empty");
            block.Span[..bytes].Fill((byte)unit.Time);
            sink.OnAccessUnit(track, new AccessUnit(unit.Time, 0, unit.Key ? AccessUnitFlags.RandomAccess : AccessUnitFlags.None, new BlockSlice(block, 0, bytes)), WallTime.Now(clock));
            block.Release();
        }

        private readonly record struct AccessUnitFlagsAndTime(long Time, bool Key);
    }
}
