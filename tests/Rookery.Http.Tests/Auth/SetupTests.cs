// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rookery.Http.Tests;

public sealed class SetupTests
{
    [Fact]
    public async Task The_link_creates_the_administrator_once_and_logs_in()
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        (await RequiredAsync(web)).ShouldBeTrue();
        string token = web.Setup.Issue();

        using HttpResponseMessage created = await PostAsync(web, token, "ann", RunningWeb.Password);
        created.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await RequiredAsync(web)).ShouldBeFalse();
        JsonElement session = await web.Client.GetFromJsonAsync<JsonElement>("/api/v1/session");
        session.GetProperty("user").GetString().ShouldBe("ann");

        using HttpResponseMessage again = await PostAsync(web, token, "eve", RunningWeb.Password);
        (await RunningWeb.ProblemAsync(again, HttpStatusCode.Conflict)).ShouldContain("exists");
    }

    [Theory]
    [InlineData("wrong", "ann", RunningWeb.Password, HttpStatusCode.Forbidden)]
    [InlineData("", "ann", RunningWeb.Password, HttpStatusCode.Forbidden)]
    [InlineData(null, "ann", "too short", HttpStatusCode.BadRequest)]
    [InlineData(null, "  ", RunningWeb.Password, HttpStatusCode.BadRequest)]
    [InlineData(null, "a\nb", RunningWeb.Password, HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_taken_is_refused_and_creates_nobody(string? token, string user, string password, HttpStatusCode expected)
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        string issued = web.Setup.Issue();
        using HttpResponseMessage answer = await PostAsync(web, token ?? issued, user, password);
        await RunningWeb.ProblemAsync(answer, expected);
        (await RequiredAsync(web)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_new_link_voids_the_one_before()
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        string old = web.Setup.Issue();
        web.Setup.Issue();
        using HttpResponseMessage answer = await PostAsync(web, old, "ann", RunningWeb.Password);
        await RunningWeb.ProblemAsync(answer, HttpStatusCode.Forbidden);
    }

    private static Task<HttpResponseMessage> PostAsync(RunningWeb web, string token, string user, string password) =>
        web.Client.PostAsJsonAsync("/api/v1/setup", new { token, user, password });

    private static async Task<bool> RequiredAsync(RunningWeb web) =>
        (await web.Client.GetFromJsonAsync<JsonElement>("/api/v1/setup")).GetProperty("required").GetBoolean();
}
