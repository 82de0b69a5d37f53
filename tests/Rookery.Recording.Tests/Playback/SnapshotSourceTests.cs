// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4.Reading;
using Rookery.Recording.Playback;
using Rookery.Recording.Tests.Fakes;

namespace Rookery.Recording.Tests.Playback;

public sealed class SnapshotSourceTests
{
    private static readonly ChannelId Channel = new(7);
    private static readonly WallTime Noon = ScriptedCamera.Noon;
    private readonly MemoryVideoStore _store = new() { CommitEvery = TimeSpan.FromMilliseconds(400) };
    private readonly ScriptedCamera _camera;

    public SnapshotSourceTests() => _camera = new ScriptedCamera(_store, Channel);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task At_every_instant_it_is_the_picture_that_was_on_screen(bool isReordered)
    {
        _camera.IsReordered = isReordered;
        _camera.Record(Noon, TimeSpan.FromSeconds(10));
        _store.Commit();
        for (double seconds = 1.0; seconds < 4; seconds += 0.013)
        {
            WallTime instant = Noon + TimeSpan.FromMicroseconds(Math.Round(seconds * 1_000_000));
            SnapshotClip clip = (await ReadAsync(instant, SnapshotPrecision.Exact)).ShouldNotBeNull();
            RecordedUnit shown = _camera.Units.Where(unit => unit.Track == 0 && unit.Wall <= instant + TimeSpan.FromMilliseconds(1)).MaxBy(unit => unit.Wall)!;
            clip.Wall.ShouldBe(shown.Wall);
            using MemoryStream stream = new(clip.Bytes.ToArray());
            Mp4FileTrack track = Mp4Reader.Read(stream).Tracks.ShouldHaveSingleItem();
            track.Samples[0].IsSync.ShouldBeTrue();
            Mp4Sample picture = track.Samples.OrderBy(sample => sample.PresentationTime).ElementAt(clip.Picture);
            Mp4Reader.ReadSample(stream, picture).ShouldBe(shown.Data);
        }
    }

    [Fact]
    public async Task For_scrubbing_it_is_one_picture()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(10));
        _store.Commit();
        SnapshotClip clip = (await ReadAsync(Noon + TimeSpan.FromSeconds(3.9), SnapshotPrecision.RandomAccessPoint)).ShouldNotBeNull();
        clip.Wall.ShouldBe(Noon + TimeSpan.FromSeconds(3));
        clip.Picture.ShouldBe(0);
        Mp4Reader.Read(new MemoryStream(clip.Bytes.ToArray())).Tracks[0].Samples.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_JPEG_camera_gives_its_picture_as_it_is()
    {
        _camera.Video = new TrackFormat { Codec = Codec.Jpeg, Timescale = 90_000, Width = 640, Height = 360 };
        _camera.Record(Noon, TimeSpan.FromSeconds(3));
        _store.Commit();
        SnapshotClip clip = (await ReadAsync(Noon + TimeSpan.FromSeconds(2.05), SnapshotPrecision.Exact)).ShouldNotBeNull();
        clip.Bytes.ToArray().ShouldBe(_camera.Units.Single(unit => unit.Track == 0 && unit.Wall == Noon + TimeSpan.FromSeconds(2.04)).Data);
    }

    [Fact]
    public async Task Where_nothing_is_recorded_there_is_no_picture()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(3));
        _camera.Record(Noon + TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(3));
        _store.Commit();
        (await ReadAsync(Noon + TimeSpan.FromSeconds(30), SnapshotPrecision.Exact)).ShouldBeNull();
        (await ReadAsync(Noon + TimeSpan.FromSeconds(-1), SnapshotPrecision.Exact)).ShouldBeNull();
        (await ReadAsync(Noon + TimeSpan.FromSeconds(70), SnapshotPrecision.RandomAccessPoint)).ShouldBeNull();
    }

    private Task<SnapshotClip?> ReadAsync(WallTime instant, SnapshotPrecision precision) =>
        SnapshotSource.ReadAsync(_store, Channel, StreamRole.Main, instant, precision, default);
}
