// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Rookery.EndToEnd;

/// <summary>The public API as any client sees it: plain HTTP and JSON.</summary>
internal sealed class RookeryApi : IDisposable
{
    private readonly HttpClientHandler _handler;

    private RookeryApi(Uri server)
    {
        _handler = new HttpClientHandler { CookieContainer = new CookieContainer(), UseProxy = false };
        Http = new HttpClient(_handler) { BaseAddress = new Uri(server, "api/v1/"), Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Add("X-Rookery-Csrf", "1");
    }

    public HttpClient Http { get; }

    public CookieCollection Cookies => _handler.CookieContainer.GetAllCookies();

    public static async Task<RookeryApi> LogInAsync(Uri server, string user, string password)
    {
        RookeryApi api = new(server);
        using JsonDocument _ = await api.PostAsync("session", new { user, password });
        return api;
    }

    public static RookeryApi Anonymous(Uri server) => new(server);

    public async Task<JsonDocument> GetAsync(string path)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        return await ReadAsync(response);
    }

    public async Task<JsonDocument> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await Http.PostAsJsonAsync(path, body);
        return await ReadAsync(response);
    }

    /// <summary>State of a camera, as <c>GET /cameras/{id}</c> tells it.</summary>
    public async Task<JsonElement> StateAsync(string camera)
    {
        using JsonDocument answer = await GetAsync($"cameras/{camera}");
        return answer.RootElement.GetProperty("state").Clone();
    }

    public async Task WaitForRecordingAsync(string camera)
    {
        JsonElement seen = default;
        await Wait.UntilAsync($"camera {camera} is recorded", async () => (seen = await StateAsync(camera)).GetProperty("recording").GetBoolean(), () => seen.ToString());
    }

    /// <summary>Waits until at least so much time of a camera is durable since <paramref name="from"/>; returns the durable end.</summary>
    public async Task<DateTimeOffset> WaitForDurableAsync(string camera, DateTimeOffset from, TimeSpan length)
    {
        DateTimeOffset end = default;
        await Wait.UntilAsync(
            $"{length.TotalSeconds} s of camera {camera} are durable",
            async () =>
            {
                Timeline timeline = await TimelineAsync(camera, from, from + TimeSpan.FromHours(1));
                end = timeline.Spans.Count > 0 ? timeline.Spans[^1].End : default;
                return timeline.Spans.Sum(span => (span.End - span.Start).TotalSeconds) >= length.TotalSeconds;
            });
        return end;
    }

    public async Task<Timeline> TimelineAsync(string camera, DateTimeOffset from, DateTimeOffset to, double resolution = 0)
    {
        using JsonDocument answer = await GetAsync($"cameras/{camera}/timeline?from={Format(from)}&to={Format(to)}&resolution={resolution.ToString(CultureInfo.InvariantCulture)}");
        return new Timeline(
            [.. answer.RootElement.GetProperty("spans").EnumerateArray().Select(span => (span[0].GetDateTimeOffset(), span[1].GetDateTimeOffset()))],
            [.. answer.RootElement.GetProperty("gaps").EnumerateArray().Select(gap => (gap.GetProperty("start").GetDateTimeOffset(), gap.GetProperty("end").GetDateTimeOffset(), gap.GetProperty("cause").GetString()!))]);
    }

    /// <summary>Downloads a range as MP4 and checks that the length announced is the length sent.</summary>
    public async Task<byte[]> DownloadAsync(string camera, DateTimeOffset from, DateTimeOffset to)
    {
        using HttpResponseMessage response = await Http.GetAsync(new Uri($"cameras/{camera}/export.mp4?from={Format(from)}&to={Format(to)}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await BodyOfErrorAsync(response));
        long? announced = response.Content.Headers.ContentLength;
        byte[] file = await response.Content.ReadAsByteArrayAsync();
        announced.ShouldBe(file.Length);
        return file;
    }

    public static string Format(DateTimeOffset time) => Uri.EscapeDataString(time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));

    public void Dispose()
    {
        Http.Dispose();
        _handler.Dispose();
    }

    private static async Task<string> BodyOfErrorAsync(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync();

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response)
    {
        string body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body.Length == 0 ? "null" : body);
    }
}

/// <summary>A timeline's spans and gaps.</summary>
internal sealed record Timeline(IReadOnlyList<(DateTimeOffset Start, DateTimeOffset End)> Spans, IReadOnlyList<(DateTimeOffset Start, DateTimeOffset End, string Cause)> Gaps);
