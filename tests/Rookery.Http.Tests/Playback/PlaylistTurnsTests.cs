// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Http.Tests;

public sealed class PlaylistTurnsTests
{
    [Fact]
    public async Task A_few_are_made_at_one_time_some_wait_and_more_are_turned_away()
    {
        using PlaylistTurns turns = new();
        using CancellationTokenSource leaves = new();
        List<Task<bool>> asked = [];
        for (int i = 0; i < PlaylistTurns.Maximum; i++)
        {
            asked.Add(turns.TryBeginAsync(leaves.Token).AsTask());
        }

        asked.Count(task => task.IsCompleted).ShouldBe(PlaylistTurns.AtOneTime);
        (await turns.TryBeginAsync(CancellationToken.None)).ShouldBeFalse();
        turns.End();
        (await asked[PlaylistTurns.AtOneTime]).ShouldBeTrue();

        // Those who leave while they wait make room. All have to be gone: until then one of them may still be given the next turn.
        await leaves.CancelAsync();
        foreach (Task<bool> left in asked.Skip(PlaylistTurns.AtOneTime + 1))
        {
            await Should.ThrowAsync<OperationCanceledException>(left);
        }

        turns.End();
        (await turns.TryBeginAsync(CancellationToken.None)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_playlist_that_gets_no_turn_is_answered_with_a_wait()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        string id = await web.AddCameraAsync();
        PlaylistTurns turns = web.App.Services.GetRequiredService<PlaylistTurns>();
        using CancellationTokenSource leaves = new();
        Task<bool>[] taken = [.. Enumerable.Range(0, PlaylistTurns.Maximum).Select(_ => turns.TryBeginAsync(leaves.Token).AsTask())];

        using HttpResponseMessage answer = await web.Client.GetAsync($"/api/v1/cameras/{id}/playback.m3u8?from=2026-11-22T12:00:00Z&to=2026-11-22T13:00:00Z");
        await RunningWeb.ProblemAsync(answer, System.Net.HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();

        await leaves.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(Task.WhenAll(taken));
        turns.End();
        turns.End();
        using HttpResponseMessage later = await web.Client.GetAsync($"/api/v1/cameras/{id}/playback.m3u8?from=2026-11-22T12:00:00Z&to=2026-11-22T13:00:00Z");
        await RunningWeb.ProblemAsync(later, System.Net.HttpStatusCode.NotFound);
    }
}
