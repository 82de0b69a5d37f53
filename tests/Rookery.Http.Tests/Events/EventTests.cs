// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Foundation;

namespace Rookery.Http.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task The_first_events_tell_all_states_and_the_system_at_once()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        await using Stream stream = await web.Client.GetStreamAsync("/api/v1/events");
        using StreamReader reader = new(stream);
        (string name, JsonElement data) = await NextAsync(reader);
        name.ShouldBe("cameras");
        data.GetProperty("items")[0].GetProperty("id").GetString().ShouldBe(id);
        data.GetProperty("items")[0].GetProperty("state").GetProperty("phase").GetString().ShouldBe("connecting");
        (name, data) = await NextAsync(reader);
        name.ShouldBe("system");
        data.GetProperty("cameras").GetProperty("total").GetInt32().ShouldBe(1);
        data.GetProperty("store").GetProperty("capacityBytes").GetInt64().ShouldBe(1_000_000_000);

        web.Connector.Last.Describe();
        web.Connector.Last.Picture(key: true);
        web.Clock.Advance(TimeSpan.FromSeconds(1));
        (name, data) = await NextAsync(reader);
        name.ShouldBe("cameras");
        data.GetProperty("items")[0].GetProperty("state").GetProperty("phase").GetString().ShouldBe("streaming");
    }

    [Fact]
    public async Task Open_event_streams_do_not_hold_up_a_stop()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        await using Stream stream = await web.Client.GetStreamAsync("/api/v1/events");
        using StreamReader reader = new(stream);
        await NextAsync(reader);
        await web.App.StopAsync();
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    [Fact]
    public async Task Logging_out_ends_the_open_streams_of_that_session_and_no_others()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string other = web.App.Services.GetRequiredService<Sessions>().Begin(RunningWeb.User, WallTime.Now(web.Clock));
        using HttpClient program = web.NewClient();
        program.DefaultRequestHeaders.Add("Authorization", $"Bearer {other}");
        await using Stream mine = await web.Client.GetStreamAsync("/api/v1/events");
        await using Stream theirs = await program.GetStreamAsync("/api/v1/events");
        using StreamReader reader = new(mine);
        using StreamReader otherReader = new(theirs);
        await NextAsync(reader);
        await NextAsync(otherReader);
        await NextAsync(otherReader);

        (await web.Client.DeleteAsync("/api/v1/session")).Dispose();
        while (await reader.ReadLineAsync() is not null)
        {
        }

        using HttpResponseMessage added = await program.PostAsJsonAsync("/api/v1/cameras", new { name = "Gate", url = "rtsp://192.0.2.1/1" });
        added.IsSuccessStatusCode.ShouldBeTrue();
        web.Clock.Advance(TimeSpan.FromSeconds(1));
        (await NextAsync(otherReader)).Name.ShouldBe("cameras");
    }

    private static async Task<(string Name, JsonElement Data)> NextAsync(StreamReader reader)
    {
        string name = (await reader.ReadLineAsync())!["event: ".Length..];
        string data = (await reader.ReadLineAsync())!["data: ".Length..];
        (await reader.ReadLineAsync()).ShouldBe("");
        return (name, JsonDocument.Parse(data).RootElement);
    }
}
