// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>Logging in and out.</summary>
internal static class SessionEndpoints
{
    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapGet("/session", (HttpContext context) => TypedResults.Ok(new SessionUser(context.User.Identity?.Name)))
            .AllowAnonymous().WithTags("session").WithSummary("Who is logged in.");
        api.MapPost("/session", LogInAsync)
            .AllowAnonymous().WithTags("session").WithSummary("Logs in; the answer sets the session cookie.")
            .ProducesProblem(401).ProducesProblem(429);
        api.MapDelete("/session", LogOut).WithTags("session").WithSummary("Logs out; the session is void from then on.");
    }

    private static async Task<Results<Ok<SessionUser>, ProblemHttpResult>> LogInAsync(
        LoginInput input, HttpContext context, UserStore users, Sessions sessions, Passwords passwords, LoginThrottle throttle, TimeProvider clock)
    {
        string address = LoginThrottle.CallerOf(context.Connection.RemoteIpAddress);
        string name = input.User.Trim();
        if (name.Length > FirstAdministrator.MaximumNameLength || input.Password.Length > Passwords.MaximumLength)
        {
            return Problems.Of(401, "User name or password is wrong.");
        }

        TimeSpan wait = throttle.Wait(address, name, MonotonicTime.Now(clock));
        if (wait > TimeSpan.Zero)
        {
            return TooMany(context, wait);
        }

        User? user = users.Find(name);
        PasswordVerificationResult? found = await passwords.CheckAsync(user, input.Password, context.RequestAborted);
        switch (found)
        {
            case null:
                return TooMany(context, TimeSpan.FromSeconds(2));
            case PasswordVerificationResult.Failed:
                throttle.Failed(address, name, MonotonicTime.Now(clock));
                return Problems.Of(401, "User name or password is wrong.");
            case PasswordVerificationResult.SuccessRehashNeeded:
                users.SetPasswordHash(user!.Name, Passwords.Hash(user.Name, input.Password).PasswordHash);
                break;
        }

        throttle.Succeeded(address, name);
        SessionCookie.Set(context, sessions.Begin(user!.Name, WallTime.Now(clock)));
        return TypedResults.Ok(new SessionUser(user.Name));
    }

    private static NoContent LogOut(HttpContext context, Sessions sessions)
    {
        if (SessionAuthentication.TokenOf(context.Request, out _) is { } token)
        {
            sessions.End(token);
        }

        SessionCookie.Clear(context);
        return TypedResults.NoContent();
    }

    private static ProblemHttpResult TooMany(HttpContext context, TimeSpan wait)
    {
        int seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Problems.Of(429, $"Too many failed logins. Try again in {seconds} s.");
    }
}

internal sealed record LoginInput(string User, string Password);
