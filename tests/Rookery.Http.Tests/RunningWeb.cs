// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Rookery.Recording;

namespace Rookery.Http.Tests;

/// <summary>The real web server on a free port, over settings in a directory of its own and a store that stands still.</summary>
internal sealed class RunningWeb : IAsyncDisposable
{
    public const string User = "admin";
    public const string Password = "correct horse battery";

    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;

    private RunningWeb()
    {
        _data = DataDirectory.Open(_directory.Path);
        Settings = SettingsStore.Open(_data);
    }

    public SettingsStore Settings { get; }
    public HandClock Clock { get; } = new();
    public IdleStore Store { get; } = new();
    public SetupLink Setup { get; } = new();
    public WebApplication App { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it without any user.</summary>
    public static async Task<RunningWeb> StartAsync(string? pageDirectory = null)
    {
        RunningWeb web = new();
        web.App = RookeryWeb.Build(
            new WebOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), PageDirectory = pageDirectory },
            new WebParts { Users = new UserStore(web.Settings), Store = web.Store, Setup = web.Setup, Clock = web.Clock });
        await web.App.StartAsync();
        web.Address = new Uri(web.App.Urls.Single());
        web.Client = web.NewClient();
        return web;
    }

    /// <summary>Starts it with an administrator who is logged in through <see cref="Client"/>.</summary>
    public static async Task<RunningWeb> StartLoggedInAsync()
    {
        RunningWeb web = await StartAsync();
        using HttpResponseMessage answer = await web.Client.PostAsJsonAsync("/api/v1/setup", new { token = web.Setup.Issue(), user = User, password = Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        return web;
    }

    /// <summary>A caller of its own: without the cookies of others.</summary>
    public HttpClient NewClient(bool withCsrfHeader = true)
    {
        HttpClient client = new(new SocketsHttpHandler { UseCookies = true, AllowAutoRedirect = false }) { BaseAddress = Address };
        if (withCsrfHeader)
        {
            client.DefaultRequestHeaders.Add("X-Rookery-Csrf", "1");
        }

        return client;
    }

    /// <summary>Reads an answer that must be problem details of this status.</summary>
    public static async Task<string> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status)
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("status").GetInt32().ShouldBe((int)status);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        return problem.GetProperty("detail").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
        Settings.Dispose();
        _data.Dispose();
        _directory.Dispose();
    }
}
