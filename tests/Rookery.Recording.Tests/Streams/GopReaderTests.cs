// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording.Playback;
using Rookery.Recording.Tests.Fakes;
using Rookery.Storage;

namespace Rookery.Recording.Tests;

/// <summary>What the hub let go of while nobody watched, and how a viewer gets it all the same.</summary>
public sealed class GopReaderTests
{
    private const int PictureBytes = 40_000;
    private readonly ManualClock _clock = new() { HasTimers = false };
    private readonly MemoryVideoStore _store = new();
    private readonly CameraThatObeys _camera;
    private readonly ChannelRecorder _channel;

    public GopReaderTests()
    {
        _camera = new CameraThatObeys(_clock);
        Camera camera = new() { Id = new ChannelId(7), Name = "yard", Source = new CameraSource(new Uri("rtsp://yard/1"), null, null, MediaTransport.Auto), Recording = RecordingMode.Continuous };
        _channel = new ChannelRecorder(camera, _store, _camera, _clock, new Random(1), GapCause.RecorderStopped);
        _channel.Tick();
        _camera.Last.Describe(withAudio: true);
    }

    [Fact]
    public void While_nobody_watches_memory_holds_only_what_is_not_durable_and_the_newest()
    {
        Pictures(10);
        long before = _camera.Pool.RentedBytes;
        _store.Commit();
        Picture();
        before.ShouldBeGreaterThan(10 * PictureBytes);
        _camera.Pool.RentedBytes.ShouldBeLessThan(3 * PictureBytes);
    }

    [Fact]
    public void While_somebody_watches_the_whole_group_stays_in_memory()
    {
        using StreamReader watching = _channel.Hub.TrySubscribe()!;
        Pictures(10);
        _store.Commit();
        Picture();
        using StreamReader another = _channel.Hub.TrySubscribe()!;
        another.Missing.ShouldBeNull();
        Read(another).Count.ShouldBe(22);
    }

    [Fact]
    public async Task A_viewer_begins_with_the_whole_group_in_order_bit_for_bit()
    {
        using StreamReader all = _channel.Hub.TrySubscribe()!;
        Pictures(4);
        _store.Commit();
        Picture();
        List<(int Track, long Time, int Length, byte First)> expected = Read(all);
        all.Dispose();
        Picture();
        _store.Commit();
        Picture();
        _store.Reads.ShouldBe(0);
        using StreamReader viewer = (await _channel.TryWatchAsync(default))!;
        Picture();
        _store.Reads.ShouldBe(4, "two records of each track");
        List<(int Track, long Time, int Length, byte First)> got = Read(viewer);
        got.Count.ShouldBe(16);
        got.Take(expected.Count).ShouldBe(expected);
        got.Where(unit => unit.Track == 0).Select(unit => unit.Time).ShouldBe(Enumerable.Range(0, 8).Select(i => i * 3600L));
    }

    /// <summary>Goal: the end of a session before, whose decode times begin at the same number, is not taken for this one.</summary>
    [Fact]
    public async Task An_earlier_session_with_the_same_decode_times_is_told_apart()
    {
        Pictures(3);
        _store.Commit();
        _camera.Last.End();
        _channel.Apply(_channel.Camera with { Source = _channel.Camera.Source with { Url = new Uri("rtsp://yard/2") } });
        _channel.Tick();
        _camera.Last.Describe(withAudio: true);
        _camera.Last.Picture(key: true, bytes: 500);
        _camera.Last.Picture(bytes: 600);
        _store.Commit();
        _camera.Last.Picture(bytes: 700);
        using StreamReader viewer = (await _channel.TryWatchAsync(default))!;
        Read(viewer).Select(unit => unit.Length).ShouldBe([500, 600, 700]);
    }

    [Fact]
    public async Task When_the_disk_does_not_give_it_the_view_begins_at_the_next_random_access_point()
    {
        Pictures(3);
        _store.Commit();
        Picture();
        StreamId video = new TrackKey(new ChannelId(7), StreamRole.Main, 0).ToStreamId();
        await foreach (StoredRecord record in _store.ReadRecordsAsync(video, new WallRange(WallTime.MinValue, WallTime.MaxValue), default))
        {
            _store.Lose(record);
        }

        using StreamReader viewer = (await _channel.TryWatchAsync(default))!;
        Picture();
        Read(viewer).ShouldBeEmpty();
        Picture(key: true);
        Read(viewer).Count.ShouldBe(2);
    }

    /// <summary>Goal: a disk that hangs holds no viewer. The read cannot be called back, so what it gives in the end must not be lost either.</summary>
    [Fact]
    public async Task A_disk_that_hangs_holds_no_viewer_and_what_it_gives_later_goes_back()
    {
        Pictures(3);
        _store.Commit();
        Picture();
        GopReader reader = new(_store, _clock, new ChannelId(7));
        using StreamReader viewer = _channel.Hub.TrySubscribe()!;
        long before = _camera.Pool.RentedBytes;
        TaskCompletionSource hangs = new();
        _store.ReadsWaitFor = hangs.Task;
        // One track, hence one read: all that is missing comes, too late.
        MissingPart missing = viewer.Missing! with { Items = [.. viewer.Missing!.Items.Where(item => item.Track == 0)] };
        Task<StreamItem[]?> coming = reader.TryReadAsync(missing, default);
        coming.IsCompleted.ShouldBeFalse();

        _clock.Ring();
        // A safety net: without the limit it would never come.
        (await coming.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeNull();
        hangs.SetResult();
        await reader.Late.WaitAsync(TimeSpan.FromSeconds(30));
        _camera.Pool.RentedBytes.ShouldBe(before);
    }

    /// <summary>Goal: a viewer who comes while another watches begins gapless too, also where a group of pictures is longer than what may wait for a reader.</summary>
    [Fact]
    public void A_group_longer_than_the_queue_of_a_reader_is_given_whole()
    {
        const int Count = StreamReader.Capacity + 100;
        using StreamReader watching = _channel.Hub.TrySubscribe()!;
        for (int i = 0; i < Count; i++)
        {
            _camera.Last.Picture(key: i == 0, bytes: 100);
        }

        using StreamReader another = _channel.Hub.TrySubscribe()!;
        Read(another).Select(unit => unit.Time).ShouldBe(Enumerable.Range(0, Count).Select(i => i * 3600L));
        another.Skipped.ShouldBe(0);
    }

    [Fact]
    public void A_camera_that_sends_no_random_access_point_is_not_remembered_without_end()
    {
        for (int i = 0; i < GopCache.MaximumItems + 1; i++)
        {
            _camera.Last.Picture(key: i == 0, bytes: 10);
        }

        using StreamReader viewer = _channel.Hub.TrySubscribe()!;
        Read(viewer).ShouldBeEmpty();
        _camera.Last.Picture(key: true, bytes: 10);
        Read(viewer).Count.ShouldBe(1);
    }

    [Fact]
    public async Task All_blocks_come_back()
    {
        Pictures(5);
        _store.Commit();
        Picture();
        StreamReader read = (await _channel.TryWatchAsync(default))!;
        read.TryRead(out StreamItem item).ShouldBeTrue();
        item.Release();
        read.Dispose();
        _channel.Stop();
        _camera.Pool.RentedBytes.ShouldBe(0);
    }

    [Fact]
    public void What_is_not_recorded_stays_in_memory_up_to_the_limit()
    {
        _channel.Apply(_channel.Camera with { Recording = RecordingMode.Off });
        Pictures(10);
        _store.Commit();
        Picture();
        using StreamReader viewer = _channel.Hub.TrySubscribe()!;
        viewer.Missing.ShouldBeNull();
        Read(viewer).Count.ShouldBe(22);
    }

    private void Pictures(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Picture(key: i == 0);
        }
    }

    private void Picture(bool key = false)
    {
        _camera.Last.Picture(key, PictureBytes);
        _camera.Last.Sound();
        _clock.Advance(TimeSpan.FromMilliseconds(40));
    }

    private static List<(int Track, long Time, int Length, byte First)> Read(StreamReader reader)
    {
        List<(int, long, int, byte)> units = [];
        while (reader.TryRead(out StreamItem item))
        {
            units.Add((item.Track, item.Unit.DecodeTime, item.Unit.Data.Length, item.Unit.Data.Span[0]));
            item.Release();
        }

        return units;
    }
}
