// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Rookery.Farm;

namespace Rookery.EndToEnd;

/// <summary>What can be wrong with a camera is said in words that help.</summary>
public sealed class DiagnosisTests
{
    [Fact]
    public async Task Each_way_to_fail_has_its_step_and_advice()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1, User = "viewer", Password = "right" }, TestFarm.Small());
        await using ServerThatTalksGarbage garbage = new(seed: 5);
        await using RookeryServer server = new();
        await server.StartAsync();
        string url = farm.Url(1).ToString();

        (await TestAsync(server, url, "viewer", "right")).ShouldBe((true, "media"));
        (await TestAsync(server, url, "viewer", "wrong")).ShouldBe((false, "authorize"));
        (await TestAsync(server, url, null, null)).ShouldBe((false, "authorize"));
        (await TestAsync(server, new Uri(farm.Url(1), "/nosuch").ToString(), "viewer", "right")).ShouldBe((false, "describe"));
        (await TestAsync(server, $"rtsp://127.0.0.1:{server.Address.Port}/", null, null)).ShouldBe((false, "rtsp"));
        (await TestAsync(server, garbage.Url, null, null)).ShouldBe((false, "rtsp"));
        (await TestAsync(server, "rtsp://127.0.0.1:1/", null, null)).ShouldBe((false, "connect"));
        (await TestAsync(server, "rtsp://no-such-host.invalid/", null, null)).ShouldBe((false, "address"));
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_the_right_one_taken_at_once()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1, User = "viewer", Password = "right" }, TestFarm.Small());
        await using RookeryServer server = new();
        await server.StartAsync();
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), user: "viewer", password: "wrong");
        await Wait.UntilAsync("the refusal is shown", async () => (await server.Api.StateAsync(camera)).GetProperty("phase").GetString() == "failed");
        (await server.Api.StateAsync(camera)).GetProperty("lastError").GetProperty("message").GetString()!.ShouldNotContain("wrong-password");
        using HttpResponseMessage answer = await server.Api.Http.PatchAsync(new Uri($"cameras/{camera}", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(new { password = "right" }));
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        await server.Api.WaitForRecordingAsync(camera);
        using JsonDocument shown = await server.Api.GetAsync($"cameras/{camera}");
        shown.RootElement.ToString().ShouldNotContain("\"right\"");
    }

    [Fact]
    public async Task A_camera_that_talks_garbage_harms_no_other()
    {
        await using FarmServer farm = await TestFarm.StartAsync(new FarmServerOptions { Cameras = 1 }, TestFarm.Small());
        await using ServerThatTalksGarbage garbage = new(seed: 6);
        await using RookeryServer server = new();
        await server.StartAsync();
        DateTimeOffset start = DateTimeOffset.UtcNow;
        await server.AddCameraAsync(garbage.Url, "garbage");
        string camera = await server.AddCameraAsync(farm.Url(1).ToString(), "good");
        await Wait.UntilAsync("the garbage is tried more than once", () => Task.FromResult(garbage.Connections >= 3));
        DateTimeOffset end = await server.Api.WaitForDurableAsync(camera, start, TimeSpan.FromSeconds(3));
        byte[] file = await server.Api.DownloadAsync(camera, start, end);
        Comparison.Pieces(Comparison.Units(file, 0), farm.Log(1)!.Snapshot(), 0).ShouldHaveSingleItem();
    }

    private static async Task<(bool Ok, string Step)> TestAsync(RookeryServer server, string url, string? user, string? password)
    {
        using JsonDocument answer = await server.Api.PostAsync("cameras/test", new { url, user, password, transport = "auto" });
        JsonElement found = answer.RootElement;
        bool ok = found.GetProperty("ok").GetBoolean();
        found.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        (ok || found.GetProperty("advice").GetString()!.Length > 0).ShouldBeTrue($"no advice: {found}");
        return (ok, found.GetProperty("step").GetString()!);
    }
}
