// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;

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

    private static async Task<(string Name, JsonElement Data)> NextAsync(StreamReader reader)
    {
        string name = (await reader.ReadLineAsync())!["event: ".Length..];
        string data = (await reader.ReadLineAsync())!["data: ".Length..];
        (await reader.ReadLineAsync()).ShouldBe("");
        return (name, JsonDocument.Parse(data).RootElement);
    }
}
