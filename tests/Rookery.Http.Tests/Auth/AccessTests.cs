// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Rookery.Http.Tests;

public sealed class AccessTests
{
    /// <summary>What strangers may reach; a new endpoint that forgets about access fails the test below.</summary>
    private static readonly string[] Open =
        ["GET /api/v1/setup", "POST /api/v1/setup", "GET /api/v1/session", "POST /api/v1/session", "GET /api/v1/health", "GET /api/{documentName}/openapi.json"];

    [Fact]
    public async Task Every_endpoint_refuses_strangers_but_for_those_that_are_meant_for_them()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient stranger = web.NewClient();
        int refused = 0;
        foreach (RouteEndpoint endpoint in web.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string pattern = endpoint.RoutePattern.RawText!;
            if (!pattern.StartsWith("/api", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (string method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                bool isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
                isOpen.ShouldBe(Open.Contains($"{method} {pattern}"), $"{method} {pattern}");
                if (isOpen)
                {
                    continue;
                }

                string path = pattern.Replace("{id}", "1", StringComparison.Ordinal);
                using HttpRequestMessage request = new(new HttpMethod(method), path);
                using HttpResponseMessage answer = await stranger.SendAsync(request);
                answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("/api/v1/nowhere")]
    [InlineData("/api")]
    [InlineData("/API/v1/cameras")]
    public async Task Strangers_do_not_learn_which_addresses_exist(string path)
    {
        await using RunningWeb web = await RunningWeb.StartAsync();
        using HttpResponseMessage answer = await web.Client.GetAsync(path);
        await RunningWeb.ProblemAsync(answer, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_change_by_cookie_needs_the_header_that_a_foreign_form_cannot_set()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient client = web.NewClient(withCsrfHeader: false);
        using HttpResponseMessage login = await client.PostAsJsonAsync("/api/v1/session", new { user = RunningWeb.User, password = RunningWeb.Password });
        login.StatusCode.ShouldBe(HttpStatusCode.OK);
        using HttpResponseMessage answer = await client.DeleteAsync("/api/v1/session");
        (await RunningWeb.ProblemAsync(answer, HttpStatusCode.Forbidden)).ShouldContain("X-Rookery-Csrf");
    }

    [Fact]
    public async Task A_program_may_show_its_session_as_a_bearer_token_and_needs_no_such_header()
    {
        await using RunningWeb web = await RunningWeb.StartLoggedInAsync();
        using HttpClient browser = web.NewClient();
        using HttpResponseMessage login = await browser.PostAsJsonAsync("/api/v1/session", new { user = RunningWeb.User, password = RunningWeb.Password });
        string token = login.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2)[1];

        using HttpClient program = web.NewClient(withCsrfHeader: false);
        program.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using HttpResponseMessage nowhere = await program.DeleteAsync("/api/v1/nowhere");
        await RunningWeb.ProblemAsync(nowhere, HttpStatusCode.NotFound);
    }
}
