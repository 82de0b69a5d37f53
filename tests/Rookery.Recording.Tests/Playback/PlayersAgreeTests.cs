// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using Rookery.Foundation;
using Rookery.Recording.Playback;
using Rookery.Recording.Playback.Hls;
using Rookery.Recording.Tests.Fakes;

namespace Rookery.Recording.Tests.Playback;

/// <summary>
/// Goal: another player sees exactly the pictures that were recorded. Method: record a real clip in a loop, give every output to ffmpeg, and compare checksums of decoded pictures
/// with those of the clip.
/// </summary>
[Trait("Category", "Tools")]
public sealed class PlayersAgreeTests : IDisposable
{
    private static readonly ChannelId Channel = new(7);
    private static readonly WallTime Noon = ScriptedCamera.Noon;
    private readonly string _folder = Directory.CreateTempSubdirectory("rookery-players-").FullName;
    private readonly MemoryVideoStore _store = new() { CommitEvery = TimeSpan.FromMilliseconds(400) };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mp4/h264-aac.mp4", 0.0)]
    [InlineData("mp4/h264-aac.mp4", 1.5)]
    [InlineData("mp4/h264-aac.mp4", 2.31)]
    [InlineData("mp4/h265.mp4", 1.05)]
    public async Task An_export_shows_the_pictures_of_the_range_and_no_others(string clip, double from)
    {
        string[] known = await KnownPicturesAsync(clip);
        Mp4Export export = (await Mp4Export.PrepareAsync(_store, Request(from, 4.0), default)).ShouldNotBeNull();
        string path = Path.Combine(_folder, "export.mp4");
        await using (FileStream file = File.Create(path))
        {
            await export.CopyToAsync(file, 0, export.LengthBytes, default);
        }

        string[] shown = await PicturesAsync("-i", path);
        int first = FirstPicture(from);
        int last = FirstPicture(4.0);
        shown.ShouldBe(Enumerable.Range(first, last - first).Select(picture => known[picture % known.Length]));
        string duration = await RunAsync("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path);
        double.Parse(duration, CultureInfo.InvariantCulture).ShouldBe(export.Duration.TotalSeconds, 0.001);
    }

    [Theory]
    [InlineData("mp4/h264-aac.mp4")]
    [InlineData("mp4/h265.mp4")]
    public async Task A_playlist_shows_every_picture(string clip)
    {
        string[] known = await KnownPicturesAsync(clip);
        string playlist = (await HlsPlaylist.MakeAsync(_store, Request(0, 100), HlsPlaylistKind.Finished, "", default)).ShouldNotBeNull();
        await File.WriteAllTextAsync(Path.Combine(_folder, "list.m3u8"), playlist);
        foreach (string line in playlist.Split('\n'))
        {
            if (line.StartsWith("#EXT-X-MAP", StringComparison.Ordinal))
            {
                string address = Path.GetFileNameWithoutExtension(line.Split('"')[1]);
                await File.WriteAllBytesAsync(Path.Combine(_folder, address + ".mp4"), HlsInit.Make(_store, address)!);
            }
            else if (line.EndsWith(".m4s", StringComparison.Ordinal))
            {
                HlsSegmentAddress.TryParse(Path.GetFileNameWithoutExtension(line.AsSpan()), out HlsSegmentAddress? address).ShouldBeTrue();
                HlsSegment segment = (await HlsSegment.PrepareAsync(_store, Channel, address, default)).ShouldNotBeNull();
                await using FileStream file = File.Create(Path.Combine(_folder, line));
                await segment.CopyToAsync(file, default);
            }
        }

        string[] shown = await PicturesAsync("-allowed_extensions", "ALL", "-i", Path.Combine(_folder, "list.m3u8"));
        shown.ShouldBe(Enumerable.Range(0, shown.Length).Select(picture => known[picture % known.Length]));
        shown.Length.ShouldBe(known.Length * Loops(clip));
    }

    [Fact]
    public async Task A_snapshot_is_the_picture_of_its_instant()
    {
        string[] known = await KnownPicturesAsync("mp4/h264-aac.mp4");
        foreach (double at in new[] { 0.1, 0.57, 1.21, 2.0 })
        {
            SnapshotClip clip = (await SnapshotSource.ReadAsync(_store, Channel, StreamRole.Main, Noon + TimeSpan.FromSeconds(at), SnapshotPrecision.Exact, default))
                .ShouldNotBeNull();
            string path = Path.Combine(_folder, "snapshot.mp4");
            await File.WriteAllBytesAsync(path, clip.Bytes);
            string[] shown = await PicturesAsync("-i", path);
            shown[clip.Picture].ShouldBe(known[PictureAt(clip.Wall) % known.Length]);
        }
    }

    /// <summary>Pictures of the clip are shown one twenty-fifth of a second apart; with reordering the first one waits for two picture times.</summary>
    private double _firstShown;

    private static PlaybackRequest Request(double from, double to) =>
        new() { Channel = Channel, Range = new(Noon + TimeSpan.FromSeconds(from), Noon + TimeSpan.FromSeconds(to)) };

    private int PictureAt(WallTime wall) => (int)Math.Round(((wall - Noon).TotalSeconds - _firstShown) * 25);

    /// <summary>The first picture captured at or after an instant.</summary>
    private int FirstPicture(double seconds) => Math.Max(0, (int)Math.Ceiling(((seconds - _firstShown) * 25) - 0.025));

    private static int Loops(string clip) => clip.Contains("h265", StringComparison.Ordinal) ? 8 : 4;

    private async Task<string[]> KnownPicturesAsync(string clip)
    {
        ClipCamera camera = new(clip);
        camera.Record(_store, Channel, Noon, Loops(clip));
        _store.Commit();
        _firstShown = clip.Contains("h265", StringComparison.Ordinal) ? 0 : 0.08;
        string[] known = await PicturesAsync("-ignore_editlist", "1", "-i", PathOf(clip));
        known.Length.ShouldBe(camera.Pictures);
        return known;
    }

    private static string PathOf(string clip, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../testdata", clip));

    /// <summary>Checksums of the decoded pictures in output order. A decoder's complaint is a failure.</summary>
    private static async Task<string[]> PicturesAsync(params string[] input)
    {
        string output = await RunAsync("ffmpeg", ["-v", "error", "-xerror", .. input, "-map", "0:v:0", "-fps_mode", "passthrough", "-f", "framemd5", "-"]);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split(',')[^1].Trim())];
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (await errors).ShouldBe("");
        process.ExitCode.ShouldBe(0);
        return output;
    }
}
