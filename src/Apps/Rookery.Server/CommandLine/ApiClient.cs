// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rookery.Server;

/// <summary>Talks to a recorder's API for the command line.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string CookieName = "rookery_session=";

    private readonly HttpClient _http;

    private ApiClient(Uri server) => _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        BaseAddress = new Uri(server, "/api/v1/"),
        Timeout = TimeSpan.FromSeconds(60),
    };

    public string Token { get; private set; } = "";

    public static ApiClient WithToken(Uri server, string token)
    {
        ApiClient client = new(server);
        client.Use(token);
        return client;
    }

    /// <exception cref="ApiException">The recorder refused, or cannot be reached.</exception>
    public static async Task<ApiClient> LogInAsync(Uri server, string user, string password, CancellationToken cancellation)
    {
        ApiClient client = new(server);
        try
        {
            using HttpResponseMessage answer = await client.ExchangeAsync(HttpMethod.Post, "session", new JsonObject { ["user"] = user, ["password"] = password }, cancellation);
            string? cookie = answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies)
                ? cookies.FirstOrDefault(value => value.StartsWith(CookieName, StringComparison.Ordinal))
                : null;
            client.Use(cookie is null ? throw new ApiException("This is no recorder: it answered a login without a session.") : cookie[CookieName.Length..].Split(';')[0]);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <returns>The body of the answer; <c>null</c> for none.</returns>
    /// <exception cref="ApiException">The recorder refused, or cannot be reached.</exception>
    public async Task<JsonNode?> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using HttpResponseMessage answer = await ExchangeAsync(method, path, body, cancellation);
        string text = await answer.Content.ReadAsStringAsync(cancellation);
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException problem)
        {
            throw new ApiException($"{_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} is no recorder: its answer is no JSON.", problem);
        }
    }

    public void Dispose() => _http.Dispose();

    private void Use(string token)
    {
        Token = token;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    private async Task<HttpResponseMessage> ExchangeAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using HttpRequestMessage request = new(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        }

        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, cancellation);
        }
        catch (HttpRequestException problem)
        {
            throw new ApiException($"The recorder at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} cannot be reached: {problem.Message}", problem);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiException($"The recorder at {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)} did not answer within {_http.Timeout.TotalSeconds:0} s.", late);
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new ApiException(await ReasonAsync(answer, cancellation));
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        try
        {
            JsonNode? problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation));
            return problem?["detail"]?.GetValue<string>() ?? $"The recorder answered {(int)answer.StatusCode}.";
        }
        catch (JsonException)
        {
            return $"The recorder answered {(int)answer.StatusCode}.";
        }
    }
}

/// <summary>The recorder refused, or cannot be reached. The message is for the operator.</summary>
internal sealed class ApiException : Exception
{
    public ApiException()
    {
    }

    public ApiException(string message)
        : base(message)
    {
    }

    public ApiException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
