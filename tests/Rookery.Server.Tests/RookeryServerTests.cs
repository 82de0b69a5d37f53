// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Rookery.Storage;

namespace Rookery.Server.Tests;

public sealed class RookeryServerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("rookery-server-").FullName;
    private readonly List<string> _said = [];

    /// <summary>Goal: settings, users and cameras of one start are there in the next, and a run that did not end in order is known as such.</summary>
    [Fact]
    public async Task What_one_start_is_told_the_next_one_knows()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "password"), "correct horse battery\n");
        ServerSettings settings = Settings() with { SetupUser = "admin", SetupPasswordFile = Path.Combine(_directory, "password") };
        await using (RookeryServer server = await StartAsync(settings))
        {
            server.SetupToken.ShouldBeNull();
            using HttpClient client = await LogInAsync(server);
            using HttpResponseMessage added = await client.PostAsJsonAsync("/api/v1/cameras", new { name = "Gate", url = "rtsp://127.0.0.1:1/x", password = "p" });
            added.StatusCode.ShouldBe(HttpStatusCode.Created);
            File.Exists(Path.Combine(_directory, "data", "running")).ShouldBeTrue();
        }

        File.Exists(Path.Combine(_directory, "data", "running")).ShouldBeFalse();
        await using RookeryServer next = await StartAsync(Settings());
        using HttpClient again = await LogInAsync(next);
        JsonElement cameras = await again.GetFromJsonAsync<JsonElement>("/api/v1/cameras");
        cameras.GetProperty("items")[0].GetProperty("name").GetString().ShouldBe("Gate");
        cameras.GetProperty("items")[0].GetProperty("hasPassword").GetBoolean().ShouldBeTrue();
    }

    /// <summary>Goal: which disks there are is known to the recorder, not only to the command line that started it first.</summary>
    [Fact]
    public async Task A_disk_that_was_added_over_the_api_is_opened_at_the_next_start_and_one_that_was_removed_is_not()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "password"), "correct horse battery\n");
        ServerSettings settings = Settings() with { SetupUser = "admin", SetupPasswordFile = Path.Combine(_directory, "password") };
        string added = Path.Combine(_directory, "b", "video.disk");
        await using (RookeryServer server = await StartAsync(settings))
        {
            using HttpClient client = await LogInAsync(server);
            using HttpResponseMessage preview = await client.PostAsJsonAsync("/api/v1/storage/preview", new { change = "add", @new = new { path = added, sizeBytes = 96L << 20 } });
            JsonElement place = (await preview.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("place");
            place.GetProperty("kind").GetString().ShouldBe("newFile");
            place.GetProperty("sharesWith")[0].GetString().ShouldBe(Path.Combine(_directory, "video.disk"), "both files lie on one file system");
            File.Exists(added).ShouldBeFalse();
            using HttpResponseMessage answer = await client.PostAsJsonAsync("/api/v1/storage/disks", new { path = added, sizeBytes = 96L << 20 });
            answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
            using HttpResponseMessage again = await client.PostAsJsonAsync("/api/v1/storage/disks", new { path = added, sizeBytes = 96L << 20 });
            again.IsSuccessStatusCode.ShouldBeFalse();
        }

        await using (RookeryServer next = await StartAsync(Settings()))
        {
            using HttpClient client = await LogInAsync(next);
            JsonElement storage = await client.GetFromJsonAsync<JsonElement>("/api/v1/storage");
            storage.GetProperty("disks").EnumerateArray().Select(disk => disk.GetProperty("state").GetString()).ShouldBe(["online", "online"]);
            storage.GetProperty("layout").GetString().ShouldBe("1+1");
            storage.GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null);
            using HttpResponseMessage drained = await client.PostAsync("/api/v1/storage/disks/0/drain", null);
            drained.StatusCode.ShouldBe(HttpStatusCode.NoContent);
            using HttpResponseMessage removed = await client.PostAsync("/api/v1/storage/disks/0/remove", null);
            removed.StatusCode.ShouldBe(HttpStatusCode.NoContent, await removed.Content.ReadAsStringAsync());
        }

        await using RookeryServer last = await StartAsync(Settings());
        using HttpClient reader = await LogInAsync(last);
        JsonElement disks = (await reader.GetFromJsonAsync<JsonElement>("/api/v1/storage")).GetProperty("disks");
        disks.EnumerateArray().ShouldHaveSingleItem().GetProperty("name").GetString().ShouldBe(added);
        File.Exists(Path.Combine(_directory, "video.disk")).ShouldBeTrue("nothing is deleted");
    }

    [Fact]
    public async Task A_disk_that_was_there_before_is_not_made_anew_until_it_is_said_to_be_gone()
    {
        await (await StartAsync(Settings())).DisposeAsync();
        string disk = Path.Combine(_directory, "video.disk");
        File.Delete(disk);
        (await Should.ThrowAsync<DeviceException>(() => StartAsync(Settings()))).Message.ShouldContain("mounted");
        File.Exists(disk).ShouldBeFalse();
        System.CommandLine.RootCommand root = new() { StoreCommands.Create() };
        (await root.Parse(["store", "forget", disk, "--data", Path.Combine(_directory, "data")]).InvokeAsync()).ShouldBe(ExitCode.Done);
        await (await StartAsync(Settings())).DisposeAsync();
        File.Exists(disk).ShouldBeTrue();
    }

    [Fact]
    public async Task The_first_start_offers_a_setup_link_and_an_unattended_one_with_half_its_settings_is_refused()
    {
        await using (RookeryServer server = await StartAsync(Settings()))
        {
            server.SetupToken.ShouldNotBeNull().Length.ShouldBeGreaterThan(30);
        }

        await Should.ThrowAsync<UsageException>(() => StartAsync(Settings() with { SetupUser = "admin" }));
    }

    [Fact]
    public async Task A_second_recorder_on_the_same_data_or_disk_is_refused_and_leaves_the_first_alone()
    {
        await using RookeryServer server = await StartAsync(Settings());
        await Should.ThrowAsync<Recording.SettingsException>(() => StartAsync(Settings()));
        await Should.ThrowAsync<DeviceException>(() => StartAsync(Settings() with { Data = Path.Combine(_directory, "other") }));
        using HttpClient client = new() { BaseAddress = server.Address };
        (await client.GetStringAsync("/api/v1/health")).ShouldContain("ok");
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_with_its_own_exit_code()
    {
        await using RookeryServer server = await StartAsync(Settings());
        ServerSettings second = Settings() with
        {
            Data = Path.Combine(_directory, "other"), Disks = [new DiskSpec(Path.Combine(_directory, "other.disk"), 96L << 20)], Listen = server.EndPoint,
        };
        int code = await Failures.CatchAsync(async () =>
        {
            await using RookeryServer other = await StartAsync(second);
            return ExitCode.Done;
        });
        code.ShouldBe(ExitCode.Address);
    }

    /// <summary>Goal: a defect in the loop over the cameras costs nothing that the store already has. Method: a clock whose timer that loop cannot put away.</summary>
    [Fact]
    public async Task When_the_loop_over_the_cameras_fails_the_store_is_closed_all_the_same_and_the_next_start_knows()
    {
        RookeryServer server = await RookeryServer.StartAsync(Settings(), new ClockOfStickyTimers(), _said.Add, CancellationToken.None);
        await Should.ThrowAsync<InvalidOperationException>(async () => await server.DisposeAsync());

        File.Exists(Path.Combine(_directory, "data", "running")).ShouldBeTrue();
        await using RookeryServer next = await StartAsync(Settings());
        next.Recording.IsCompleted.ShouldBeFalse();
    }

    /// <summary>The recorder's loop is the one that beats every quarter of a second.</summary>
    private sealed class ClockOfStickyTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            period == TimeSpan.FromMilliseconds(250) ? new StickyTimer() : base.CreateTimer(callback, state, dueTime, period);

        private sealed class StickyTimer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => throw new InvalidOperationException("This timer cannot be put away.");

            public ValueTask DisposeAsync() => throw new InvalidOperationException("This timer cannot be put away.");
        }
    }

    /// <summary>Goal: no stranger on the network makes the command line end as if all were well.</summary>
    [Fact]
    public async Task What_answers_and_is_no_recorder_is_told_as_such()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using WebApplication stranger = builder.Build();
        stranger.Run(context => context.Response.WriteAsync("<html>"));
        await stranger.StartAsync();
        using ApiClient client = ApiClient.WithToken(new Uri(stranger.Urls.Single()), "x");
        (await Should.ThrowAsync<ApiException>(() => client.SendAsync(HttpMethod.Get, "cameras", null, CancellationToken.None))).Message.ShouldContain("no recorder");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private ServerSettings Settings() => new()
    {
        Data = Path.Combine(_directory, "data"),
        Disks = [new DiskSpec(Path.Combine(_directory, "video.disk"), 96L << 20)],
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        LogLevel = Microsoft.Extensions.Logging.LogLevel.Error,
    };

    private Task<RookeryServer> StartAsync(ServerSettings settings) => RookeryServer.StartAsync(settings, TimeProvider.System, _said.Add, CancellationToken.None);

    private static async Task<HttpClient> LogInAsync(RookeryServer server)
    {
        HttpClient client = new() { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-Rookery-Csrf", "1");
        using HttpResponseMessage answer = await client.PostAsJsonAsync("/api/v1/session", new { user = "admin", password = "correct horse battery" });
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return client;
    }
}
