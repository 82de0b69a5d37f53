// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rookery.Foundation;

namespace Rookery.Http;

/// <summary>Recognises callers by the session token in their cookie, or as a bearer token for programs.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logging, UrlEncoder encoder, Sessions sessions, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logging, encoder)
{
    public const string SchemeName = "Session";

    /// <summary>Claim that says the caller came with a cookie, which a browser also sends when a stranger's page tells it to.</summary>
    public const string ByCookie = "by-cookie";

    private const string BearerPrefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request, out bool isBearer) is not { } token)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        string? user = sessions.Use(token, WallTime.Now(clock), out bool renewed);
        if (user is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("The session is over."));
        }

        if (renewed && !isBearer)
        {
            SessionCookie.Set(Context, token);
        }

        ClaimsIdentity identity = new(SchemeName);
        identity.AddClaim(new Claim(ClaimTypes.Name, user));
        if (!isBearer)
        {
            identity.AddClaim(new Claim(ByCookie, "1"));
        }

        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    /// <summary>The token a request shows; <c>null</c> for none. With both, the bearer token counts.</summary>
    public static string? TokenOf(HttpRequest request, out bool isBearer)
    {
        string authorization = request.Headers.Authorization.ToString();
        isBearer = authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase);
        string? token = isBearer ? authorization[BearerPrefix.Length..].Trim() : request.Cookies[SessionCookie.Name];
        return string.IsNullOrEmpty(token) ? null : token;
    }

    /// <summary>Fires when the session that a request belongs to ends.</summary>
    public static CancellationToken EndOfSession(HttpRequest request, Sessions sessions) =>
        TokenOf(request, out _) is { } token ? sessions.EndOf(token) : new CancellationToken(canceled: true);

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, StatusCodes.Status401Unauthorized, "Log in first.");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        Problems.WriteAsync(Context, StatusCodes.Status403Forbidden, "This user may not do that.");
}
