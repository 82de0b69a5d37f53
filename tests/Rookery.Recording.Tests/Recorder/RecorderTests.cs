// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Recording.Tests;

public sealed class RecorderTests
{
    private readonly ManualClock _clock = new();
    private readonly StoreThatRemembers _store;
    private readonly CameraThatObeys _camera;
    private readonly CamerasInMemory _repository = new();

    public RecorderTests()
    {
        _store = new StoreThatRemembers(_clock);
        _camera = new CameraThatObeys(_clock);
    }

    [Fact]
    public void A_camera_whose_connector_throws_is_tried_again_and_the_others_are_recorded()
    {
        CameraRegistry registry = new(_repository);
        registry.Add(Camera("gate"));
        registry.Add(Camera("yard"));
        Recorder recorder = Recorder(registry);
        _camera.Fault = new InvalidOperationException("broken");
        recorder.Tick();
        recorder.Channels[0].Snapshot().Phase.ShouldBe(ChannelPhase.Failed);
        recorder.Channels[0].Snapshot().LastError!.Message.ShouldContain("InvalidOperationException");
        _camera.Fault = null;
        Advance(recorder, 8);
        _camera.Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public void A_fault_in_one_channel_keeps_neither_it_nor_the_others_from_recording()
    {
        CameraRegistry registry = new(_repository);
        registry.Add(Camera("gate"));
        ChannelId second = registry.Add(Camera("yard")).Id;
        Recorder recorder = Recorder(registry);
        recorder.Tick();
        _camera.Sessions.ForEach(session => session.End());
        _store.FaultOfSpans = stream => TrackKey.From(stream).Channel != second;
        Advance(recorder, 8);
        _camera.Sessions.Count.ShouldBe(4);
        recorder.Channels[0].Snapshot().LastError!.Message.ShouldContain("defect");
    }

    [Fact]
    public void A_retention_time_that_the_disk_cannot_take_is_refused_before_it_is_saved()
    {
        CameraRegistry registry = new(_repository);
        ChannelId id = registry.Add(Camera("gate") with { RetentionDays = 7 }).Id;
        Recorder recorder = Recorder(registry);
        _store.TakesClass = known => known.Id.Value is 0 or 7;
        Should.Throw<CameraRefusedException>(() => registry.Update(id, camera => camera with { RetentionDays = 8 })).Message.ShouldContain("in use (7 days)");
        Should.Throw<CameraRefusedException>(() => registry.Add(Camera("yard") with { RetentionDays = 8 }));
        registry.List().ShouldHaveSingleItem().RetentionDays.ShouldBe(7);
        _repository.Load().ShouldHaveSingleItem().RetentionDays.ShouldBe(7);
        recorder.Channels.Count.ShouldBe(1);
    }

    [Fact]
    public void A_disk_that_cannot_take_a_saved_retention_time_is_recorded_to_all_the_same()
    {
        CameraRegistry registry = new(_repository);
        registry.Add(Camera("gate") with { RetentionDays = 8 });
        registry.Add(Camera("yard"));
        _store.TakesClass = known => known.Id.Value == 0;
        Recorder recorder = Recorder(registry);
        recorder.Channels[0].Snapshot().LastError!.Message.ShouldContain("instead of 8 days");
        recorder.Tick();
        foreach (CameraThatObeys.Session session in _camera.Sessions)
        {
            session.Describe();
            session.Picture(key: true);
        }

        _store.Runs.Select(run => run.Start.RetentionClass.Value).ShouldBe(new byte[] { 0, 0 });
    }

    private void Advance(Recorder recorder, int quarters)
    {
        for (int i = 0; i < quarters; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(250));
            recorder.Tick();
        }
    }

    private Recorder Recorder(CameraRegistry registry) => new(registry, _store, _camera, _clock, new Random(1), GapCause.RecorderStopped);

    private static Camera Camera(string name) => new()
    {
        Id = default, Name = name, Recording = RecordingMode.Continuous, Source = new CameraSource(new Uri("rtsp://192.0.2.1/1"), null, null, MediaTransport.Auto),
    };
}
