// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Tests;
using Rookery.Storage;

namespace Rookery.Http.Tests;

/// <summary>The real web server on a free port, over settings in a directory of its own and a store that stands still.</summary>
internal sealed class RunningWeb : IAsyncDisposable
{
    public const string User = "admin";
    public const string Password = "correct horse battery";

    // A good hash costs a tenth of a second by design; once is enough for all tests.
    private static readonly Lazy<Recording.User> Administrator = new(() => Passwords.Hash(User, Password));

    /// <summary>When every test begins.</summary>
    public static readonly DateTimeOffset Begin = new(2026, 11, 22, 13, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly DataDirectory _data;
    private readonly IVideoStore _store;

    private RunningWeb(IVideoStore? store)
    {
        Clock.Advance(Begin - Clock.GetUtcNow());
        _store = store ?? Store;
        _data = DataDirectory.Open(_directory.Path);
        Settings = SettingsStore.Open(_data);
        Connector = new CameraThatObeys(Clock);
        Cameras = new CameraRegistry(new SqliteCameraRepository(Settings));
        Recorder = new Recorder(Cameras, _store, Connector, Clock, new Random(1), GapCause.RecorderStopped);
    }

    public string DataPath => _data.Path;
    public SettingsStore Settings { get; }
    public ManualClock Clock { get; } = new();
    public IdleStore Store { get; } = new();
    public MemoryRetention Retention { get; } = new();
    public MemoryPool Pool { get; } = new();
    public MemoryPlaces Places { get; } = new();
    public SetupLink Setup { get; } = new();
    public CameraThatObeys Connector { get; }
    public CameraRegistry Cameras { get; }
    public Recorder Recorder { get; }
    public WebApplication App { get; private set; } = null!;
    public HttpClient Client { get; private set; } = null!;
    /// <summary>Cookies of <see cref="Client"/>.</summary>
    public CookieContainer Cookies { get; } = new();

    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it without any user.</summary>
    public static async Task<RunningWeb> StartAsync(string? pageDirectory = null, IVideoStore? store = null)
    {
        RunningWeb web = new(store);
        web.App = RookeryWeb.Build(
            new WebOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), PageDirectory = pageDirectory },
            new WebParts
            {
                Users = new UserStore(web.Settings), Store = web._store, Retention = web.Retention, Setup = web.Setup, Clock = web.Clock, Pool = web.Pool, Places = web.Places,
                Cameras = web.Cameras, Recorder = web.Recorder, Connector = web.Connector,
            });
        await web.App.StartAsync();
        web.Address = new Uri(web.App.Urls.Single());
        web.Client = web.NewClient(web.Cookies, withCsrfHeader: true);
        return web;
    }

    /// <summary>Starts it with an administrator who is logged in through <see cref="Client"/>.</summary>
    public static async Task<RunningWeb> StartLoggedInAsync(IVideoStore? store = null)
    {
        RunningWeb web = await StartAsync(store: store);
        new UserStore(web.Settings).TryAddFirst(Administrator.Value, WallTime.Now(web.Clock)).ShouldBeTrue();
        string token = web.App.Services.GetRequiredService<Sessions>().Begin(User, WallTime.Now(web.Clock));
        web.Cookies.Add(web.Address, new Cookie(SessionCookie.Name, token));
        return web;
    }

    /// <summary>Adds a camera, and has its first session begin.</summary>
    public async Task<string> AddCameraAsync(object? input = null)
    {
        using HttpResponseMessage answer = await Client.PostAsJsonAsync("/api/v1/cameras", input ?? new { name = "Gate", url = "rtsp://192.0.2.1/1" });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        Recorder.Tick();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    public Task<JsonElement> GetAsync(string path) => Client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>A caller of its own: without the cookies of others.</summary>
    public HttpClient NewClient(bool withCsrfHeader = true) => NewClient(new CookieContainer(), withCsrfHeader);

    private HttpClient NewClient(CookieContainer cookies, bool withCsrfHeader)
    {
        HttpClient client = new(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = Address };
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
