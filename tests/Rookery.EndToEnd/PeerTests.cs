// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.EndToEnd;

/// <summary>Cameras that none of our code has a part in.</summary>
public sealed class PeerTests
{
    [Theory]
    [InlineData(GStreamerCamera.H264, "tcp", "h264")]
    [InlineData(GStreamerCamera.H264, "udp", "h264")]
    [InlineData(GStreamerCamera.H265, "tcp", "h265")]
    [InlineData(GStreamerCamera.Jpeg, "tcp", "jpeg")]
    public async Task GStreamers_server_is_recorded_and_its_download_decodes(string pipeline, string transport, string codec)
    {
        await using GStreamerCamera peer = await GStreamerCamera.StartAsync(pipeline);
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        string camera = await server.AddCameraAsync(peer.Url, transport: transport);
        DateTimeOffset end = await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(4));
        (await server.Api.StateAsync(camera)).GetProperty("codec").GetString().ShouldBe(codec);
        byte[] file = await server.Api.DownloadAsync(camera, start, end);
        Comparison.Units(file, 0).Count.ShouldBeGreaterThan(80);
        (await Ffmpeg.DecodeAsync(file)).ShouldBe("");
    }

    [Fact]
    public async Task GStreamers_server_with_a_password_lets_us_in_by_digest()
    {
        await using GStreamerCamera peer = await GStreamerCamera.StartAsync(GStreamerCamera.H264, "viewer", "s3cret");
        await using RookeryServer server = new();
        await server.StartAsync();
        string camera = await server.AddCameraAsync(peer.Url, user: "viewer", password: "s3cret");
        await server.Api.WaitForRecordingAsync(camera);
        server.Process.Output.ShouldNotContain("s3cret");
    }
}
