// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Text;

namespace Rookery.Http.Tests;

public sealed class ProblemTests
{
    [Theory]
    [InlineData("POST", "/api/v1/session", "{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/session", """{"user":"a"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/session", """{"user":null,"password":"x"}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/session", """{"user":"a","password":"b","remember":true}""", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("POST", "/api/v1/session", "user=a", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("PUT", "/api/v1/session", "", "application/json", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/v1/no/such/thing", null, null, HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v2", null, null, HttpStatusCode.NotFound)]
    public async Task Whatever_is_wrong_with_a_request_is_told_as_problem_details(string method, string path, string? body, string? type, HttpStatusCode expected)
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type!);
        }

        using HttpResponseMessage answer = await web.Client.SendAsync(request);
        (await RunningWeb.ProblemAsync(answer, expected)).Length.ShouldBeGreaterThan(10);
    }

    [Fact]
    public async Task A_body_above_the_limit_is_refused()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using StringContent content = new($$"""{"user":"a","password":"{{new string('x', WebLimits.MaximumBodyBytes)}}"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await web.Client.PostAsync("/api/v1/session", content);
        (await RunningWeb.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge)).ShouldContain("256 KiB");
    }

    [Fact]
    public async Task Reasons_are_in_words_of_the_api_and_not_of_its_code()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpResponseMessage empty = await web.Client.PostAsync("/api/v1/cameras", new StringContent("", Encoding.UTF8, "application/json"));
        (await RunningWeb.ProblemAsync(empty, HttpStatusCode.BadRequest)).ShouldBe("This address wants a body in JSON.");
        using HttpResponseMessage wrong = await web.Client.PostAsync("/api/v1/cameras", new StringContent("[]", Encoding.UTF8, "application/json"));
        (await RunningWeb.ProblemAsync(wrong, HttpStatusCode.BadRequest)).ShouldNotContain("Rookery.Http");
    }

    [Fact]
    public async Task No_answer_of_the_api_is_kept_by_a_browser_however_its_address_is_written()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpResponseMessage answer = await web.Client.GetAsync("/API/v1/cameras");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task Health_says_when_video_cannot_be_stored()
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        (await web.Client.GetStringAsync("/api/v1/health")).ShouldBe("""{"status":"ok"}""");
        web.Store.Fault = "The disk is gone.";
        using HttpResponseMessage answer = await web.Client.GetAsync("/api/v1/health");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"fault"}""");
    }
}
