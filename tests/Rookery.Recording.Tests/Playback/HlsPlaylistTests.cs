// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Media.Mp4.Reading;
using Rookery.Recording.Playback;
using Rookery.Recording.Playback.Hls;
using Rookery.Recording.Tests.Fakes;

namespace Rookery.Recording.Tests.Playback;

public sealed class HlsPlaylistTests
{
    private static readonly ChannelId Channel = new(7);
    private static readonly WallTime Noon = ScriptedCamera.Noon;
    private readonly MemoryVideoStore _store = new() { CommitEvery = TimeSpan.FromMilliseconds(400) };
    private readonly ScriptedCamera _camera;

    public HlsPlaylistTests() => _camera = new ScriptedCamera(_store, Channel);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Segments_together_have_every_access_unit_once_and_no_holes(bool isReordered)
    {
        _camera.IsReordered = isReordered;
        _camera.Record(Noon, TimeSpan.FromSeconds(30));
        _store.Commit();
        string[] playlist = await LinesAsync(0, 30, HlsPlaylistKind.Finished);
        playlist.ShouldContain("#EXT-X-PLAYLIST-TYPE:VOD");
        playlist[^1].ShouldBe("#EXT-X-ENDLIST");
        playlist.ShouldNotContain("#EXT-X-DISCONTINUITY");
        Segments(playlist).Count().ShouldBe(8); // 7 of four seconds, one of two
        playlist.Where(line => line.StartsWith("#EXTINF", StringComparison.Ordinal)).Select(Seconds).Sum().ShouldBe(30, 0.0001);

        using MemoryStream stream = await DownloadAsync(playlist);
        Mp4File file = Mp4Reader.Read(stream);
        foreach (int track in new[] { 0, 1 })
        {
            Mp4FileTrack read = file.Tracks[track];
            RecordedUnit[] expected = [.. _camera.Units.Where(unit => unit.Track == track)];
            // Sound from before the first picture is shown has no place; with reordering that is one picture time.
            RecordedUnit[] kept = [.. expected.Skip(expected.Length - read.Samples.Count)];
            (expected.Length - kept.Length).ShouldBeLessThanOrEqualTo(isReordered && track == 1 ? 3 : 0);
            for (int i = 0; i < kept.Length; i++)
            {
                Mp4Reader.ReadSample(stream, read.Samples[i]).AsSpan().SequenceEqual(kept[i].Data).ShouldBeTrue();
                read.Samples[i].CompositionOffset.ShouldBe(kept[i].CompositionOffset);
            }

            for (int i = 1; i < kept.Length; i++)
            {
                Mp4Sample before = read.Samples[i - 1];
                read.Samples[i].DecodeTime.ShouldBe(before.DecodeTime + before.Duration);
                before.Duration.ShouldBe(track == 0 ? 3600u : 1024u);
            }
        }
    }

    [Fact]
    public async Task The_start_is_told_and_lies_behind_the_random_access_point()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(30));
        _store.Commit();
        string[] playlist = await LinesAsync(5.4, 20, HlsPlaylistKind.Finished);
        playlist.ShouldContain("#EXT-X-START:TIME-OFFSET=0.400,PRECISE=YES");
        playlist.ShouldContain("#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:00:05.000Z");
    }

    [Fact]
    public async Task A_gap_is_a_discontinuity_with_the_time_it_ends()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(6));
        _camera.Record(At(100), TimeSpan.FromSeconds(6));
        _store.Commit();
        string[] playlist = await LinesAsync(0, 200, HlsPlaylistKind.Finished);
        int at = Array.IndexOf(playlist, "#EXT-X-DISCONTINUITY");
        at.ShouldBeGreaterThan(0);
        playlist[at + 1].ShouldBe("#EXT-X-PROGRAM-DATE-TIME:2026-11-22T12:01:40.000Z");
        playlist.Count(line => line.StartsWith("#EXT-X-MAP", StringComparison.Ordinal)).ShouldBe(1);
        playlist.Where(line => line.StartsWith("#EXTINF", StringComparison.Ordinal)).Select(Seconds).Sum().ShouldBe(12, 0.0001);
    }

    [Fact]
    public async Task A_new_format_is_a_discontinuity_with_its_own_initialization_segment()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(6));
        _camera.Video = _camera.Video with { Width = 1280, Height = 720 };
        _camera.Record(At(6), TimeSpan.FromSeconds(6));
        _store.Commit();
        string[] playlist = await LinesAsync(0, 12, HlsPlaylistKind.Finished);
        string[] maps = [.. playlist.Where(line => line.StartsWith("#EXT-X-MAP", StringComparison.Ordinal)).Select(Map)];
        maps.Length.ShouldBe(2);
        Mp4Reader.Read(new MemoryStream(HlsInit.Make(_store, maps[1])!)).Tracks[0].Formats[0].Width.ShouldBe(1280);
        playlist.Count(line => line == "#EXT-X-DISCONTINUITY").ShouldBe(1);
    }

    /// <summary>Goal: a player that reloads never finds a segment changed. Method: ask after every commit; each playlist must begin with the one before it.</summary>
    [Fact]
    public async Task A_growing_playlist_only_grows()
    {
        string before = "";
        int growths = 0;
        for (int session = 0; session < 6; session++)
        {
            _camera.Record(At(session * 10), TimeSpan.FromSeconds(session == 3 ? 4 : 8.7));
            string? now = await HlsPlaylist.MakeAsync(_store, Request(2, 1000), HlsPlaylistKind.Growing, "", default);
            if (now is not null)
            {
                now.ShouldStartWith(before);
                now.ShouldNotContain("ENDLIST");
                growths += now.Length > before.Length ? 1 : 0;
                before = now;
            }
        }

        growths.ShouldBeGreaterThan(4);
        _store.Commit();
        string finished = (await HlsPlaylist.MakeAsync(_store, Request(2, 1000), HlsPlaylistKind.Finished, "", default))!;
        finished.Replace(":VOD", ":EVENT", StringComparison.Ordinal).ShouldStartWith(before);
    }

    [Fact]
    public async Task Sound_that_browsers_do_not_play_is_left_out()
    {
        _camera.Audio = new TrackFormat { Codec = Codec.Pcmu, Timescale = 8000, SampleRate = 8000, Channels = 1 };
        _camera.Record(Noon, TimeSpan.FromSeconds(6));
        _store.Commit();
        string[] playlist = await LinesAsync(0, 6, HlsPlaylistKind.Finished);
        using MemoryStream stream = await DownloadAsync(playlist);
        Mp4Reader.Read(stream).Tracks.ShouldHaveSingleItem().Kind.ShouldBe(TrackKind.Video);
    }

    [Fact]
    public async Task Nothing_recorded_is_no_playlist()
    {
        (await HlsPlaylist.MakeAsync(_store, Request(0, 10), HlsPlaylistKind.Finished, "", default)).ShouldBeNull();
        _camera.Video = new TrackFormat { Codec = Codec.Jpeg, Timescale = 90_000, Width = 640, Height = 360 };
        _camera.Record(Noon, TimeSpan.FromSeconds(6));
        _store.Commit();
        (await HlsPlaylist.MakeAsync(_store, Request(0, 10), HlsPlaylistKind.Finished, "", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_segment_that_retention_took_is_told_as_missing()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(6));
        _store.Commit();
        string[] playlist = await LinesAsync(0, 6, HlsPlaylistKind.Finished);
        HlsSegmentAddress.TryParse(Segments(playlist).First(), out HlsSegmentAddress? address).ShouldBeTrue();
        await using MemoryVideoStore empty = new();
        (await HlsSegment.PrepareAsync(empty, Channel, address, default)).ShouldBeNull();
        (await HlsSegment.PrepareAsync(_store, new ChannelId(8), address, default)).ShouldBeNull();
    }

    [Fact]
    public void Addresses_survive_and_damaged_ones_are_refused_or_harmless()
    {
        HlsSegmentAddress address = new(
            new(Noon, At(5)),
            [new(StreamRole.Main, 0, 3, -7, 360_000, 7), new(StreamRole.Sub, 1, ulong.MaxValue, 1L << 40, 192_000, -(1L << 40))]);
        string text = address.ToString();
        HlsSegmentAddress.TryParse(text, out HlsSegmentAddress? read).ShouldBeTrue();
        read!.Wall.ShouldBe(address.Wall);
        read.Parts.ShouldBe(address.Parts);
        HlsSegmentAddress.TryParse("", out _).ShouldBeFalse();
        HlsSegmentAddress.TryParse("../../etc", out _).ShouldBeFalse();
        HlsSegmentAddress.TryParse(new string('A', 5000), out _).ShouldBeFalse();
        Random random = new(11);
        for (int i = 0; i < 20_000; i++)
        {
            char[] bad = text.ToCharArray();
            for (int j = random.Next(1, 5); j > 0; j--)
            {
                bad[random.Next(bad.Length)] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.Next(64)];
            }

            if (HlsSegmentAddress.TryParse(bad.AsSpan(0, random.Next(bad.Length + 1)), out HlsSegmentAddress? odd))
            {
                odd.Parts.Count.ShouldBeInRange(1, HlsSegmentAddress.MaximumParts);
                odd.Wall.Duration.ShouldBeLessThanOrEqualTo(TimeSpan.FromHours(1));
            }
        }
    }

    [Fact]
    public async Task An_address_that_lies_gives_a_segment_or_nothing_but_never_a_fault()
    {
        _camera.Record(Noon, TimeSpan.FromSeconds(6));
        _store.Commit();
        string[] playlist = await LinesAsync(0, 6, HlsPlaylistKind.Finished);
        HlsSegmentAddress.TryParse(Segments(playlist).First(), out HlsSegmentAddress? good).ShouldBeTrue();
        Random random = new(12);
        for (int i = 0; i < 2000; i++)
        {
            HlsSegmentPart[] parts = [.. good!.Parts];
            int at = random.Next(parts.Length);
            parts[at] = random.Next(4) switch
            {
                0 => parts[at] with { TimeOffset = random.NextInt64(-1L << 59, 1L << 59) },
                1 => parts[at] with { From = parts[at].From + random.Next(-100_000, 100_000) },
                2 => parts[at] with { Length = random.NextInt64(1, 1L << 59) },
                _ => parts[at] with { Track = (byte)random.Next(3) },
            };
            HlsSegment? segment = await HlsSegment.PrepareAsync(_store, Channel, good with { Parts = parts }, default);
            if (segment is not null)
            {
                await segment.CopyToAsync(Stream.Null, default);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000000-00000000000000000000000000000000-00000000000000000000000000000000")]
    public void Initialization_segments_of_unknown_formats_are_refused(string address) => HlsInit.Make(_store, address).ShouldBeNull();

    private static WallTime At(double seconds) => Noon + TimeSpan.FromSeconds(seconds);

    private static PlaybackRequest Request(double from, double to) => new() { Channel = Channel, Range = new(At(from), At(to)) };

    private async Task<string[]> LinesAsync(double from, double to, HlsPlaylistKind kind) =>
        (await HlsPlaylist.MakeAsync(_store, Request(from, to), kind, "", default)).ShouldNotBeNull().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Segments(string[] playlist) =>
        playlist.Where(line => line.EndsWith(".m4s", StringComparison.Ordinal)).Select(line => line[..^4]);

    private static double Seconds(string line) => double.Parse(line["#EXTINF:".Length..^1], CultureInfo.InvariantCulture);

    private static string Map(string line) => line["#EXT-X-MAP:URI=\"".Length..^".mp4\"".Length];

    /// <summary>What a player has after it loaded everything.</summary>
    private async Task<MemoryStream> DownloadAsync(string[] playlist)
    {
        MemoryStream stream = new();
        await stream.WriteAsync(HlsInit.Make(_store, Map(playlist.Single(line => line.StartsWith("#EXT-X-MAP", StringComparison.Ordinal)))));
        foreach (string text in Segments(playlist))
        {
            HlsSegmentAddress.TryParse(text, out HlsSegmentAddress? address).ShouldBeTrue();
            HlsSegment segment = (await HlsSegment.PrepareAsync(_store, Channel, address, default)).ShouldNotBeNull();
            long before = stream.Length;
            await segment.CopyToAsync(stream, default);
            (stream.Length - before).ShouldBe(segment.LengthBytes);
        }

        return stream;
    }
}
