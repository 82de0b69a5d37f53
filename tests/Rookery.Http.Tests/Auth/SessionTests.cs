// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rookery.Recording;

namespace Rookery.Http.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task A_login_sets_a_cookie_that_scripts_and_other_sites_cannot_use()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient other = web.NewClient();
        using HttpResponseMessage answer = await LogInAsync(other, RunningWeb.User, RunningWeb.Password);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=strict", Case.Insensitive);
        (await WhoAsync(other)).ShouldBe(RunningWeb.User);
    }

    [Fact]
    public async Task Nobody_is_logged_in_at_first_and_after_logging_out_the_cookie_is_worth_nothing()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient client = web.NewClient();
        (await WhoAsync(client)).ShouldBeNull();
        using HttpResponseMessage answer = await LogInAsync(client, "ADMIN", RunningWeb.Password);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        using HttpResponseMessage left = await client.DeleteAsync("/api/v1/session");
        left.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using HttpClient thief = web.NewClient();
        thief.DefaultRequestHeaders.Add("Cookie", cookie);
        (await WhoAsync(thief)).ShouldBeNull();
    }

    [Fact]
    public async Task Repeated_wrong_passwords_are_answered_with_a_wait_even_when_the_right_one_comes()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient client = web.NewClient();
        for (int i = 0; i < 5; i++)
        {
            using HttpResponseMessage wrong = await LogInAsync(client, RunningWeb.User, "wrong password");
            await RunningWeb.ProblemAsync(wrong, HttpStatusCode.Unauthorized);
        }

        using HttpResponseMessage blocked = await LogInAsync(client, RunningWeb.User, RunningWeb.Password);
        await RunningWeb.ProblemAsync(blocked, HttpStatusCode.TooManyRequests);
        blocked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));

        web.Clock.Advance(TimeSpan.FromSeconds(2));
        using HttpResponseMessage later = await LogInAsync(client, RunningWeb.User, RunningWeb.Password);
        later.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_session_that_is_used_goes_on_and_one_that_is_not_ends()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient idle = web.NewClient();
        (await LogInAsync(idle, RunningWeb.User, RunningWeb.Password)).Dispose();

        web.Clock.Advance(Sessions.Lifetime * 0.75);
        (await WhoAsync(web.Client)).ShouldBe(RunningWeb.User);
        web.Clock.Advance(Sessions.Lifetime * 0.75);
        (await WhoAsync(web.Client)).ShouldBe(RunningWeb.User);
        (await WhoAsync(idle)).ShouldBeNull();
    }

    [Fact]
    public async Task Sessions_outlast_a_restart()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        UserStore users = new(web.Settings);
        Sessions before = new(users, default);
        string token = before.Begin(RunningWeb.User, default);
        Sessions after = new(users, default);
        after.Use(token, default, out _).ShouldBe(RunningWeb.User);
        after.Use(token + "x", default, out _).ShouldBeNull();
    }

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client, string user, string password) =>
        client.PostAsJsonAsync("/api/v1/session", new { user, password });

    private static async Task<string?> WhoAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/v1/session")).GetProperty("user").GetString();
}
