// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Extensions.Logging;
using Rookery.Recording;
using Rookery.Recording.Tests;
using Rookery.Storage;

namespace Rookery.Server.Tests;

public sealed class RecordingLogTests
{
    private readonly ManualClock _clock = new();
    private readonly LinesOfLog _lines = new();
    private readonly StoreThatRemembers _store;
    private readonly CameraThatObeys _camera;
    private readonly Recorder _recorder;
    private readonly RecordingLog _log;

    public RecordingLogTests()
    {
        _store = new StoreThatRemembers(_clock);
        _camera = new CameraThatObeys(_clock);
        CameraRegistry cameras = new(new NoRepository());
        _recorder = new Recorder(cameras, _store, _camera, _clock, new Random(1), GapCause.RecorderStopped);
        cameras.Add(new Camera
        {
            Id = default, Name = "Gate", Source = new CameraSource(new Uri("rtsp://gate/1"), "u", "secret", MediaTransport.Auto), Recording = RecordingMode.Continuous,
        });
        _log = new RecordingLog(_recorder, _store, _clock, _lines);
        _recorder.Tick();
    }

    [Fact]
    public void Each_change_is_told_once_and_a_start_is_given_time()
    {
        Look();
        _lines.Texts.ShouldBeEmpty();

        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        _store.Commit();
        Look(5);
        _lines.Texts.ShouldBe(["Camera 1 (Gate) is recorded"]);

        _camera.Last.End();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Look(5);
        _lines.Texts.Count.ShouldBe(2);
        _lines.Texts[1].ShouldBe("Camera 1 (Gate) is not recorded: the test ended it");
    }

    [Fact]
    public void A_camera_that_stays_silent_from_the_start_is_told_after_a_while()
    {
        Look(9);
        _lines.Texts.ShouldBeEmpty();
        Look(5);
        _lines.Texts.ShouldBe(["Camera 1 (Gate) is not recorded: nothing became durable"]);
    }

    [Fact]
    public void What_a_session_remarks_is_told_once_however_often_it_begins_anew()
    {
        _camera.Last.Describe();
        _camera.Last.Note("An odd camera.");
        Look(3);
        _camera.Last.End();
        _clock.Advance(TimeSpan.FromSeconds(30));
        _recorder.Tick();
        Look();
        _camera.Last.Describe();
        _camera.Last.Note("An odd camera.");
        _camera.Last.Note("7 packets are missing.", isTrouble: true);
        Look(3);

        _lines.Texts.Where(text => text.Contains("odd")).ShouldBe(["Camera 1 (Gate): An odd camera."]);
        _lines.Texts.ShouldContain("Camera 1 (Gate): 7 packets are missing.");
        _recorder.Channels[0].Snapshot().LastError.ShouldNotBeNull().Message.ShouldBe("7 packets are missing.");
    }

    private void Look(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _log.Look();
        }
    }

    private sealed class NoRepository : ICameraRepository
    {
        public IReadOnlyList<Camera> Load() => [];

        public void Save(Camera camera)
        {
        }
    }

    private sealed class LinesOfLog : ILogger<RecordingLog>
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Texts.Add(formatter(state, exception));
    }
}
