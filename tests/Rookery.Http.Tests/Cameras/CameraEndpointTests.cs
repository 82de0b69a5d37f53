// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Recording;

namespace Rookery.Http.Tests;

public sealed class CameraEndpointTests
{
    [Fact]
    public async Task A_camera_is_added_changed_in_part_and_removed_with_its_recordings_left()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync(new { name = " Gate ", url = "rtsp://192.0.2.1:554/1", user = "u", password = "secret-1", retentionDays = 30 });
        JsonElement camera = await web.GetAsync($"/api/v1/cameras/{id}");
        camera.GetProperty("name").GetString().ShouldBe("Gate");
        camera.GetProperty("hasPassword").GetBoolean().ShouldBeTrue();
        camera.GetProperty("transport").GetString().ShouldBe("auto");
        camera.GetProperty("recording").GetString().ShouldBe("continuous");
        camera.GetProperty("state").GetProperty("phase").GetString().ShouldBe("connecting");

        using HttpResponseMessage changed = await PatchAsync(web, id, """{"name":"Yard","retentionDays":null,"transport":"udp"}""");
        JsonElement after = await changed.Content.ReadFromJsonAsync<JsonElement>();
        after.GetProperty("name").GetString().ShouldBe("Yard");
        after.GetProperty("user").GetString().ShouldBe("u");
        after.GetProperty("hasPassword").GetBoolean().ShouldBeTrue();
        after.GetProperty("retentionDays").ValueKind.ShouldBe(JsonValueKind.Null);
        after.GetProperty("transport").GetString().ShouldBe("udp");

        using HttpResponseMessage removed = await web.Client.DeleteAsync($"/api/v1/cameras/{id}");
        removed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await web.GetAsync("/api/v1/cameras")).GetProperty("items").GetArrayLength().ShouldBe(0);
        JsonElement left = (await web.GetAsync("/api/v1/cameras?removed=true")).GetProperty("items")[0];
        left.GetProperty("removed").GetBoolean().ShouldBeTrue();
        left.GetProperty("state").GetProperty("phase").GetString().ShouldBe("disabled");
    }

    [Fact]
    public async Task A_password_is_taken_away_by_null_and_kept_when_left_out()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync(new { name = "Gate", url = "rtsp://192.0.2.1/1", user = "u", password = "secret-1" });
        (await PatchAsync(web, id, """{"user":"v"}""")).Dispose();
        web.Cameras.Find(id)!.Source.Password.ShouldBe("secret-1");
        (await PatchAsync(web, id, """{"password":null}""")).Dispose();
        web.Cameras.Find(id)!.Source.Password.ShouldBeNull();
    }

    [Theory]
    [InlineData("rtsp://198.51.100.7/1")]
    [InlineData("rtsp://192.0.2.1:8554/1")]
    [InlineData("rtsp://192.0.2.1:322/1")]
    [InlineData("rtsps://192.0.2.1/1#insecure")]
    public async Task A_stored_password_goes_nowhere_but_to_the_host_and_port_it_was_entered_for(string elsewhere)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync(new { name = "Gate", url = "rtsps://192.0.2.1/1", user = "u", password = "secret-1" });

        using HttpResponseMessage test = await web.Client.PostAsJsonAsync("/api/v1/cameras/test", new { url = elsewhere, user = "u", cameraId = id });
        (await RunningWeb.ProblemAsync(test, HttpStatusCode.BadRequest)).ShouldContain("Enter the camera's password again");
        using HttpResponseMessage changed = await PatchAsync(web, id, $$"""{"url":"{{elsewhere}}"}""");
        (await RunningWeb.ProblemAsync(changed, HttpStatusCode.BadRequest)).ShouldContain("Enter the camera's password again");
        web.Cameras.Find(id)!.Source.Url.OriginalString.ShouldBe("rtsps://192.0.2.1/1");

        using HttpResponseMessage given = await PatchAsync(web, id, $$"""{"url":"{{elsewhere}}","password":"another"}""");
        given.StatusCode.ShouldBe(HttpStatusCode.OK);
        web.Cameras.Find(id)!.Source.Password.ShouldBe("another");
    }

    [Fact]
    public async Task A_stored_password_stays_when_only_the_path_changes_and_goes_with_null_wherever_the_address_leads()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync(new { name = "Gate", url = "rtsp://192.0.2.1/1", user = "u", password = "secret-1" });
        using HttpResponseMessage path = await PatchAsync(web, id, """{"url":"rtsp://192.0.2.1:554/2"}""");
        path.StatusCode.ShouldBe(HttpStatusCode.OK);
        web.Cameras.Find(id)!.Source.Password.ShouldBe("secret-1");
        using HttpResponseMessage test = await web.Client.PostAsJsonAsync("/api/v1/cameras/test", new { url = "rtsp://192.0.2.1/3", cameraId = id });
        test.StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage moved = await PatchAsync(web, id, """{"url":"rtsp://198.51.100.7/1","user":null,"password":null}""");
        moved.StatusCode.ShouldBe(HttpStatusCode.OK);
        web.Cameras.Find(id)!.Source.Password.ShouldBeNull();
    }

    [Fact]
    public async Task A_camera_s_password_is_in_no_answer_and_not_readable_in_the_settings()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync(new { name = "Gate", url = "rtsp://adm%40in:s%3Acret-77@192.0.2.1/1" });
        CameraSource source = web.Cameras.Find(id)!.Source;
        (source.User, source.Password, source.Url.ToString()).ShouldBe(("adm@in", "s:cret-77", "rtsp://192.0.2.1/1"));
        (await web.Client.GetStringAsync("/api/v1/cameras")).ShouldNotContain("cret-77");

        new SqliteCameraRepository(web.Settings).Load().Single().Source.Password.ShouldBe("s:cret-77");
        foreach (string file in Directory.GetFiles(web.DataPath, "settings.db*"))
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using System.IO.StreamReader reader = new(stream, Encoding.Latin1);
            (await reader.ReadToEndAsync()).ShouldNotContain("cret-77");
        }
    }

    [Theory]
    [InlineData("""{"name":"","url":"rtsp://192.0.2.1/1"}""")]
    [InlineData("""{"name":"Gate","url":"http://192.0.2.1/1"}""")]
    [InlineData("""{"name":"Gate","url":"rtsp://"}""")]
    [InlineData("""{"name":"Gate","url":"no address"}""")]
    [InlineData("""{"name":"Gate","url":"rtsp://192.0.2.1/1","retentionDays":0}""")]
    [InlineData("""{"name":"Gate","url":"rtsp://192.0.2.1/1","retentionDays":1.5}""")]
    [InlineData("""{"name":"Gate","url":"rtsp://192.0.2.1/1","transport":"pigeon"}""")]
    [InlineData("""{"name":"Gate","url":"rtsp://192.0.2.1/1","transport":1}""")]
    [InlineData("""{"name":"Gate"}""")]
    [InlineData("""{"name":"Gate","url":"rtsp://192.0.2.1/1","pasword":"x"}""")]
    public async Task What_is_no_camera_is_refused_with_a_reason(string body)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/v1/cameras", content);
        (await RunningWeb.ProblemAsync(answer, HttpStatusCode.BadRequest)).ShouldNotBeEmpty();
        web.Cameras.List().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("77")]
    [InlineData("-1")]
    [InlineData("gate")]
    [InlineData("99999999999999999999999999")]
    public async Task An_unknown_camera_is_not_found_whatever_is_asked_of_it(string id)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        foreach (string path in (string[])["", "/timeline?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"])
        {
            using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/{id}{path}");
            await RunningWeb.ProblemAsync(answer, HttpStatusCode.NotFound);
        }

        using HttpResponseMessage patched = await PatchAsync(web, id, "{}");
        await RunningWeb.ProblemAsync(patched, HttpStatusCode.NotFound);
        using HttpResponseMessage deleted = await web.Client.DeleteAsync($"/api/v1/cameras/{id}");
        await RunningWeb.ProblemAsync(deleted, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_state_tells_what_the_camera_sends()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        web.Connector.Last.Describe(withAudio: true);
        web.Connector.Last.Picture(key: true);
        JsonElement state = (await web.GetAsync($"/api/v1/cameras/{id}")).GetProperty("state");
        state.GetProperty("phase").GetString().ShouldBe("streaming");
        state.GetProperty("codec").GetString().ShouldBe("h264");
        state.GetProperty("width").GetInt32().ShouldBe(640);
        state.GetProperty("audioCodec").GetString().ShouldBe("aac");
        state.GetProperty("mimeType").GetString()!.ShouldStartWith("video/mp4; codecs=\"avc1");
        state.GetProperty("recording").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task A_test_of_a_camera_passes_the_diagnosis_on()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpResponseMessage good = await web.Client.PostAsJsonAsync("/api/v1/cameras/test", new { url = "rtsp://192.0.2.1/1" });
        JsonElement found = await good.Content.ReadFromJsonAsync<JsonElement>();
        (found.GetProperty("ok").GetBoolean(), found.GetProperty("step").GetString()).ShouldBe((true, "media"));
        using HttpResponseMessage bad = await web.Client.PostAsJsonAsync("/api/v1/cameras/test", new { url = "192.0.2.1" });
        JsonElement refused = await bad.Content.ReadFromJsonAsync<JsonElement>();
        (refused.GetProperty("ok").GetBoolean(), refused.GetProperty("step").GetString()).ShouldBe((false, "address"));
    }

    [Fact]
    public async Task More_tests_than_may_run_at_one_time_are_told_to_come_again()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        Turns turns = web.App.Services.GetRequiredService<WebTurns>().CameraTests;
        for (int i = 0; i < turns.Maximum; i++)
        {
            (await turns.TryBeginAsync(CancellationToken.None)).ShouldBeTrue();
        }

        using (HttpResponseMessage refused = await web.Client.PostAsJsonAsync("/api/v1/cameras/test", new { url = "rtsp://192.0.2.1/1" }))
        {
            await RunningWeb.ProblemAsync(refused, HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        turns.End();
        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage tested = await web.Client.PostAsJsonAsync("/api/v1/cameras/test", new { url = "rtsp://192.0.2.1/1" });
            tested.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    private static async Task<HttpResponseMessage> PatchAsync(RunningWeb web, string id, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        return await web.Client.PatchAsync($"/api/v1/cameras/{id}", content);
    }
}
