// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm;
using Rookery.Farm.Clips;
using Rookery.Media;

namespace Rookery.EndToEnd;

/// <summary>Cameras in this process that remember every access unit they sent.</summary>
internal static class TestFarm
{
    private static readonly PictureMaker Maker = new(Path.Combine(Path.GetTempPath(), "rookery-e2e-clips"));

    /// <summary>Small and quick to make: 640 × 360, 25 pictures a second, a group of one second.</summary>
    public static PictureSpec Small(int picture = 0, Codec codec = Codec.H264, FarmAudio audio = FarmAudio.Aac, int bFrames = 0) => new()
    {
        Picture = picture, Codec = codec, Audio = audio, Width = 640, Height = 360, BitsPerSecond = 800_000, BFrames = bFrames, Duration = TimeSpan.FromSeconds(8),
    };

    public static async Task<FarmServer> StartAsync(FarmServerOptions options, params PictureSpec[] pictures)
    {
        List<Clip> clips = [];
        foreach (PictureSpec picture in pictures)
        {
            clips.Add(ClipLoader.Load(await Maker.MakeAsync(picture, TestContext.Current.CancellationToken)));
        }

        return FarmServer.Start(options with { SentLogUnits = 1_000_000 }, clips);
    }

    public static Task<string> ClipFileAsync(PictureSpec picture) => Maker.MakeAsync(picture, TestContext.Current.CancellationToken);
}
