// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http.Tests;

public sealed class RetentionEndpointTests
{
    [Fact]
    public async Task A_class_is_defined_given_to_a_camera_and_removed_only_when_nothing_has_it()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        (await PutAsync(web, 200, new { name = " Vault ", minimumDays = 30, maximumDays = 90, maximumBytes = 1L << 40, priority = 80, layout = "4+1" })).ShouldBe(HttpStatusCode.OK);
        JsonElement own = (await web.GetAsync("/api/v1/retention-classes")).GetProperty("items").EnumerateArray().Single(c => c.GetProperty("id").GetInt32() == 200);
        own.GetProperty("name").GetString().ShouldBe("Vault");
        own.GetProperty("minimumDays").GetDouble().ShouldBe(30);
        own.GetProperty("layout").GetString().ShouldBe("4+1");
        own.GetProperty("builtIn").GetBoolean().ShouldBeFalse();

        string id = await web.AddCameraAsync(new { name = "Gate", url = "rtsp://192.0.2.1/1", retentionDays = 7 });
        (await PatchAsync(web, $"cameras/{id}", """{"retentionClass":201}""")).ShouldBe(HttpStatusCode.BadRequest);
        (await PatchAsync(web, $"cameras/{id}", """{"retentionClass":200}""")).ShouldBe(HttpStatusCode.OK);
        web.Cameras.Find(id)!.RetentionClass.ShouldBe(200);
        (await DeleteAsync(web, "retention-classes/200")).ShouldBe(HttpStatusCode.Conflict);

        (await PatchAsync(web, $"cameras/{id}", """{"retentionDays":14}""")).ShouldBe(HttpStatusCode.OK);
        web.Cameras.Find(id)!.RetentionClass.ShouldBeNull("days that are given alone are meant to hold");
        web.Retention.WithFootage.Add(new RetentionClassId(200));
        (await DeleteAsync(web, "retention-classes/200")).ShouldBe(HttpStatusCode.Conflict);
        web.Retention.WithFootage.Clear();
        (await DeleteAsync(web, "retention-classes/200")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(7, """{"name":"x"}""")]
    [InlineData(255, """{"name":"x"}""")]
    [InlineData(200, """{"name":" "}""")]
    [InlineData(200, """{"name":"x","minimumDays":9,"maximumDays":8}""")]
    [InlineData(200, """{"name":"x","maximumBytes":0}""")]
    [InlineData(200, """{"name":"x","priority":101}""")]
    [InlineData(200, """{"name":"x","layout":"17+3"}""")]
    public async Task A_class_that_makes_no_sense_is_refused(int id, string body)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await web.Client.PutAsync($"/api/v1/retention-classes/{id}", content);
        (await RunningWeb.ProblemAsync(answer, HttpStatusCode.BadRequest)).ShouldNotBeEmpty();
        web.Retention.RetentionClasses.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_hold_bears_the_name_of_who_made_it_shows_on_the_timeline_and_ends_when_it_is_released()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string camera = await web.AddCameraAsync();
        var input = new { @case = "A-17", cameras = new[] { camera }, from = "2026-11-22T10:00:00Z", to = "2026-11-22T11:00:00Z", note = "gate was forced" };
        using HttpResponseMessage made = await web.Client.PostAsJsonAsync("/api/v1/holds", input);
        made.StatusCode.ShouldBe(HttpStatusCode.Created, await made.Content.ReadAsStringAsync());
        JsonElement hold = await made.Content.ReadFromJsonAsync<JsonElement>();
        hold.GetProperty("by").GetString().ShouldBe(RunningWeb.User);
        hold.GetProperty("cameras")[0].GetString().ShouldBe(camera);
        string id = hold.GetProperty("id").GetString()!;
        Hold stored = web.Retention.Holds.ShouldHaveSingleItem();
        stored.Streams.ShouldHaveSingleItem().Contains(new TrackKey(web.Cameras.Find(camera)!.Id, StreamRole.Sub, 3).ToStreamId()).ShouldBeTrue("every coding and track, also those to come");

        JsonElement held = (await web.GetAsync($"/api/v1/cameras/{camera}/timeline?from=2026-11-22T10:30:00Z&to=2026-11-22T12:00:00Z")).GetProperty("holds")[0];
        held.GetProperty("case").GetString().ShouldBe("A-17");
        held.GetProperty("start").GetString()!.ShouldStartWith("2026-11-22T10:30:00");
        held.GetProperty("end").GetString()!.ShouldStartWith("2026-11-22T11:00:00");

        (await PatchAsync(web, $"holds/{id}", """{"until":"2026-11-22T10:00:00Z"}""")).ShouldBe(HttpStatusCode.BadRequest, "that has passed");
        (await PatchAsync(web, $"holds/{id}", """{"until":"2026-11-22T13:30:00Z"}""")).ShouldBe(HttpStatusCode.OK);
        web.Clock.Advance(TimeSpan.FromHours(1));
        (await web.GetAsync("/api/v1/holds")).GetProperty("items")[0].GetProperty("active").GetBoolean().ShouldBeFalse();
        (await DeleteAsync(web, $"holds/{id}")).ShouldBe(HttpStatusCode.NoContent);
        (await DeleteAsync(web, $"holds/{id}")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{"case":"","cameras":["1"],"from":"2026-11-22T10:00:00Z","to":"2026-11-22T11:00:00Z"}""")]
    [InlineData("""{"case":"x","cameras":[],"from":"2026-11-22T10:00:00Z","to":"2026-11-22T11:00:00Z"}""")]
    [InlineData("""{"case":"x","cameras":["99"],"from":"2026-11-22T10:00:00Z","to":"2026-11-22T11:00:00Z"}""")]
    [InlineData("""{"case":"x","cameras":["1"],"from":"2026-11-22T11:00:00Z","to":"2026-11-22T11:00:00Z"}""")]
    [InlineData("""{"case":"x","cameras":["1"],"from":"2026-11-22T10:00:00Z","to":"2026-11-22T11:00:00Z","until":"2026-11-22T12:59:59Z"}""")]
    public async Task A_hold_that_makes_no_sense_is_refused(string body)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        await web.AddCameraAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/v1/holds", content);
        (await RunningWeb.ProblemAsync(answer, HttpStatusCode.BadRequest)).ShouldNotBeEmpty();
        web.Retention.Holds.ShouldBeEmpty();
    }

    private static async Task<HttpStatusCode> PutAsync(RunningWeb web, int id, object input)
    {
        using HttpResponseMessage answer = await web.Client.PutAsJsonAsync($"/api/v1/retention-classes/{id}", input);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> PatchAsync(RunningWeb web, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await web.Client.PatchAsync($"/api/v1/{path}", content);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> DeleteAsync(RunningWeb web, string path)
    {
        using HttpResponseMessage answer = await web.Client.DeleteAsync($"/api/v1/{path}");
        return answer.StatusCode;
    }
}
