// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http.Tests;

public sealed class StorageEndpointTests
{
    [Fact]
    public async Task The_pool_is_told_with_its_disks_its_protection_its_forecast_and_how_far_cameras_reach()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string camera = await web.AddCameraAsync(new { name = "Gate", url = "rtsp://192.0.2.1/1", retentionDays = 30 });
        WallTime now = WallTime.Now(web.Clock);
        StreamId stream = new TrackKey(web.Cameras.Find(camera)!.Id, StreamRole.Main, 0).ToStreamId();
        web.Store.Recorded[stream] = [new WallRange(now - TimeSpan.FromDays(300), now - TimeSpan.FromDays(299)), new WallRange(now - TimeSpan.FromDays(6), now)];
        await web.Retention.HoldAsync(new Hold
        {
            Id = "1", Case = "A-17", By = "admin", Made = now, Streams = [web.Cameras.Find(camera)!.Id.Streams], Range = new WallRange(now - TimeSpan.FromDays(301), now - TimeSpan.FromDays(298)),
        });

        JsonElement storage = await web.GetAsync("/api/v1/storage");
        storage.GetProperty("layout").GetString().ShouldBe("2+1");
        storage.GetProperty("bears").GetInt32().ShouldBe(1);
        storage.GetProperty("disks").GetArrayLength().ShouldBe(3);
        storage.GetProperty("disks")[1].GetProperty("state").GetString().ShouldBe("online");
        storage.GetProperty("forecast").GetProperty("state").GetString().ShouldBe("filling");
        storage.GetProperty("forecast").GetProperty("fullInDays").GetDouble().ShouldBeInRange(0.5, 1);
        storage.GetProperty("classes")[0].GetProperty("reachedDays").GetDouble().ShouldBe(10);
        JsonElement reach = storage.GetProperty("cameras")[0];
        reach.GetProperty("days").GetDouble().ShouldBe(6, 0.01, "what only a hold keeps is no retention");
        reach.GetProperty("retentionClass").GetInt32().ShouldBe(30);
        storage.GetProperty("commitLimitsMs").GetArrayLength().ShouldBe(13);
    }

    [Fact]
    public async Task A_preview_tells_what_moves_and_what_is_lost_and_changes_nothing()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        JsonElement drain = await PreviewAsync(web, new { change = "drain", disk = 2 });
        drain.GetProperty("bytesToMove").GetInt64().ShouldBe(3000 * MemoryPool.ZoneBytes);
        drain.GetProperty("moveSeconds").GetDouble().ShouldBe(3.0 * 3000 * MemoryPool.ZoneBytes / (100 << 20), 1);
        drain.GetProperty("withoutRoomBytes").GetInt64().ShouldBe(3000 * MemoryPool.ZoneBytes, "three columns do not lie on two disks");
        drain.GetProperty("daysLost").GetDouble().ShouldBeGreaterThan(0);
        drain.GetProperty("classes")[0].GetProperty("layoutAfter").GetString().ShouldBe("1+1");

        JsonElement add = await PreviewAsync(web, new { change = "add", @new = new { path = "/mnt/d/video.disk" } });
        add.GetProperty("place").GetProperty("fileSystem").GetString().ShouldBe("/mnt/d");
        add.GetProperty("footageRoomAfter").GetInt64().ShouldBeGreaterThan(add.GetProperty("footageRoomBefore").GetInt64());
        web.Pool.Done.ShouldBeEmpty();
        web.Places.Remembered.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_disk_is_added_drained_taken_back_and_replaced_and_the_next_start_knows_it()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        (await PostAsync(web, "storage/disks", new { path = "/mnt/d/video.disk", sizeBytes = 1L << 40 })).ShouldBe(HttpStatusCode.Created);
        web.Places.Remembered.ShouldBe(["/mnt/d/video.disk"]);
        (await PostAsync(web, "storage/disks/1/drain")).ShouldBe(HttpStatusCode.NoContent);
        (await web.GetAsync("/api/v1/storage")).GetProperty("disks")[1].GetProperty("state").GetString().ShouldBe("draining");
        (await PostAsync(web, "storage/disks/1/use-again")).ShouldBe(HttpStatusCode.NoContent);
        (await PostAsync(web, "storage/disks/1/replace", new { path = "/mnt/e/video.disk" })).ShouldBe(HttpStatusCode.OK);
        web.Pool.Done.ShouldBe(["add", "drain", "use again", "add", "replace"]);
        web.Places.Disposed.ShouldBe(0, "the pool has them");
        (await PostAsync(web, "storage/disks/2/spare")).ShouldBe(HttpStatusCode.Conflict, "it holds footage");
        (await PostAsync(web, "storage/disks/3/spare")).ShouldBe(HttpStatusCode.NoContent);
        (await web.GetAsync("/api/v1/storage")).GetProperty("disks")[3].GetProperty("spare").GetBoolean().ShouldBeTrue();
        (await PostAsync(web, "storage/disks/3/use-spare")).ShouldBe(HttpStatusCode.NoContent);
        (await PostAsync(web, "storage/disks/3/use-spare")).ShouldBe(HttpStatusCode.Conflict, "it is none");

        (await PostAsync(web, "storage/scrub")).ShouldBe(HttpStatusCode.NoContent);
        (await web.GetAsync("/api/v1/storage")).GetProperty("scrub").GetProperty("fast").GetBoolean().ShouldBeTrue();
        using HttpResponseMessage stopped = await web.Client.DeleteAsync("/api/v1/storage/scrub");
        web.Pool.IsScrubbing.ShouldBeFalse();
    }

    [Fact]
    public async Task A_disk_that_the_pool_does_not_take_is_not_remembered_and_is_let_go()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        web.Pool.Refusal = new StoreException("It is not blank.");
        (await PostAsync(web, "storage/disks", new { path = "/mnt/d/video.disk" })).ShouldBe(HttpStatusCode.Conflict);
        web.Places.Remembered.ShouldBeEmpty();
        web.Places.Disposed.ShouldBe(1);
        web.Pool.Refusal = new DeviceException("It takes no writes.");
        (await PostAsync(web, "storage/disks/0/replace", new { path = "/mnt/d/video.disk" })).ShouldBe(HttpStatusCode.BadRequest);
        web.Places.Disposed.ShouldBe(2);
    }

    [Fact]
    public async Task Recordings_are_lost_only_by_those_who_say_that_they_accept_it()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        web.Pool.Disks[2] = MemoryPool.Disk(2, DiskState.Missing, onlyHereBytes: 7_000_000_000);
        (await PreviewAsync(web, new { change = "remove", disk = 2 })).GetProperty("lostBytes").GetInt64().ShouldBe(7_000_000_000);
        (await PostAsync(web, "storage/disks/2/remove")).ShouldBe(HttpStatusCode.Conflict);
        web.Pool.Done.ShouldBeEmpty();
        web.Places.Remembered.Add("/mnt/c/video.disk");
        (await PostAsync(web, "storage/disks/2/remove?acceptLoss=true")).ShouldBe(HttpStatusCode.NoContent);
        web.Places.Remembered.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("storage/disks", """{"path":"relative/disk"}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/disks", """{"path":"/mnt/full/disk"}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/disks", """{"path":"/mnt/d/disk","sizeBytes":-5}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/disks", """{"path":"/mnt/d/"}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/disks/9/drain", "", HttpStatusCode.NotFound)]
    [InlineData("storage/disks/1/remove", "", HttpStatusCode.Conflict)]
    [InlineData("storage/disks/9/replace", """{"path":"/mnt/d/disk"}""", HttpStatusCode.NotFound)]
    [InlineData("storage/preview", """{"change":"add"}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/preview", """{"change":"drain"}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/preview", """{"change":"drain","disk":1,"new":{"path":"/mnt/d/disk"}}""", HttpStatusCode.BadRequest)]
    [InlineData("storage/preview", """{"change":"explode","disk":1}""", HttpStatusCode.BadRequest)]
    public async Task A_change_that_cannot_be_made_is_refused_in_words(string path, string body, HttpStatusCode status)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using StringContent? content = body.Length == 0 ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await web.Client.PostAsync($"/api/v1/{path}", content);
        (await RunningWeb.ProblemAsync(answer, status)).ShouldNotBeEmpty();
        web.Pool.Done.ShouldBeEmpty();
        web.Places.Remembered.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_without_a_login_sees_or_changes_the_disks()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient stranger = web.NewClient();
        (await stranger.GetAsync("/api/v1/storage")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsync("/api/v1/storage/disks/1/drain", null)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        web.Pool.Done.ShouldBeEmpty();
    }

    private static async Task<JsonElement> PreviewAsync(RunningWeb web, object input)
    {
        using HttpResponseMessage answer = await web.Client.PostAsJsonAsync("/api/v1/storage/preview", input);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<HttpStatusCode> PostAsync(RunningWeb web, string path, object? body = null)
    {
        using HttpResponseMessage answer = body is null ? await web.Client.PostAsync($"/api/v1/{path}", null) : await web.Client.PostAsJsonAsync($"/api/v1/{path}", body);
        return answer.StatusCode;
    }
}
