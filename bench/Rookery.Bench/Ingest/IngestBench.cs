// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rookery.Bench.Ingest;

/// <summary>
/// What recording costs: CPU time, memory and writes of the recorder alone, against one <c>ffmpeg -c copy -f segment</c> per camera, in turns, from the same cameras, onto the same disk. The cameras are
/// another process, and their cost is left out.
/// </summary>
internal sealed class IngestBench(IngestOptions options)
{
    private const string User = "bench";
    private const string Password = "bench-bench-bench";

    private string[] _urls = [];
    private Uri? _control;

    public static async Task<int> RunAsync(string[] args)
    {
        IngestOptions options = IngestOptions.Parse(args);
        Directory.CreateDirectory(options.Folder);
        await new IngestBench(options).RunAsync();
        return 0;
    }

    private async Task RunAsync()
    {
        string ready = Path.Combine(options.Folder, "farm.ready");
        File.Delete(ready);
        await using Child farm = Child.Start(Log("farm"), options.Rookery, "farm", "--cameras", Text(options.Cameras), "--bitrate", options.BitRate, "--audio", "aac",
            "--pictures", "1", "--port", "0", "--control-port", "0", "--transport", "tcp", "--ready-file", ready);
        string[] lines = await farm.ReadyAsync(ready);
        _urls = lines[..options.Cameras];
        _control = new Uri(lines[options.Cameras]);

        List<IngestRound> ours = [];
        List<IngestRound> rival = [];
        IngestBase atRest = new(await MeasureMemoryAsync(cameras: 0), await MeasureMemoryAsync(cameras: 1));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Cameras} cameras x {options.BitRate}bit/s H.264 + AAC, {options.Rounds} rounds of {options.Measure.TotalSeconds:0} s; recorder without cameras {atRest.WithoutCameras.ProportionalBytes / 1e6:0.0} MB, with one {atRest.WithOneCamera.ProportionalBytes / 1e6:0.0} MB"));
        for (int round = 1; round <= options.Rounds; round++)
        {
            ours.Add(await MeasureRookeryAsync());
            Report(round, "rookery", ours[^1]);
            if (options.WithRival)
            {
                rival.Add(await MeasureRivalAsync());
                Report(round, "ffmpeg", rival[^1]);
            }
        }

        IngestTable.Print(options, ours, rival, atRest);
    }

    /// <summary>The only place where the benchmark waits for time itself: what is measured is how much other processes use while so much of it passes.</summary>
    private static Task LetPassAsync(TimeSpan span) => Task.Delay(span);

    private async Task<MemoryFigures> MeasureMemoryAsync(int cameras)
    {
        (Child recorder, RecorderApi api) = await StartRecorderAsync();
        await using (recorder)
        {
            using (api)
            {
                await RecordAsync(api, cameras);
                await LetPassAsync(options.Settle);
                return ProcessFigures.Read([recorder.Id], withMemory: true).Memory;
            }
        }
    }

    private async Task<IngestRound> MeasureRookeryAsync()
    {
        (Child recorder, RecorderApi api) = await StartRecorderAsync();
        await using (recorder)
        {
            using (api)
            {
                await RecordAsync(api, options.Cameras);
                await LetPassAsync(options.Settle);
                StoreFigures before = await api.StoreAsync();
                IngestRound round = await MeasureAsync([recorder.Id]);
                StoreFigures after = await api.StoreAsync();
                int recording = await api.CountRecordingAsync();
                string note = string.Create(CultureInfo.InvariantCulture,
                    $"{recording} of {options.Cameras} recording, commits p50 {after.MedianCommitMs:0} p99 {after.P99CommitMs:0} longest {after.RecentLongestCommitMs:0} ms, {after.DroppedSamples} samples dropped");
                return round with { Note = note, Store = after - before };
            }
        }
    }

    private async Task RecordAsync(RecorderApi api, int cameras)
    {
        for (int i = 0; i < cameras; i++)
        {
            await api.AddAsync($"camera {i + 1}", _urls[i]);
        }

        Stopwatch waited = Stopwatch.StartNew();
        while (await api.CountRecordingAsync() < cameras)
        {
            if (waited.Elapsed > TimeSpan.FromMinutes(2))
            {
                throw new InvalidOperationException("Not all cameras record after two minutes.");
            }

            await LetPassAsync(TimeSpan.FromMilliseconds(500));
        }
    }

    private async Task<IngestRound> MeasureRivalAsync()
    {
        string folder = NewFolder("ffmpeg");
        List<Child> children = [];
        try
        {
            for (int i = 0; i < _urls.Length; i++)
            {
                children.Add(Child.Start(Log("ffmpeg"), "ffmpeg", "-nostdin", "-loglevel", "error", "-rtsp_transport", "tcp", "-i", _urls[i],
                    "-c", "copy", "-f", "segment", "-segment_time", "60", "-reset_timestamps", "1", Path.Combine(folder, $"{i}-%04d.mp4")));
            }

            await LetPassAsync(options.Settle);
            return await MeasureAsync([.. children.Select(child => child.Id)]);
        }
        finally
        {
            await Task.WhenAll(children.Select(child => child.DisposeAsync().AsTask()));
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<IngestRound> MeasureAsync(int[] processes)
    {
        long sentBefore = await SentBytesAsync();
        ProcessFigures before = ProcessFigures.Read(processes);
        Stopwatch elapsed = Stopwatch.StartNew();
        await LetPassAsync(options.Measure);
        ProcessFigures after = ProcessFigures.Read(processes);
        TimeSpan span = elapsed.Elapsed;
        double megabits = (await SentBytesAsync() - sentBefore) * 8 / span.TotalSeconds / options.Cameras / 1e6;
        ProcessFigures used = after - before;
        return new IngestRound(used with { Memory = ProcessFigures.Read(processes, withMemory: true).Memory }, span, megabits, "");
    }

    private async Task<(Child Recorder, RecorderApi Api)> StartRecorderAsync()
    {
        string data = NewFolder("rookery");
        string password = Path.Combine(data, "password");
        string ready = Path.Combine(data, "ready");
        await File.WriteAllTextAsync(password, Password);
        Child recorder = Child.Start(Log("rookery"), options.Rookery, "serve", "--data", data, "--disk", $"{Path.Combine(data, "disk")}:{DiskSize()}",
            "--listen", "127.0.0.1:0", "--setup-user", User, "--setup-password-file", password, "--ready-file", ready, "--log-level", "warning");
        try
        {
            string[] address = await recorder.ReadyAsync(ready);
            return (recorder, await RecorderApi.LoginAsync(new Uri(address[0]), User, Password));
        }
        catch
        {
            await recorder.DisposeAsync();
            throw;
        }
    }

    /// <summary>Large enough for zones of 256 MiB, which every disk of a real recorder has.</summary>
    private static string DiskSize() => "17G";

    private async Task<long> SentBytesAsync()
    {
        using HttpClient http = new();
        JsonElement cameras = await http.GetFromJsonAsync<JsonElement>(_control);
        return cameras.EnumerateArray().Sum(camera => camera.GetProperty("bytesSent").GetInt64());
    }

    private string NewFolder(string name)
    {
        string folder = Path.Combine(options.Folder, name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        return folder;
    }

    private string Log(string name) => Path.Combine(options.Folder, $"{name}.log");

    private void Report(int round, string side, IngestRound result) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"round {round} {side,-8} {result.CpuSecondsPerCameraHour(options.Cameras),7:0.00} CPU-s/camera-h at {result.MegabitsPerSecond:0.00} Mbit/s, {result.Figures.Memory.ProportionalBytes / 1e6:0.0} MB, {result.WritesPerSecond:0.0} writes/s of {result.MeanWriteBytes / 1e6:0.00} MB  {result.Note}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
