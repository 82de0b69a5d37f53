// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Bench.Ingest;
using Rookery.Farm;
using Rookery.Farm.Clips;
using Rookery.Foundation;

namespace Rookery.Bench.Live;

/// <summary>
/// The delay of live view: from the instant at which a camera hands a picture to its socket to the instant at which its fragment is whole at the viewer. One viewer and sixteen of them, one for each camera of a
/// wall, against as many ffmpegs, in turns. The cameras and the viewers are in this process and share its clock; the recorder is a process of its own, and records all the while.
/// </summary>
internal sealed class LiveBench(string program, string folder, int rounds, TimeSpan length)
{
    /// <summary>The largest wall.</summary>
    private const int Wall = 16;

    private const string User = "bench";
    private const string Password = "bench-bench-bench";

    /// <summary>Connections are made, and what came at once since the last random access point is over.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    private readonly List<string> _cameras = [];
    private readonly Dictionary<(string Side, int Viewers), List<double>> _delays = [];

    public static async Task<int> RunAsync(string[] args)
    {
        int rounds = 3;
        double seconds = 20;
        switch (args)
        {
            case [_, _]:
                break;
            case [_, _, "--rounds", var count, "--seconds", var time]:
                rounds = int.Parse(count, CultureInfo.InvariantCulture);
                seconds = double.Parse(time, CultureInfo.InvariantCulture);
                break;
            default:
                await Console.Error.WriteLineAsync("usage: live PROGRAM FOLDER [--rounds N --seconds S]");
                return 2;
        }

        Directory.CreateDirectory(args[1]);
        await new LiveBench(args[0], args[1], rounds, TimeSpan.FromSeconds(seconds)).RunAsync();
        return 0;
    }

    private async Task RunAsync()
    {
        PictureSpec picture = new();
        Clip clip = ClipLoader.Load(await new PictureMaker(Path.Combine(folder, "clips")).MakeAsync(picture, CancellationToken.None));
        // The second half is the rival's, so that each log tells of one connection.
        FarmServerOptions options = new() { Cameras = 2 * Wall, Tick = TimeSpan.FromMilliseconds(5), SentLogUnits = 100_000 };
        await using FarmServer farm = FarmServer.Start(options, [clip]);
        await using Child recorder = await StartRecorderAsync();
        string[] address = await recorder.ReadyAsync(Path.Combine(folder, "data", "ready"));
        using RecorderApi api = await RecorderApi.LoginAsync(new Uri(address[0]), User, Password);
        for (int camera = 1; camera <= Wall; camera++)
        {
            _cameras.Add(await api.AddAsync(string.Create(CultureInfo.InvariantCulture, $"camera {camera}"), farm.Url(camera).AbsoluteUri));
        }

        Console.WriteLine($"{Wall} cameras, {clip}; {rounds} rounds of {length.TotalSeconds:0} s; milliseconds from the camera's send to the whole fragment at the viewer");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"round",-6} {"side",-8} {"viewers",7} {"pictures",8} {"lost",5} {"p50",8} {"p95",8} {"p99",8} {"max",8}"));
        await Task.Delay(Settle);
        for (int round = 1; round <= rounds; round++)
        {
            foreach (int viewers in (int[])[1, Wall])
            {
                await MeasureAsync(round, "rookery", viewers, camera => Viewer.WatchAsync(api, _cameras[camera], farm.Log(camera + 1)!));
                await MeasureAsync(round, "ffmpeg", viewers, camera => Task.FromResult(Viewer.Ffmpeg(farm.Url(Wall + camera + 1), farm.Log(Wall + camera + 1)!)));
            }
        }

        foreach (((string side, int viewers), List<double> delays) in _delays)
        {
            Report("all", side, viewers, delays, lost: null);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Wall} viewers: p95 of ffmpeg {Ratio(Wall):0.00} times ours"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {Ratio(1):0.00}"));
    }

    private async Task MeasureAsync(int round, string side, int count, Func<int, Task<Viewer>> watch)
    {
        List<Viewer> viewers = [];
        List<double> delays = [];
        int lost = 0;
        try
        {
            for (int camera = 0; camera < count; camera++)
            {
                viewers.Add(await watch(camera));
            }

            await Task.Delay(Settle);
            MonotonicTime begin = MonotonicTime.Now(TimeProvider.System);
            await Task.Delay(length);
            MonotonicTime end = MonotonicTime.Now(TimeProvider.System);
            // What was sent last may be under way.
            await Task.Delay(Settle);
            foreach (Viewer viewer in viewers)
            {
                lost += await viewer.CollectAsync(begin, end, delays);
            }
        }
        finally
        {
            await Task.WhenAll(viewers.Select(viewer => viewer.DisposeAsync().AsTask()));
        }

        Report(round.ToString(CultureInfo.InvariantCulture), side, count, delays, lost);
        if (!_delays.TryAdd((side, count), delays))
        {
            _delays[(side, count)].AddRange(delays);
        }
    }

    private async Task<Child> StartRecorderAsync()
    {
        string data = Path.Combine(folder, "data");
        if (Directory.Exists(data))
        {
            Directory.Delete(data, recursive: true);
        }

        Directory.CreateDirectory(data);
        string password = Path.Combine(data, "password");
        await File.WriteAllTextAsync(password, Password);
        return Child.Start(Path.Combine(folder, "rookery.log"), program, "serve", "--data", data, "--disk", $"{Path.Combine(data, "disk")}:4G", "--listen", "127.0.0.1:0",
            "--setup-user", User, "--setup-password-file", password, "--ready-file", Path.Combine(data, "ready"), "--log-level", "warning");
    }

    private double Ratio(int viewers) => Quantile(_delays[("ffmpeg", viewers)], 0.95) / Quantile(_delays[("rookery", viewers)], 0.95);

    private static void Report(string round, string side, int viewers, List<double> delays, int? lost) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{round,-6} {side,-8} {viewers,7} {delays.Count,8} {lost,5} {Quantile(delays, 0.5),8:0.0} {Quantile(delays, 0.95),8:0.0} {Quantile(delays, 0.99),8:0.0} {Quantile(delays, 1),8:0.0}"));

    private static double Quantile(List<double> delays, double share)
    {
        double[] sorted = [.. delays.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
