// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Http.Tests;

public sealed class HlsTests
{
    [Fact]
    public async Task Everything_a_playlist_names_can_be_fetched()
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/1/playback.m3u8?{RecordedMinute.Middle}");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.apple.mpegurl");
        string playlist = await answer.Content.ReadAsStringAsync();
        playlist.ShouldContain("#EXT-X-ENDLIST");

        string map = playlist.Split("URI=\"")[1].Split('"')[0];
        string[] names = [map, .. playlist.Split('\n').Where(line => line.Length > 0 && line[0] != '#')];
        names.Length.ShouldBeGreaterThan(4);
        foreach (string name in names)
        {
            using HttpResponseMessage segment = await web.Client.GetAsync($"/api/v1/cameras/1/{name}");
            segment.StatusCode.ShouldBe(HttpStatusCode.OK, name);
            segment.Content.Headers.ContentType!.MediaType.ShouldBe("video/mp4");
            byte[] bytes = await segment.Content.ReadAsByteArrayAsync();
            bytes.Length.ShouldBe((int)segment.Content.Headers.ContentLength!.Value);
            bytes.Length.ShouldBeGreaterThan(100);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("&to=2026-11-22T13:30:00Z")]
    public async Task A_range_that_reaches_into_the_future_grows(string to)
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        string playlist = await web.Client.GetStringAsync($"/api/v1/cameras/1/playback.m3u8?from={RecordedMinute.Start}{to}");
        playlist.ShouldContain("#EXT-X-PLAYLIST-TYPE:EVENT");
        playlist.ShouldNotContain("#EXT-X-ENDLIST");
    }

    [Theory]
    [InlineData("playback.m3u8?from=2026-11-22T20:00:00Z&to=2026-11-22T20:01:00Z", HttpStatusCode.NotFound)]
    [InlineData("playback.m3u8?from=yesterday", HttpStatusCode.BadRequest)]
    [InlineData("playback.m3u8?from=2026-11-20T20:00:00Z&to=2026-11-22T20:01:00Z", HttpStatusCode.BadRequest)]
    [InlineData("segments/x.m4s", HttpStatusCode.NotFound)]
    [InlineData("segments/x.mp4", HttpStatusCode.NotFound)]
    [InlineData("segments/x", HttpStatusCode.NotFound)]
    [InlineData("segments/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.m4s", HttpStatusCode.NotFound)]
    [InlineData("segments/00000000000000000000000000000000.mp4", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_played_is_told_as_problem_details(string path, HttpStatusCode expected)
    {
        (RunningWeb web, _) = await RecordedMinute.StartAsync();
        await using RunningWeb running = web;
        using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/1/{path}");
        await RunningWeb.ProblemAsync(answer, expected);
    }

    [Fact]
    public async Task A_playlist_that_gets_no_turn_is_answered_with_a_wait()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        Turns turns = web.App.Services.GetRequiredService<WebTurns>().Playlists;
        using CancellationTokenSource leaves = new();
        Task<bool>[] taken = [.. Enumerable.Range(0, turns.Maximum).Select(_ => turns.TryBeginAsync(leaves.Token).AsTask())];

        using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/{id}/playback.m3u8?from=2026-11-22T12:00:00Z&to=2026-11-22T13:00:00Z");
        await RunningWeb.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(taken));
        turns.End();
        turns.End();
        using HttpResponseMessage later = await web.Client.GetAsync($"/api/v1/cameras/{id}/playback.m3u8?from=2026-11-22T12:00:00Z&to=2026-11-22T13:00:00Z");
        await RunningWeb.ProblemAsync(later, HttpStatusCode.NotFound);
    }
}
