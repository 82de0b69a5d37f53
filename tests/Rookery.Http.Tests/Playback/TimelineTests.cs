// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Text.Json;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http.Tests;

public sealed class TimelineTests
{
    [Fact]
    public async Task Spans_and_gaps_are_told_with_microseconds_and_causes()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        StreamId stream = new TrackKey(new ChannelId(ulong.Parse(id)), StreamRole.Main, 0).ToStreamId();
        WallTime day = At("2026-11-22T00:00:00Z");
        web.Store.Recorded[stream] = [new WallRange(day, day + TimeSpan.FromHours(1)), new WallRange(day + TimeSpan.FromHours(2), day + TimeSpan.FromHours(3))];
        web.Store.Missing[stream] = [new Gap(new WallRange(day + TimeSpan.FromHours(1), day + TimeSpan.FromHours(2)), GapCause.CameraOffline)];

        JsonElement timeline = await web.GetAsync($"/api/v1/cameras/{id}/timeline?from=2026-11-22T00:30:00.000001Z&to=2026-11-22T05:00:00%2B01:00&resolution=1");
        timeline.GetProperty("from").GetString().ShouldBe("2026-11-22T00:30:00.000001Z");
        timeline.GetProperty("to").GetString().ShouldBe("2026-11-22T04:00:00.000000Z");
        timeline.GetProperty("spans").GetRawText().ShouldBe(
            """[["2026-11-22T00:30:00.000001Z","2026-11-22T01:00:00.000000Z"],["2026-11-22T02:00:00.000000Z","2026-11-22T03:00:00.000000Z"]]""");
        timeline.GetProperty("gaps").GetRawText().ShouldBe("""[{"start":"2026-11-22T01:00:00.000000Z","end":"2026-11-22T02:00:00.000000Z","cause":"cameraOffline"}]""");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?from=2026-11-22T00:00:00Z")]
    [InlineData("?from=2026-11-22&to=2026-11-23")]
    [InlineData("?from=2026-11-22T00:00:00&to=2026-11-23T00:00:00")]
    [InlineData("?from=2026-11-23T00:00:00Z&to=2026-11-22T00:00:00Z")]
    [InlineData("?from=2024-11-23T00:00:00Z&to=2026-11-22T00:00:00Z")]
    [InlineData("?from=0001-01-01T00:00:00Z&to=2026-11-22T00:00:00Z")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&resolution=-1")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&resolution=NaN")]
    [InlineData("?from=2026-11-22T00:00:00Z&to=2026-11-23T00:00:00Z&resolution=fine")]
    public async Task A_bad_range_is_refused_with_a_reason(string query)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/{id}/timeline{query}");
        (await RunningWeb.ProblemAsync(answer, HttpStatusCode.BadRequest)).ShouldNotBeEmpty();
    }

    private static WallTime At(string text)
    {
        ApiTime.TryParse(text, out WallTime time).ShouldBeTrue();
        return time;
    }

    [Fact]
    public async Task However_fine_a_long_range_is_asked_for_its_answer_is_bounded_and_says_how_coarse_it_is()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        JsonElement answer = await web.GetAsync("/api/v1/cameras/1/timeline?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&resolution=0");
        answer.GetProperty("resolution").GetDouble().ShouldBe(315.36);
    }
}
