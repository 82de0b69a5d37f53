// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Foundation;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>The first administrator, created with the one-time link.</summary>
internal static class SetupEndpoints
{
    public static void MapSetup(this IEndpointRouteBuilder api)
    {
        api.MapGet("/setup", (UserStore users) => TypedResults.Ok(new SetupState(users.IsEmpty)))
            .AllowAnonymous().WithTags("setup").WithSummary("Whether the administrator has yet to be created.");
        api.MapPost("/setup", Create)
            .AllowAnonymous().WithTags("setup").WithSummary("Creates the administrator with the token of the one-time link, and logs in.")
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(409);
    }

    private static Results<Created<SessionUser>, ProblemHttpResult> Create(
        SetupInput input, HttpContext context, SetupLink link, UserStore users, Sessions sessions, TimeProvider clock)
    {
        if (!users.IsEmpty)
        {
            return Problems.Of(409, "The administrator exists already. Log in.");
        }

        if (!link.Matches(input.Token))
        {
            return Problems.Of(403, "The setup link is wrong or was used. Start the recorder again to get a new one on its console.");
        }

        string name = input.User.Trim();
        WallTime now = WallTime.Now(clock);
        if (FirstAdministrator.Unacceptable(name, input.Password) is { } reason)
        {
            return Problems.Of(400, reason);
        }

        if (!FirstAdministrator.TryCreate(users, name, input.Password, now))
        {
            return Problems.Of(409, "The administrator exists already. Log in.");
        }

        link.Void();
        SessionCookie.Set(context, sessions.Begin(name, now));
        return TypedResults.Created((string?)null, new SessionUser(name));
    }
}

/// <param name="Required">There is no user yet.</param>
internal sealed record SetupState(bool Required);

/// <param name="Token">What stands behind the # of the setup link.</param>
/// <param name="User">1 to 64 characters.</param>
/// <param name="Password">10 to 256 characters.</param>
internal sealed record SetupInput(string Token, string User, string Password);

/// <param name="User">Who is logged in; null for nobody.</param>
internal sealed record SessionUser(string? User);
