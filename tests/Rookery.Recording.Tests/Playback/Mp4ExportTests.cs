// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4.Reading;
using Rookery.Recording.Playback;
using Rookery.Recording.Tests.Fakes;
using Rookery.Storage;

namespace Rookery.Recording.Tests.Playback;

public sealed class Mp4ExportTests
{
    private static readonly ChannelId Channel = new(7);
    private static readonly WallTime Noon = ScriptedCamera.Noon;
    private readonly MemoryVideoStore _store = new() { CommitEvery = TimeSpan.FromMilliseconds(400) };
    private readonly ScriptedCamera _camera;

    public Mp4ExportTests() => _camera = new ScriptedCamera(_store, Channel);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_range_has_every_access_unit_from_the_random_access_point_before_it_to_its_end(bool isReordered)
    {
        _camera.IsReordered = isReordered;
        _camera.Record(Noon, TimeSpan.FromSeconds(20));
        _store.Commit();
        (Mp4Export export, Mp4File file, _) = await ExportAsync(5.5, 12.3);

        RecordedUnit[] video = Units(0);
        RecordedUnit start = video.Last(unit => unit.IsRandomAccess && unit.Wall <= At(5.5));
        long end = video[0].PresentationTime + (long)((12.3 - (isReordered ? 0.04 : 0)) * 90_000);
        RecordedUnit[] expected = [.. video.Where(unit => unit.DecodeTime >= start.DecodeTime && unit.DecodeTime < end)];
        Compare(file.Tracks[0], expected);

        // What is shown begins with the first picture captured at or after the start, and ends where the range ends.
        RecordedUnit first = expected.Where(unit => unit.Wall >= At(5.5)).MinBy(unit => unit.Wall)!;
        file.Tracks[0].Edits.ShouldHaveSingleItem().MediaTime.ShouldBe(first.PresentationTime - start.DecodeTime);
        export.Wall.ShouldBe(new WallRange(first.Wall, At(12.3)));
        export.Duration.ShouldBe(At(12.3) - first.Wall, TimeSpan.FromMilliseconds(1));
        export.Gaps.ShouldBe(0);
    }

    [Fact]
    public async Task Sound_stays_with_the_picture_to_the_sample()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(20));
        _store.Commit();
        (_, Mp4File file, _) = await ExportAsync(5.5, 12.3);
        Mp4FileTrack audio = file.Tracks[1];
        Mp4Edit edit = audio.Edits.ShouldHaveSingleItem();
        RecordedUnit[] all = Units(1);
        // Which frame, and which sample of it, sounds at the first instant shown (12:00:05.52, the first picture after 5.5 s)?
        Mp4Sample sounding = audio.Samples.Last(sample => sample.DecodeTime <= edit.MediaTime);
        RecordedUnit unit = all.Single(unit => unit.Data.AsSpan().SequenceEqual(Bytes(audio, sounding)));
        double heard = (unit.Wall - Noon).TotalSeconds + ((edit.MediaTime - sounding.DecodeTime) / 48_000.0);
        heard.ShouldBe(5.52, 0.0001);
        audio.Samples.Select(sample => sample.Duration).Distinct().ShouldBe([1024u]);
    }

    [Fact]
    public async Task A_short_gap_stays_a_pause_and_a_long_one_is_closed()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(4));
        _camera.Record(At(5.5), TimeSpan.FromSeconds(4));
        _camera.Record(At(60), TimeSpan.FromSeconds(4));
        _store.Commit();
        (Mp4Export export, Mp4File file, _) = await ExportAsync(0, 100);
        export.Gaps.ShouldBe(2);
        Compare(file.Tracks[0], Units(0));
        uint[] pauses = [.. file.Tracks[0].Samples.Select(sample => sample.Duration).Where(duration => duration != 3600)];
        pauses.ShouldBe([3600u + (uint)(1.5 * 90_000)]);
        export.Duration.TotalSeconds.ShouldBe(4 + 1.5 + 4 + 4, 0.001);
        // Sound of all three sessions, each at its place.
        Mp4FileTrack audio = file.Tracks[1];
        foreach (int session in new[] { 1, 2, 3 })
        {
            RecordedUnit[] heard = [.. Units(1).Where(unit => unit.Session == session)];
            double expected = session switch { 1 => 0, 2 => 5.5, _ => 9.5 };
            Mp4Sample first = audio.Samples.First(sample => heard.Any(unit => unit.Data.AsSpan().SequenceEqual(Bytes(audio, sample))));
            (first.DecodeTime / 48_000.0).ShouldBe(expected, 0.022, $"session {session}");
        }
    }

    [Fact]
    public async Task A_start_in_a_gap_begins_with_what_comes_next()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(5));
        _camera.Record(At(60), TimeSpan.FromSeconds(5));
        _store.Commit();
        (Mp4Export export, Mp4File file, _) = await ExportAsync(30, 100);
        export.Wall.ShouldBe(new WallRange(At(60), At(65)));
        export.Gaps.ShouldBe(0);
        Compare(file.Tracks[0], [.. Units(0).Where(unit => unit.Session == 2)]);
        file.Tracks[0].Edits.ShouldHaveSingleItem().MediaTime.ShouldBe(0);
    }

    [Fact]
    public async Task After_a_lost_record_playing_goes_on_at_the_next_random_access_point()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(10));
        _store.Commit();
        List<StoredRecord> records = [];
        await foreach (StoredRecord record in _store.ReadRecordsAsync(_camera.VideoStream, new(Noon, At(100)), default))
        {
            records.Add(record);
        }

        StoredRecord lost = records.First(record => record.Wall.Start > At(3.1));
        _store.Lose(lost);
        (Mp4Export export, Mp4File file, _) = await ExportAsync(0, 100);
        RecordedUnit resume = Units(0).First(unit => unit.IsRandomAccess && unit.Wall >= lost.Wall.End);
        Compare(file.Tracks[0], [.. Units(0).Where(unit => unit.Wall < lost.Wall.Start || unit.Wall >= resume.Wall)]);
        export.Gaps.ShouldBe(1);
        export.Duration.TotalSeconds.ShouldBe(10, 0.001); // the pause is kept: it is short
    }

    [Fact]
    public async Task A_new_format_gets_its_own_description()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(3));
        _camera.Video = _camera.Video with { Width = 1280, Height = 720 };
        _camera.Record(At(3), TimeSpan.FromSeconds(3));
        _store.Commit();
        (_, Mp4File file, _) = await ExportAsync(0, 6);
        file.Tracks[0].Formats.Select(format => format.Width).ShouldBe([640, 1280]);
        file.Tracks[0].Samples.Select(sample => sample.Format).ShouldBe(Enumerable.Repeat(0, 75).Concat(Enumerable.Repeat(1, 75)));
        Compare(file.Tracks[0], Units(0));
    }

    [Fact]
    public async Task Any_range_of_bytes_is_the_same_as_in_the_whole_file()
    {
        _camera.PictureBytes = 20_000;
        _camera.Record(Noon, TimeSpan.FromSeconds(30));
        _store.Commit();
        (Mp4Export export, _, byte[] whole) = await ExportAsync(0, 30);
        whole.Length.ShouldBeGreaterThan(5 * PayloadBufferBytes);
        Random random = new(3);
        for (int i = 0; i < 200; i++)
        {
            int from = random.Next(whole.Length + 1);
            int length = random.Next(Math.Min(whole.Length - from, i % 10 == 0 ? whole.Length : 100_000) + 1);
            MemoryStream part = new();
            await export.CopyToAsync(part, from, length, default);
            part.ToArray().AsSpan().SequenceEqual(whole.AsSpan(from, length)).ShouldBeTrue($"{from} + {length}");
        }
    }

    private const int PayloadBufferBytes = 2 << 20;

    /// <summary>Each read of a disk costs a seek, and audio would cost as many as video.</summary>
    [Fact]
    public async Task Tracks_of_one_commit_are_read_together_and_still_verified()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(20));
        _store.Commit();
        int before = _store.Reads;
        _ = await ExportAsync(0, 20); // the store verifies checksums, also of two records together
        (_store.Reads - before).ShouldBeLessThanOrEqualTo(20 * 1000 / 400 + 2);
    }

    [Fact]
    public async Task The_tag_changes_with_the_content_only()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(10));
        _store.Commit();
        (Mp4Export one, _, _) = await ExportAsync(2, 8);
        (Mp4Export same, _, _) = await ExportAsync(2, 8);
        (Mp4Export other, _, _) = await ExportAsync(2, 8.04);
        same.ETag.ShouldBe(one.ETag);
        other.ETag.ShouldNotBe(one.ETag);
    }

    [Fact]
    public async Task A_record_that_vanishes_ends_the_copy_and_nothing_is_made_up()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(10));
        _store.Commit();
        (Mp4Export export, _, byte[] whole) = await ExportAsync(0, 10);
        List<StoredRecord> records = [];
        await foreach (StoredRecord record in _store.ReadRecordsAsync(_camera.VideoStream, new(Noon, At(100)), default))
        {
            records.Add(record);
        }

        _store.Lose(records[^2]);
        MemoryStream copy = new();
        await Should.ThrowAsync<RecordLostException>(() => export.CopyToAsync(copy, 0, export.LengthBytes, default));
        copy.ToArray().AsSpan().SequenceEqual(whole.AsSpan(0, (int)copy.Length)).ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_recorded_is_null_and_not_an_empty_file()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(1));
        _store.Commit();
        (await Mp4Export.PrepareAsync(_store, Request(30, 40), default)).ShouldBeNull();
        (await Mp4Export.PrepareAsync(_store, Request(0, 1) with { Channel = new(8) }, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Without_audio_there_is_none()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(2));
        _store.Commit();
        Mp4Export export = (await Mp4Export.PrepareAsync(_store, Request(0, 2) with { IncludeAudio = false }, default))!;
        export.AudioFormat.ShouldBeNull();
        MemoryStream file = new();
        await export.CopyToAsync(file, 0, export.LengthBytes, default);
        Mp4Reader.Read(file).Tracks.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_camera_that_only_hears_is_exported_too()
    {
        ScriptedCamera microphone = new(_store, new ChannelId(9));
        TrackFormat audio = microphone.Audio!;
        microphone.Record(Noon, TimeSpan.FromSeconds(0)); // leaves no record: only its sessions
        using (IStreamAppender run = _store.BeginRun(new RunStart(microphone.VideoStream, 0, default, 48_000, audio.ToBytes())))
        {
            Block block = new BlockPool(1 << 20).TryRent(100)!;
            for (int i = 0; i < 100; i++)
            {
                run.TryAppend(new Sample(i * 1024, 0, SampleFlags.None, At(i * 1024 / 48_000.0), new BlockSlice(block, 0, 50)));
            }
        }

        _store.Commit();
        Mp4Export export = (await Mp4Export.PrepareAsync(_store, Request(0, 1) with { Channel = new(9) }, default))!;
        export.Format.Codec.ShouldBe(Codec.Aac);
        export.Duration.TotalSeconds.ShouldBe(1, 0.03);
    }

    private static WallTime At(double seconds) => Noon + TimeSpan.FromSeconds(seconds);

    private static PlaybackRequest Request(double from, double to) => new() { Channel = Channel, Range = new(At(from), At(to)) };

    private RecordedUnit[] Units(int track) => [.. _camera.Units.Where(unit => unit.Track == track)];

    private MemoryStream? _file;

    private async Task<(Mp4Export Export, Mp4File File, byte[] Bytes)> ExportAsync(double from, double to)
    {
        Mp4Export export = (await Mp4Export.PrepareAsync(_store, Request(from, to), default)).ShouldNotBeNull();
        _file = new MemoryStream();
        await export.CopyToAsync(_file, 0, export.LengthBytes, default);
        _file.Length.ShouldBe(export.LengthBytes);
        return (export, Mp4Reader.Read(_file), _file.ToArray());
    }

    private ReadOnlySpan<byte> Bytes(Mp4FileTrack track, in Mp4Sample sample)
    {
        track.ShouldNotBeNull();
        return Mp4Reader.ReadSample(_file!, sample);
    }

    private void Compare(Mp4FileTrack track, RecordedUnit[] expected)
    {
        track.Samples.Count.ShouldBe(expected.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Mp4Sample sample = track.Samples[i];
            (sample.IsSync, sample.CompositionOffset).ShouldBe((expected[i].IsRandomAccess, expected[i].CompositionOffset));
            Mp4Reader.ReadSample(_file!, sample).AsSpan().SequenceEqual(expected[i].Data).ShouldBeTrue($"access unit {i}");
            if (i > 0 && expected[i].Session == expected[i - 1].Session && expected[i].DecodeTime - expected[i - 1].DecodeTime == ScriptedCamera.PictureTicks)
            {
                (sample.DecodeTime - track.Samples[i - 1].DecodeTime).ShouldBe(ScriptedCamera.PictureTicks);
            }
        }
    }
}
