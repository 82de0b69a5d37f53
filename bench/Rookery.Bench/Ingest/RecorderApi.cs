// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Rookery.Bench.Ingest;

/// <summary>Tells the recorder what to record, through the API that everybody uses.</summary>
internal sealed class RecorderApi : IDisposable
{
    private readonly HttpClient _http;

    private readonly CookieContainer _cookies;

    private RecorderApi(HttpClient http, CookieContainer cookies) => (_http, _cookies) = (http, cookies);

    public static async Task<RecorderApi> LoginAsync(Uri address, string user, string password)
    {
        CookieContainer cookies = new();
        HttpClient http = new(new SocketsHttpHandler { CookieContainer = cookies, UseCookies = true }) { BaseAddress = address };
        http.DefaultRequestHeaders.Add("X-Rookery-Csrf", "1");
        using HttpResponseMessage response = await http.PostAsJsonAsync("/api/v1/session", new { user, password });
        response.EnsureSuccessStatusCode();
        return new RecorderApi(http, cookies);
    }

    /// <returns>The camera's identifier.</returns>
    public async Task<string> AddAsync(string name, string url)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync("/api/v1/cameras", new { name, url, transport = "tcp", recording = "continuous" });
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{name}: {await response.Content.ReadAsStringAsync()}");
        }

        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    /// <summary>Watches a camera live, as the page does.</summary>
    public async Task<WebSocket> WatchAsync(string camera)
    {
        Uri server = _http.BaseAddress!;
        ClientWebSocket socket = new();
        socket.Options.Cookies = _cookies;
        socket.Options.SetRequestHeader("Origin", server.GetLeftPart(UriPartial.Authority));
        await socket.ConnectAsync(new UriBuilder(new Uri(server, $"/api/v1/cameras/{camera}/live")) { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    /// <summary>How many cameras the recorder says it records: bytes of them became durable in the last seconds.</summary>
    public async Task<int> CountRecordingAsync() => (await SystemAsync()).GetProperty("cameras").GetProperty("recording").GetInt32();

    public async Task<StoreFigures> StoreAsync()
    {
        JsonElement store = (await SystemAsync()).GetProperty("store");
        return new StoreFigures(
            store.GetProperty("committedFrames").GetInt64(),
            store.GetProperty("writtenBytes").GetInt64(),
            store.GetProperty("medianCommitMs").GetDouble(),
            store.GetProperty("p99CommitMs").GetDouble(),
            store.GetProperty("recentLongestCommitMs").GetDouble(),
            store.GetProperty("droppedSamples").GetInt64());
    }

    public void Dispose() => _http.Dispose();

    private Task<JsonElement> SystemAsync() => _http.GetFromJsonAsync<JsonElement>("/api/v1/system");
}
