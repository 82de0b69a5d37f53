// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm;
using Rookery.Farm.Clips;
using Rookery.Media;

namespace Rookery.EndToEnd;

/// <summary>What goes in comes out: each test compares every access unit that can be downloaded with what the camera sent.</summary>
public sealed class RecordingTests
{
    [Theory]
    [InlineData(Codec.H264, "tcp", 0)]
    [InlineData(Codec.H265, "tcp", 0)]
    [InlineData(Codec.H264, "udp", 0)]
    [InlineData(Codec.H264, "tcp", 2)]
    public async Task Every_access_unit_that_a_camera_sent_is_in_the_download(Codec codec, string transport, int bFrames)
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small(codec: codec, bFrames: bFrames));
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), transport: transport);
        DateTimeOffset end = await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(6));

        byte[] file = await server.Api.DownloadAsync(camera, start, end);

        for (int track = 0; track < 2; track++)
        {
            IReadOnlyList<ulong> units = Comparison.Units(file, track);
            units.Count.ShouldBeGreaterThan(track == 0 ? 140 : 250);
            await server.ShouldBeWholeAsync(camera, start, Comparison.Pieces(units, farm.Log(1)!.Snapshot(), track));
        }
    }

    [Fact]
    public async Task Datagrams_that_come_while_the_recorder_has_no_processor_time_are_recorded_once_it_has()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), transport: "udp");
        await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(2));

        await server.Process.SignalAsync("STOP");
        await OutageAsync();
        await server.Process.SignalAsync("CONT");
        DateTimeOffset end = await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(6));

        IReadOnlyList<ulong> units = Comparison.Units(await server.Api.DownloadAsync(camera, start, end), 0);
        await server.ShouldBeWholeAsync(camera, start, Comparison.Pieces(units, farm.Log(1)!.Snapshot(), 0));
    }

    [Fact]
    public async Task After_a_power_cut_everything_acknowledged_is_there_and_recording_goes_on()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 3 }, TestFarm.Small(), TestFarm.Small(1));
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        List<string> cameras = [];
        for (int i = 1; i <= 3; i++)
        {
            cameras.Add(await server.AddCameraAsync(farm.Url(i).ToString(), $"camera {i}"));
        }

        for (int round = 0; round < 3; round++)
        {
            DateTimeOffset from = DateTimeOffset.UtcNow;
            Dictionary<string, DateTimeOffset> acknowledged = [];
            foreach (string camera in cameras)
            {
                await server.Api.WaitForDurableAsync(camera, from, TimeSpan.FromSeconds(2));
                acknowledged[camera] = (await server.Api.StateAsync(camera)).GetProperty("durableUntil").GetDateTimeOffset();
            }

            await server.KillAsync();
            await server.StartAsync();
            for (int i = 0; i < cameras.Count; i++)
            {
                await server.Api.WaitForRecordingAsync(cameras[i]);
                await Wait.UntilAsync("the recovered footage is shown", async () => (await server.Api.TimelineAsync(cameras[i], from, acknowledged[cameras[i]])).Spans.Any(span => span.End >= acknowledged[cameras[i]] - TimeSpan.FromMilliseconds(1)));
            }
        }

        for (int i = 0; i < cameras.Count; i++)
        {
            byte[] file = await server.Api.DownloadAsync(cameras[i], start, DateTimeOffset.UtcNow);
            IReadOnlyList<(int Start, int Count)> pieces = Comparison.Pieces(Comparison.Units(file, 0), farm.Log(i + 1)!.Snapshot(), 0);
            pieces.Count.ShouldBeLessThanOrEqualTo(4, "three cuts make at most four pieces, each without a hole");
            Timeline timeline = await server.Api.TimelineAsync(cameras[i], start, DateTimeOffset.UtcNow);
            timeline.Gaps.Count(gap => gap.Cause == "recorderFailed").ShouldBe(3);
        }
    }

    [Fact]
    public async Task A_clean_stop_loses_nothing_that_had_arrived()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString());
        await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(2));
        await server.StopAsync();
        await server.StartAsync();
        await server.Api.WaitForRecordingAsync(camera);
        Timeline timeline = await server.Api.TimelineAsync(camera, start, DateTimeOffset.UtcNow);
        timeline.Gaps.ShouldContain(gap => gap.Cause == "recorderStopped");
        byte[] file = await server.Api.DownloadAsync(camera, start, DateTimeOffset.UtcNow);
        Comparison.Pieces(Comparison.Units(file, 0), farm.Log(1)!.Snapshot(), 0).Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData("offline", "cameraOffline")]
    [InlineData("stall", "cameraStalled")]
    [InlineData("hang", "cameraStalled")]
    public async Task A_camera_that_fails_leaves_a_gap_with_its_cause_and_is_taken_up_again_by_itself(string fault, string cause)
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString());
        await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(2));

        Action<int, TimeSpan?> fail = fault switch { "stall" => farm.Stall, "hang" => farm.Hang, _ => farm.TakeOffline };
        fail(1, null);
        await Wait.UntilAsync("the fault is shown", async () => (await server.Api.StateAsync(camera)).GetProperty("phase").GetString() is "failed" or "stalled" or "connecting");
        await Wait.UntilAsync("the error is told", async () => (await server.Api.StateAsync(camera)).GetProperty("lastError").ValueKind == System.Text.Json.JsonValueKind.Object);
        DateTimeOffset mended = DateTimeOffset.UtcNow;
        farm.Resume(1);
        await server.Api.WaitForDurableAsync(camera, mended, TimeSpan.FromSeconds(2));

        Timeline timeline = await server.Api.TimelineAsync(camera, start, DateTimeOffset.UtcNow);
        timeline.Gaps.Select(gap => gap.Cause).ShouldContain(cause);
        byte[] file = await server.Api.DownloadAsync(camera, start, DateTimeOffset.UtcNow);
        // A camera that sends to nobody logs nothing: one piece, or two when units of the broken connection did not arrive.
        Comparison.Pieces(Comparison.Units(file, 0), farm.Log(1)!.Snapshot(), 0).Count.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_camera_that_changes_its_resolution_is_recorded_through()
    {
        PictureSpec large = TestFarm.Small(1) with { Width = 1280, Height = 720 };
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small(), large);
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(farm.Url(1).ToString());
        await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(2));
        farm.ShowClip(1, 1);
        await Wait.UntilAsync("the new size is shown", async () => (await server.Api.StateAsync(camera)).GetProperty("width").GetInt32() == 1280);
        DateTimeOffset changed = DateTimeOffset.UtcNow;
        await server.Api.WaitForDurableAsync(camera, changed, TimeSpan.FromSeconds(2));
        byte[] file = await server.Api.DownloadAsync(camera, start, DateTimeOffset.UtcNow);
        IReadOnlyList<ulong> units = Comparison.Units(file, 0);
        Comparison.Pieces(units, farm.Log(1)!.Snapshot(), 0).Count.ShouldBeLessThanOrEqualTo(2);
        (await Ffmpeg.DecodeAsync(file)).ShouldBe("", "ffmpeg decodes the file without a complaint");
    }

    [Fact]
    public async Task Cameras_whose_process_is_killed_are_taken_up_again_when_it_is_back()
    {
        string clip = await TestFarm.ClipFileAsync(TestFarm.Small());
        int port = FreePort();
        string[] farm = ["farm", "--cameras", "2", "--clip", clip, "--port", $"{port}"];
        await using ChildProcess first = new(RookeryServer.Program, farm);
        await first.LineAsync("camera 2:");
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string[] cameras = [await server.AddCameraAsync($"rtsp://127.0.0.1:{port}/1", "one"), await server.AddCameraAsync($"rtsp://127.0.0.1:{port}/2", "two")];
        foreach (string camera in cameras)
        {
            await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(2));
        }

        await first.KillAsync();
        foreach (string camera in cameras)
        {
            await Wait.UntilAsync("the failure is shown", async () => (await server.Api.StateAsync(camera)).GetProperty("phase").GetString() == "failed");
        }

        await using ChildProcess second = new(RookeryServer.Program, farm);
        await second.LineAsync("camera 2:");
        DateTimeOffset back = DateTimeOffset.UtcNow;
        foreach (string camera in cameras)
        {
            await server.Api.WaitForDurableAsync(camera, back, TimeSpan.FromSeconds(2));
            Timeline timeline = await server.Api.TimelineAsync(camera, start, DateTimeOffset.UtcNow);
            timeline.Gaps.ShouldContain(gap => gap.Cause == "cameraOffline");
            (await Ffmpeg.DecodeAsync(await server.Api.DownloadAsync(camera, start, DateTimeOffset.UtcNow))).ShouldBe("");
        }
    }

    /// <summary>Two seconds without processor time: more than a reader of datagrams waits for a missing one.</summary>
    private static Task OutageAsync()
    {
        DateTimeOffset begin = DateTimeOffset.UtcNow;
        return Wait.UntilAsync("two seconds have passed", () => Task.FromResult(DateTimeOffset.UtcNow - begin >= TimeSpan.FromSeconds(2)));
    }

    /// <summary>A port that was free a moment ago: the farm must have the same one twice, so it cannot take any.</summary>
    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener listener = new(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
