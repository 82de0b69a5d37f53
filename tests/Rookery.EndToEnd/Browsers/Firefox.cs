// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Rookery.EndToEnd;

/// <summary>
/// Debian's Firefox ESR, headless, driven over WebDriver BiDi. It plays H.265 through Media Source in software, which Debian's Chromium does not.
/// </summary>
internal sealed class Firefox : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly ClientWebSocket _socket = new();
    private readonly string _profile;
    private string _context = "";
    private int _lastId;

    private Firefox(ChildProcess process, string profile)
    {
        _process = process;
        _profile = profile;
    }

    public static async Task<Firefox> StartAsync()
    {
        string profile = Directory.CreateTempSubdirectory("rookery-firefox-").FullName;
        await File.WriteAllTextAsync(Path.Combine(profile, "user.js"), """
            user_pref("media.hevc.enabled", true);
            user_pref("media.autoplay.default", 0);
            user_pref("media.autoplay.blocking_policy", 0);
            user_pref("app.update.enabled", false);
            user_pref("browser.shell.checkDefaultBrowser", false);
            user_pref("datareporting.policy.dataSubmissionEnabled", false);
            user_pref("network.captive-portal-service.enabled", false);
            user_pref("network.connectivity-service.enabled", false);
            user_pref("services.settings.server", "data:,");
            """);
        ChildProcess process = new("firefox-esr", ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"], new Dictionary<string, string> { ["MOZ_DISABLE_CONTENT_SANDBOX"] = "1", ["HOME"] = profile });
        Firefox firefox = new(process, profile);
        string line = await process.LineAsync("WebDriver BiDi listening on");
        string address = line[(line.IndexOf("ws://", StringComparison.Ordinal))..].Trim();
        await firefox._socket.ConnectAsync(new Uri(address + "/session"), CancellationToken.None);
        await firefox.SendAsync("session.new", new { capabilities = new { } });
        JsonElement tree = await firefox.SendAsync("browsingContext.getTree", new { });
        firefox._context = tree.GetProperty("contexts")[0].GetProperty("context").GetString()!;
        return firefox;
    }

    public Task NavigateAsync(string url) => SendAsync("browsingContext.navigate", new { context = _context, url, wait = "complete" });

    /// <summary>Gives the browser the session of a logged-in client.</summary>
    public Task SetCookieAsync(Uri server, string name, string value) => SendAsync(
        "storage.setCookie",
        new { cookie = new { name, value = new { type = "string", value }, domain = server.Host, path = "/", httpOnly = true, sameSite = "strict" } });

    /// <summary>Evaluates an expression that yields a string, a number or a promise of one.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        JsonElement answer = await SendAsync("script.evaluate", new { expression, target = new { context = _context }, awaitPromise = true });
        if (answer.GetProperty("type").GetString() != "success")
        {
            throw new InvalidOperationException(answer.GetProperty("exceptionDetails").GetProperty("text").GetString());
        }

        return answer.GetProperty("result").TryGetProperty("value", out JsonElement value) ? value.ToString() : "";
    }

    /// <summary>A screenshot of the page, as PNG.</summary>
    public async Task<byte[]> ScreenshotAsync() =>
        (await SendAsync("browsingContext.captureScreenshot", new { context = _context })).GetProperty("data").GetBytesFromBase64();

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task<JsonElement> SendAsync(string method, object parameters)
    {
        using CancellationTokenSource limit = new(Wait.Limit);
        int id = ++_lastId;
        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters }), WebSocketMessageType.Text, true, limit.Token);
        while (true)
        {
            using JsonDocument message = JsonDocument.Parse(await ReceiveAsync(limit.Token));
            if (!message.RootElement.TryGetProperty("id", out JsonElement answered) || answered.ValueKind != JsonValueKind.Number || answered.GetInt32() != id)
            {
                continue;
            }

            return message.RootElement.GetProperty("type").GetString() == "success"
                ? message.RootElement.GetProperty("result").Clone()
                : throw new InvalidOperationException($"{method}: {message.RootElement.GetProperty("message").GetString()}");
        }
    }

    private async Task<string> ReceiveAsync(CancellationToken cancellation)
    {
        using MemoryStream message = new();
        byte[] buffer = new byte[64 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, cancellation);
            await message.WriteAsync(buffer.AsMemory(0, part.Count), cancellation);
        }
        while (!part.EndOfMessage);

        return Encoding.UTF8.GetString(message.ToArray());
    }
}
