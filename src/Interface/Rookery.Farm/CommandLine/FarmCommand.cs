// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Rookery.Farm.Clips;
using Rookery.Media;

namespace Rookery.Farm.CommandLine;

/// <summary>The verb <c>rookery farm</c>.</summary>
public static class FarmCommand
{
    /// <summary>AAC of a made clip; what is left of the asked rate goes to the picture.</summary>
    private const long AacBitsPerSecond = 128_000;

    /// <summary>The verb with its options, to be added to a root command.</summary>
    /// <param name="output">Where it prints what it serves.</param>
    public static Command Create(TextWriter output)
    {
        Option<int> cameras = InRange("--cameras", "How many cameras.", 4, 1, 10_000);
        Option<string[]> clips = new("--clip") { Description = "MP4 files to repeat; without any, moving pictures are made with ffmpeg.", AllowMultipleArgumentsPerToken = true };
        Option<string> codec = OneOf("--codec", "Coding of made pictures.", "h264", "h265");
        Option<string?> audio = new("--audio") { Description = "Sound of all cameras. Without it: what the clips have, or AAC." };
        audio.AcceptOnlyFromAmong("aac", "pcmu", "none");
        Option<long> bitrate = Parsed("--bitrate", "Bits per second of a made camera, sound included, such as 4.2M.", Quantities.ParseBitRate, 4_000_000 + AacBitsPerSecond);
        Option<(int Width, int Height)[]> sizes = Parsed("--size", "Size of made pictures; more than one, parted by commas, are there to change between at run time.",
            text => text.Split(',').Select(Quantities.ParseSize).ToArray(), [(1920, 1080)]);
        Option<int> fps = InRange("--fps", "Pictures per second of made pictures.", 25, 1, 120);
        Option<int> gop = InRange("--gop", "Pictures from one random access point to the next.", 25, 1, 1000);
        Option<int> bFrames = InRange("--bframes", "B-pictures between two others.", 0, 0, 4);
        Option<int> pictures = InRange("--pictures", "How many different pictures are made.", PictureSpec.PictureCount, 1, PictureSpec.PictureCount);
        Option<double> seconds = Parsed("--seconds", "Length of a made picture's round.", text => double.Parse(text, CultureInfo.InvariantCulture) is >= 1 and <= 600 and var value ? value : throw new FormatException("From 1 to 600 seconds."), 10);
        Option<int> port = InRange("--port", "Port of RTSP; 0 takes a free one.", FarmCommandOptions.DefaultPort, 0, 65535);
        Option<int?> controlPort = new("--control-port") { Description = "Port of the control channel on loopback; 0 takes a free one. Without it there is none." };
        Option<IPAddress> address = Parsed("--address", "Where to listen; 0.0.0.0 for all interfaces.", IPAddress.Parse, IPAddress.Loopback);
        Option<string?> user = new("--user") { Description = "User name that cameras ask for; none lets in everybody." };
        Option<string?> password = new("--password") { Description = "Password that goes with it." };
        Option<bool> basic = new("--basic") { Description = "Ask for the password in the clear instead of Digest." };
        Option<double> drift = new("--drift") { Description = "Parts per million that all clocks run fast." };
        Option<string> phase = OneOf("--phase", "Where in its clip a camera begins.", "random", "zero");
        Option<int> seed = new("--seed") { Description = "Decides phases and the starts of sequence numbers and timestamps.", DefaultValueFactory = _ => 1 };
        Option<string[]> oddity = new("--oddity") { Description = "Faults of real cameras to show.", AllowMultipleArgumentsPerToken = true };
        Option<string> transport = OneOf("--transport", "How media may travel.", "both", "tcp", "udp");
        oddity.AcceptOnlyFromAmong([.. OddityNames.All]);
        Option<int> tick = InRange("--tick-ms", "How often due pictures are sent, in milliseconds.", 20, 5, 1000);
        Option<string?> cache = new("--cache") { Description = "Folder for made clips; by default one in the temporary folder." };
        Option<string?> ready = new("--ready-file") { Description = "Written once all cameras can be reached: one URL a line." };

        Command command = new("farm", "Serves many RTSP cameras that repeat clips, for trials and tests.")
        {
            cameras, clips, codec, audio, bitrate, sizes, fps, gop, bFrames, pictures, seconds, port, controlPort, address, user, password, basic,
            drift, phase, seed, oddity, transport, tick, cache, ready,
        };
        command.SetAction((parsed, cancellation) => RunUntilSignalAsync(Read(parsed), output, cancellation));
        return command;

        FarmCommandOptions Read(ParseResult parsed)
        {
            FarmAudio? sound = parsed.GetValue(audio) switch { "aac" => FarmAudio.Aac, "pcmu" => FarmAudio.Pcmu, "none" => FarmAudio.None, _ => null };
            FarmAudio made = sound ?? FarmAudio.Aac;
            return new FarmCommandOptions
            {
                Clips = parsed.GetValue(clips) ?? [],
                Audio = sound,
                Sizes = parsed.GetValue(sizes)!,
                Pictures = Math.Min(parsed.GetValue(pictures), parsed.GetValue(cameras)),
                CacheFolder = parsed.GetValue(cache) ?? Path.Combine(Path.GetTempPath(), "rookery-farm"),
                ReadyFile = parsed.GetValue(ready),
                Picture = new PictureSpec
                {
                    Codec = parsed.GetValue(codec) == "h265" ? Codec.H265 : Codec.H264,
                    // G.711 is put in when the clip is loaded: MP4 has no customary place for it.
                    Audio = made == FarmAudio.Aac ? FarmAudio.Aac : FarmAudio.None,
                    BitsPerSecond = Math.Max(16_000, parsed.GetValue(bitrate) - (made switch { FarmAudio.Aac => AacBitsPerSecond, FarmAudio.Pcmu => 64_000, _ => 0 })),
                    FrameRate = parsed.GetValue(fps),
                    GopFrames = parsed.GetValue(gop),
                    BFrames = parsed.GetValue(bFrames),
                    Duration = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                },
                Server = new FarmServerOptions
                {
                    Cameras = parsed.GetValue(cameras),
                    Address = parsed.GetValue(address)!,
                    Port = parsed.GetValue(port),
                    ControlPort = parsed.GetValue(controlPort),
                    User = parsed.GetValue(user),
                    Password = parsed.GetValue(password),
                    BasicOnly = parsed.GetValue(basic),
                    DriftPpm = parsed.GetValue(drift),
                    Phase = parsed.GetValue(phase) == "zero" ? FarmPhase.Zero : FarmPhase.Random,
                    Seed = parsed.GetValue(seed),
                    Tick = TimeSpan.FromMilliseconds(parsed.GetValue(tick)),
                    Oddities = OddityNames.Parse(parsed.GetValue(oddity) ?? []),
                    AllowTcp = parsed.GetValue(transport) != "udp",
                    AllowUdp = parsed.GetValue(transport) != "tcp",
                },
            };
        }
    }

    /// <summary>Serves until the process is asked to end.</summary>
    private static async Task<int> RunUntilSignalAsync(FarmCommandOptions options, TextWriter output, CancellationToken cancellation)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        return await RunAsync(options, output, stop.Token);

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Makes or loads the clips, serves until cancelled.</summary>
    /// <returns>0, or 1 when it could not serve; the reason is printed.</returns>
    public static async Task<int> RunAsync(FarmCommandOptions options, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<Clip> clips = await LoadAsync(options, output, cancellation);
            FarmServerOptions server = options.Server with { FirstClips = options.FirstClips(clips.Count) };
            await using FarmServer farm = FarmServer.Start(server, clips);
            await AnnounceAsync(farm, options, clips, output, cancellation);
            await farm.Completion.WaitAsync(cancellation);
            return 0;
        }
        catch (FarmException exception)
        {
            await output.WriteLineAsync(exception.Message);
            return 1;
        }
        catch (SocketException exception)
        {
            await output.WriteLineAsync($"Cannot listen on port {options.Server.Port}: {exception.Message}");
            return 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static async Task<IReadOnlyList<Clip>> LoadAsync(FarmCommandOptions options, TextWriter output, CancellationToken cancellation)
    {
        List<Clip> clips = [.. options.Clips.Select(path => ClipLoader.Load(path, options.Audio))];
        if (clips.Count > 0)
        {
            return clips;
        }

        PictureMaker maker = new(options.CacheFolder);
        await output.WriteLineAsync("making moving pictures …");
        foreach (PictureSpec spec in options.Specs())
        {
            Clip clip = ClipLoader.Load(await maker.MakeAsync(spec, cancellation), options.Audio);
            clips.Add(clip with { Name = spec.Name });
        }

        return clips;
    }

    private static async Task AnnounceAsync(FarmServer farm, FarmCommandOptions options, IReadOnlyList<Clip> clips, TextWriter output, CancellationToken cancellation)
    {
        foreach (Clip clip in clips)
        {
            await output.WriteLineAsync($"clip {clip}");
        }

        List<string> urls = [.. Enumerable.Range(1, farm.CameraCount).Select(camera => farm.Url(camera).ToString())];
        for (int i = 0; i < urls.Count; i++)
        {
            await output.WriteLineAsync($"camera {i + 1}: {urls[i]}  {farm.ClipOf(i + 1).Name}");
        }

        if (farm.ControlPort is { } control)
        {
            urls.Add($"http://127.0.0.1:{control}/cameras");
            await output.WriteLineAsync($"control: {urls[^1]}");
        }

        if (options.ReadyFile is { } path)
        {
            await ReadyFile.WriteAsync(path, urls, cancellation);
        }
    }

    private static Option<T> Parsed<T>(string name, string description, Func<string, T> parse, T fallback) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            try
            {
                return parse(result.Tokens.Single().Value);
            }
            catch (FormatException exception)
            {
                result.AddError($"{name}: {exception.Message}");
                return fallback;
            }
        },
    };

    /// <summary>The first one is the default.</summary>
    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        Option<string> option = new(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    private static Option<int> InRange(string name, string description, int fallback, int minimum, int maximum) => Parsed(
        name,
        string.Create(CultureInfo.InvariantCulture, $"{description} {minimum} to {maximum}, default {fallback}."),
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum} is wanted.")),
        fallback);
}
