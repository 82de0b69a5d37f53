// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Media;

namespace Rookery.Farm.Clips;

/// <summary>The sound of a made clip.</summary>
public enum FarmAudio : byte
{
    None = 0,

    /// <summary>AAC-LC, 48 kHz, stereo, 128 kbit/s.</summary>
    Aac,

    /// <summary>G.711 µ-law, 8 kHz, in units of 20 ms.</summary>
    Pcmu,
}

/// <summary>A moving picture to make with ffmpeg. Two equal values make the same clip.</summary>
public sealed record PictureSpec
{
    /// <summary>How many different pictures there are.</summary>
    public const int PictureCount = 4;

    /// <summary>Which moving picture; taken modulo <see cref="PictureCount"/>.</summary>
    public int Picture { get; init; }

    /// <summary><see cref="Codec.H264"/> or <see cref="Codec.H265"/>.</summary>
    public Codec Codec { get; init; } = Codec.H264;

    public FarmAudio Audio { get; init; } = FarmAudio.Aac;

    /// <summary>Of the picture alone, 16 kbit/s to 200 Mbit/s; default 4 Mbit/s: with sound and headers about what a 1080p camera sends.</summary>
    public long BitsPerSecond { get; init; } = 4_000_000;

    /// <summary>Even, 64 to 8192.</summary>
    public int Width { get; init; } = 1920;

    /// <summary>Even, 64 to 8192.</summary>
    public int Height { get; init; } = 1080;

    /// <summary>Pictures a second, 1 to 120.</summary>
    public int FrameRate { get; init; } = 25;

    /// <summary>Pictures from one random access point to the next, 1 to 1000.</summary>
    public int GopFrames { get; init; } = 25;

    /// <summary>B-pictures between two others, 0 to 4.</summary>
    public int BFrames { get; init; }

    /// <summary>Length of a round, rounded up to whole groups of pictures so that every round begins like every other group; default 10 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    public string Name => (Picture % PictureCount) switch
    {
        0 => "Gate",
        1 => "Yard",
        2 => "Lobby",
        _ => "Street",
    };

    /// <summary>Pictures in a round.</summary>
    public int Frames => (int)Math.Ceiling(Duration.TotalSeconds * FrameRate / GopFrames) * GopFrames;

    /// <summary>A file name that is the same for equal values only.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture,
        $"{Name}-{Codec}-{Audio}-{Width}x{Height}-{FrameRate}fps-gop{GopFrames}-b{BFrames}-{BitsPerSecond}-{Frames}.mp4").ToLowerInvariant();

    /// <summary>Arguments for ffmpeg that make the clip at <paramref name="output"/>.</summary>
    /// <param name="output">Path of the file.</param>
    /// <param name="withText">Burn in name and clock; needs a font, which a bare machine may not have.</param>
    public IReadOnlyList<string> Arguments(string output, bool withText)
    {
        string seconds = ((double)Frames / FrameRate).ToString("0.######", CultureInfo.InvariantCulture);
        List<string> arguments = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y", "-f", "lavfi", "-i", Source()];
        if (Audio == FarmAudio.Aac)
        {
            arguments.AddRange(["-f", "lavfi", "-i", "sine=frequency=330:beep_factor=4:sample_rate=48000"]);
        }

        // Not by a number of pictures: ffmpeg would end when it has them, and the sound, which it makes in step, would be some 150 ms short.
        arguments.AddRange(["-vf", Filters(withText), "-t", seconds]);
        arguments.AddRange(Encoder());
        if (Audio == FarmAudio.Aac)
        {
            arguments.AddRange(["-c:a", "aac", "-b:a", "128k", "-ac", "2"]);
        }

        arguments.AddRange(["-f", "mp4", output]);
        return arguments;
    }

    private string Source() => (Picture % PictureCount) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"testsrc2=size={Width}x{Height}:rate={FrameRate}"),
        1 => string.Create(CultureInfo.InvariantCulture, $"mandelbrot=size=480x270:rate={FrameRate}:end_pts=150:maxiter=300"),
        2 => string.Create(CultureInfo.InvariantCulture, $"life=size=240x134:rate={FrameRate}:seed=1:mold=10:life_color=#30c060:death_color=#402010:ratio=0.3"),
        _ => string.Create(CultureInfo.InvariantCulture, $"smptehdbars=size={Width}x{Height}:rate={FrameRate}"),
    };

    // A little noise makes every picture cost bits, so that the asked bit rate is really reached.
    private string Filters(bool withText)
    {
        string scroll = Picture % PictureCount == 3 ? "scroll=horizontal=0.01," : "";
        string text = withText
            ? string.Create(CultureInfo.InvariantCulture,
                $",drawtext=text='{Name} %{{pts\\:hms}}':fontsize={Math.Max(12, Height / 18)}:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=8:x=w*0.03:y=h*0.88")
            : "";
        return string.Create(CultureInfo.InvariantCulture, $"{scroll}scale={Width}:{Height},noise=alls=24:allf=t{text},format=yuv420p");
    }

    private IEnumerable<string> Encoder()
    {
        string rate = Text(BitsPerSecond);
        IEnumerable<string> limits = ["-b:v", rate, "-maxrate", rate, "-bufsize", rate, "-bf", Text(BFrames), "-g", Text(GopFrames)];
        return Codec == Codec.H265
            ? ["-c:v", "libx265", "-preset", "ultrafast", .. limits, "-tag:v", "hvc1", "-x265-params",
                string.Create(CultureInfo.InvariantCulture, $"log-level=error:keyint={GopFrames}:min-keyint={GopFrames}:scenecut=0:open-gop=0:bframes={BFrames}")]
            : ["-c:v", "libx264", "-preset", "superfast", .. limits, "-keyint_min", Text(GopFrames), "-sc_threshold", "0"];
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
