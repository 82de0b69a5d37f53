// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Recording.Tests;

public sealed class ChannelRecorderTests
{
    private static readonly StreamId Video = new TrackKey(new ChannelId(7), StreamRole.Main, 0).ToStreamId();
    private readonly ManualClock _clock = new();
    private readonly StoreThatRemembers _store;
    private readonly CameraThatObeys _camera;

    public ChannelRecorderTests()
    {
        _store = new StoreThatRemembers(_clock);
        _camera = new CameraThatObeys(_clock);
    }

    [Fact]
    public void A_session_is_opened_by_the_first_tick_and_only_one()
    {
        ChannelRecorder channel = Channel();
        channel.Tick();
        channel.Tick();
        _camera.Sessions.Count.ShouldBe(1);
        channel.Snapshot().Phase.ShouldBe(ChannelPhase.Connecting);
    }

    [Fact]
    public void Recording_begins_at_the_first_random_access_point_and_takes_sound_from_there()
    {
        ChannelRecorder channel = Channel();
        channel.Tick();
        _camera.Last.Describe(withAudio: true);
        _camera.Last.Sound();
        _camera.Last.Picture();
        _store.Runs.ShouldBeEmpty();
        _camera.Last.Picture(key: true);
        _camera.Last.Sound();
        _camera.Last.Picture();
        _store.Runs.Select(run => (run.Start.Stream, run.Samples.Count)).ShouldBe([(Video, 2), (new StreamId(Video.Value + 1), 1)]);
        _store.Runs[0].Samples[0].Flags.ShouldBe(SampleFlags.RandomAccess);
    }

    [Fact]
    public void Recording_is_said_only_of_durable_bytes_of_the_last_seconds()
    {
        ChannelRecorder channel = Streaming();
        channel.Snapshot().IsRecording.ShouldBeFalse();
        _store.Commit();
        channel.Snapshot().IsRecording.ShouldBeTrue();
        channel.Snapshot().DurableUntil.ShouldNotBeNull();
        Run(channel, TimeSpan.FromSeconds(4));
        channel.Snapshot().IsRecording.ShouldBeFalse();
    }

    [Fact]
    public void A_lost_camera_leaves_a_gap_with_its_cause_and_is_taken_up_again()
    {
        ChannelRecorder channel = Streaming();
        _store.Commit();
        WallTime lost = WallTime.Now(_clock);
        _camera.Last.End(GapCause.Network);
        channel.Snapshot().LastError!.Message.ShouldBe("the test ended it");
        Run(channel, TimeSpan.FromSeconds(5));
        _camera.Sessions.Count.ShouldBe(2);
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        _store.WrittenGaps.ShouldHaveSingleItem().ShouldBe((Video, new Gap(new WallRange(lost, WallTime.Now(_clock)), GapCause.Network)));
        channel.Snapshot().Phase.ShouldBe(ChannelPhase.Streaming);
    }

    [Fact]
    public void A_session_that_describes_itself_anew_leaves_a_gap_however_short()
    {
        ChannelRecorder channel = Streaming();
        WallTime lost = WallTime.Now(_clock);
        Advance(channel, 200);
        _camera.Last.Describe();
        Advance(channel, 200);
        _camera.Last.Picture(key: true);
        _store.WrittenGaps.ShouldHaveSingleItem().ShouldBe((Video, new Gap(new WallRange(lost, WallTime.Now(_clock)), GapCause.Network)));
    }

    [Fact]
    public void Pictures_given_up_because_they_fit_no_run_are_a_gap()
    {
        ChannelRecorder channel = Streaming();
        WallTime lost = WallTime.Now(_clock);
        Advance(channel, 40);
        _camera.Last.ChangeFormat(CameraThatObeys.Video with { Timescale = 1000 });
        _camera.Last.Picture();
        Advance(channel, 40);
        _camera.Last.Picture();
        Advance(channel, 40);
        _camera.Last.Picture(key: true);
        _store.Runs.Count.ShouldBe(2);
        _store.WrittenGaps.ShouldHaveSingleItem().ShouldBe((Video, new Gap(new WallRange(lost, WallTime.Now(_clock)), GapCause.BadStream)));
    }

    [Fact]
    public void A_gap_whose_cause_changes_is_told_in_two_pieces()
    {
        ChannelRecorder channel = Streaming();
        _camera.Last.End(GapCause.CameraOffline);
        Run(channel, TimeSpan.FromSeconds(2));
        _camera.Last.End(GapCause.CameraRefused);
        Run(channel, TimeSpan.FromSeconds(5));
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        _store.WrittenGaps.Select(gap => gap.Gap.Cause).ShouldBe([GapCause.CameraOffline, GapCause.CameraRefused]);
        _store.WrittenGaps[0].Gap.Range.End.ShouldBe(_store.WrittenGaps[1].Gap.Range.Start);
    }

    [Fact]
    public void A_long_gap_is_written_in_pieces_while_it_lasts()
    {
        ChannelRecorder channel = Streaming();
        _camera.Last.End();
        for (int i = 0; i < 100; i++)
        {
            Run(channel, TimeSpan.FromSeconds(1));
            if (_camera.Sessions.Count > 1)
            {
                _camera.Last.End();
            }
        }

        _store.WrittenGaps.Count.ShouldBe(3);
        ChannelTimeline timeline = ChannelTimeline.Read(_store, new ChannelId(7), new WallRange(WallTime.MinValue, WallTime.MaxValue), TimeSpan.Zero);
        timeline.Gaps.ShouldHaveSingleItem().Cause.ShouldBe(GapCause.CameraOffline);
    }

    [Fact]
    public void Tries_come_ever_more_slowly_but_never_stop()
    {
        ChannelRecorder channel = Channel();
        List<int> tries = [];
        for (int minute = 0; minute < 10; minute++)
        {
            int before = _camera.Sessions.Count;
            for (int i = 0; i < 240; i++)
            {
                Run(channel, TimeSpan.FromMilliseconds(250));
                if (_camera.Sessions.Count > 0 && !_camera.Last.IsDisposed)
                {
                    _camera.Last.End();
                }
            }

            tries.Add(_camera.Sessions.Count - before);
        }

        tries[0].ShouldBeInRange(5, 10);
        tries.Skip(1).ShouldAllBe(count => count >= 2 && count <= 4);
    }

    [Fact]
    public void A_wrong_password_is_tried_again_only_slowly()
    {
        ChannelRecorder channel = Channel();
        channel.Tick();
        _camera.Last.End(GapCause.CameraRefused, permanent: true);
        Run(channel, TimeSpan.FromSeconds(20));
        _camera.Sessions.Count.ShouldBe(1);
        channel.Snapshot().Phase.ShouldBe(ChannelPhase.Failed);
        Run(channel, TimeSpan.FromSeconds(11));
        _camera.Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public void New_settings_are_tried_at_once()
    {
        ChannelRecorder channel = Channel();
        channel.Tick();
        _camera.Last.End(GapCause.CameraRefused, permanent: true);
        channel.Apply(channel.Camera with { Source = channel.Camera.Source with { Password = "right" } });
        channel.Tick();
        _camera.Sessions.Count.ShouldBe(2);
        _camera.Last.Source.Password.ShouldBe("right");
    }

    [Fact]
    public void A_session_that_goes_silent_is_ended()
    {
        ChannelRecorder channel = Streaming();
        Run(channel, TimeSpan.FromSeconds(4));
        channel.Snapshot().Phase.ShouldBe(ChannelPhase.Stalled);
        Run(channel, ChannelRecorder.StallLimit);
        _camera.Sessions[0].IsDisposed.ShouldBeTrue();
        _camera.Sessions.Count.ShouldBe(2);
    }

    [Fact]
    public void What_an_ended_session_still_sends_is_ignored()
    {
        ChannelRecorder channel = Streaming();
        CameraThatObeys.Session first = _camera.Last;
        first.End();
        int samples = _store.Runs[0].Samples.Count;
        first.Picture(key: true);
        first.End();
        _store.Runs[0].Samples.Count.ShouldBe(samples);
        _store.Runs[0].IsClosed.ShouldBeTrue();
        channel.Snapshot().Phase.ShouldBe(ChannelPhase.Failed);
    }

    [Fact]
    public void A_store_without_room_leaves_a_gap_and_recording_goes_on_at_the_next_random_access_point()
    {
        ChannelRecorder channel = Streaming();
        _store.HasRoom = false;
        _camera.Last.Picture();
        _store.HasRoom = true;
        Advance(channel, 40);
        _camera.Last.Picture();
        _store.Runs.Count.ShouldBe(1);
        Advance(channel, 40);
        _camera.Last.Picture(key: true);
        _store.Runs.Count.ShouldBe(2);
        _store.WrittenGaps.ShouldHaveSingleItem().Gap.Cause.ShouldBe(GapCause.Overload);
        _store.WrittenGaps[0].Gap.Range.Duration.ShouldBe(TimeSpan.FromMilliseconds(80));
        _camera.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public void Pictures_that_do_not_become_durable_are_noticed_and_the_run_begun_anew_without_losing_one()
    {
        ChannelRecorder channel = Streaming();
        for (int i = 0; i < 100; i++)
        {
            _camera.Last.Picture(key: i % 25 == 0);
            Advance(channel, 250);
        }

        _store.Runs.Count.ShouldBeGreaterThan(1);
        _store.Runs.Sum(run => run.Samples.Count).ShouldBe(101);
        _store.WrittenGaps.ShouldBeEmpty();
        channel.Snapshot().LastError!.Message.ShouldContain("none became durable");
        channel.Snapshot().IsRecording.ShouldBeFalse();
    }

    [Fact]
    public void A_camera_that_is_not_to_be_recorded_streams_all_the_same_and_the_time_is_accounted_for()
    {
        ChannelRecorder channel = Streaming();
        channel.Apply(channel.Camera with { Recording = RecordingMode.Off });
        _store.Runs[0].IsClosed.ShouldBeTrue();
        Advance(channel, 1000);
        _camera.Last.Picture(key: true);
        _store.Runs.Count.ShouldBe(1);
        channel.Snapshot().Phase.ShouldBe(ChannelPhase.Streaming);
        channel.Apply(channel.Camera with { Recording = RecordingMode.Continuous });
        Advance(channel, 1000);
        _camera.Last.Picture(key: true);
        _store.Runs.Count.ShouldBe(2);
        _store.WrittenGaps.ShouldHaveSingleItem().Gap.Cause.ShouldBe(GapCause.PolicyOff);
        _camera.Sessions.Count.ShouldBe(1);
    }

    [Fact]
    public void The_time_in_which_the_recorder_was_down_becomes_a_gap_once_the_store_has_recovered()
    {
        ChannelRecorder before = Streaming();
        _store.Commit();
        before.Stop();
        WallTime lastEnd = _store.Runs[0].Durable.Wall;
        _clock.Advance(TimeSpan.FromMinutes(5));

        _store.RecoveringChunks = 1;
        ChannelRecorder after = Channel(GapCause.RecorderFailed);
        after.Tick();
        Advance(after, 500);
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        WallTime resumed = WallTime.Now(_clock);
        _store.RecoveringChunks = 0;
        after.Tick();

        ChannelTimeline timeline = ChannelTimeline.Read(_store, new ChannelId(7), new WallRange(WallTime.MinValue, WallTime.MaxValue), TimeSpan.Zero);
        timeline.Gaps.ShouldHaveSingleItem().ShouldBe(new Gap(new WallRange(lastEnd, resumed), GapCause.RecorderFailed));
    }

    [Fact]
    public void A_new_camera_begins_without_a_gap()
    {
        Streaming();
        _store.WrittenGaps.ShouldBeEmpty();
    }

    [Fact]
    public void A_changed_retention_time_holds_from_the_next_random_access_point_and_nothing_is_lost()
    {
        ChannelRecorder channel = Streaming();
        channel.Apply(channel.Camera with { RetentionDays = 7 });
        _camera.Last.Picture();
        _store.Runs.ShouldHaveSingleItem().Samples.Count.ShouldBe(2);
        _camera.Last.Picture(key: true);
        _camera.Last.Picture();
        _store.Runs.Select(run => (run.Start.RetentionClass.Value, run.Samples.Count, run.IsClosed)).ShouldBe([((byte)0, 2, true), ((byte)7, 2, false)]);
        _store.WrittenGaps.ShouldBeEmpty();
    }

    [Fact]
    public void A_camera_that_is_given_a_class_of_ones_own_moves_there_without_a_gap_and_back()
    {
        ChannelRecorder channel = Streaming();
        channel.Apply(channel.Camera with { RetentionDays = 7, RetentionClass = 200 });
        _camera.Last.Picture(key: true);
        channel.Apply(channel.Camera with { RetentionClass = null });
        _camera.Last.Picture();
        _camera.Last.Picture(key: true);
        _store.Runs.Select(run => (run.Start.RetentionClass.Value, run.Samples.Count)).ShouldBe([((byte)0, 1), ((byte)200, 2), ((byte)7, 1)]);
        _store.WrittenGaps.ShouldBeEmpty();
    }

    [Fact]
    public void A_change_of_the_address_leaves_a_gap_from_the_last_picture_to_the_next()
    {
        ChannelRecorder channel = Streaming();
        WallTime last = WallTime.Now(_clock);
        Advance(channel, 250);
        channel.Apply(channel.Camera with { Source = channel.Camera.Source with { User = "other" } });
        _store.Runs[0].IsClosed.ShouldBeTrue();
        Advance(channel, 250);
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        _store.WrittenGaps.ShouldHaveSingleItem().Gap.ShouldBe(new Gap(new WallRange(last, WallTime.Now(_clock)), GapCause.RecorderStopped));
    }

    [Fact]
    public void A_session_that_describes_itself_again_leaves_no_run_open()
    {
        Streaming();
        _camera.Last.Describe();
        _store.Runs.ShouldHaveSingleItem().IsClosed.ShouldBeTrue();
    }

    [Fact]
    public void A_run_after_a_long_absence_has_its_full_time_to_become_durable()
    {
        ChannelRecorder channel = Streaming();
        channel.Tick();
        _camera.Last.End();
        _clock.Advance(TimeSpan.FromHours(1));
        channel.Tick();
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        Advance(channel, 250);
        _camera.Last.Picture();
        _store.Runs.Count.ShouldBe(2);
        _store.Runs[1].IsClosed.ShouldBeFalse();
    }

    [Fact]
    public void A_session_may_take_its_time_to_the_first_picture_but_not_for_ever()
    {
        ChannelRecorder channel = Channel();
        channel.Tick();
        Run(channel, TimeSpan.FromSeconds(59));
        _camera.Sessions.ShouldHaveSingleItem().IsDisposed.ShouldBeFalse();
        Run(channel, TimeSpan.FromSeconds(3));
        _camera.Sessions.Count.ShouldBe(2);
        _camera.Sessions[0].IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public void A_gap_goes_on_being_told_when_the_clock_is_set_back()
    {
        ChannelRecorder channel = Streaming();
        _camera.Last.End();
        Advance(channel, 250);
        _clock.SetBack(TimeSpan.FromHours(1));
        Advance(channel, 250);
        WallTime early = WallTime.Now(_clock);
        Run(channel, TimeSpan.FromSeconds(5));
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        _store.WrittenGaps.ShouldContain((Video, new Gap(new WallRange(early, WallTime.Now(_clock)), GapCause.CameraOffline)));
    }

    [Fact]
    public void Time_in_which_recording_was_off_stays_off_in_the_books_when_the_camera_is_lost_after_it()
    {
        ChannelRecorder channel = Streaming();
        channel.Apply(channel.Camera with { Recording = RecordingMode.Off });
        WallTime off = WallTime.Now(_clock);
        Advance(channel, 5000);
        WallTime on = WallTime.Now(_clock);
        channel.Apply(channel.Camera with { Recording = RecordingMode.Continuous });
        _camera.Last.End();
        Run(channel, TimeSpan.FromSeconds(2));
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        _store.WrittenGaps.Select(gap => gap.Gap).ShouldBe(
            [new Gap(new WallRange(off, on), GapCause.PolicyOff), new Gap(new WallRange(on, WallTime.Now(_clock)), GapCause.CameraOffline)]);
    }

    [Fact]
    public void A_viewer_makes_the_session_hurry()
    {
        ChannelRecorder channel = Streaming();
        using (channel.Hub.TrySubscribe())
        {
            channel.Tick();
            _camera.Last.LowLatency.ShouldBeTrue();
            channel.Snapshot().Viewers.ShouldBe(1);
        }

        channel.Tick();
        _camera.Last.LowLatency.ShouldBeFalse();
    }

    [Fact]
    public void Rates_are_those_of_the_last_seconds()
    {
        ChannelRecorder channel = Streaming();
        for (int i = 0; i < 25 * 20; i++)
        {
            _camera.Last.Picture(key: i % 25 == 0, bytes: 10_000);
            _store.Commit();
            Advance(channel, 40);
        }

        channel.Snapshot().FrameRate.ShouldBe(25, 1);
        channel.Snapshot().Bitrate.ShouldBe(2_000_000, 100_000);
    }

    [Fact]
    public void All_blocks_come_back_when_a_channel_stops()
    {
        ChannelRecorder channel = Streaming();
        _camera.Last.Picture();
        _camera.Pool.RentedBytes.ShouldBeGreaterThan(0);
        channel.Stop();
        _camera.Pool.RentedBytes.ShouldBe(0);
    }

    private ChannelRecorder Channel(GapCause absence = GapCause.RecorderStopped)
    {
        Camera camera = new()
        {
            Id = new ChannelId(7), Name = "gate", Recording = RecordingMode.Continuous,
            Source = new CameraSource(new Uri("rtsp://127.0.0.1/1"), null, null, MediaTransport.Auto),
        };
        return new ChannelRecorder(camera, _store, _camera, _clock, new Random(1), absence);
    }

    private ChannelRecorder Streaming()
    {
        ChannelRecorder channel = Channel();
        channel.Tick();
        _camera.Last.Describe();
        _camera.Last.Picture(key: true);
        return channel;
    }

    private void Advance(ChannelRecorder channel, int milliseconds)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        channel.Tick();
    }

    private void Run(ChannelRecorder channel, TimeSpan span)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromMilliseconds(250))
        {
            Advance(channel, 250);
        }
    }
}
