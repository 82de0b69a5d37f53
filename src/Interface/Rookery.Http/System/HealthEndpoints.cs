// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Whether the recorder can do its work; for supervisors and load balancers, without a login.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder api) =>
        api.MapGet("/health", Get).AllowAnonymous().WithTags("system").WithSummary("200 when video can be stored, 503 when it cannot.");

    private static JsonHttpResult<Health> Get(IVideoStore store) =>
        store.Status.Fault is null
            ? TypedResults.Json(new Health("ok"), ApiJson.Default.Health)
            : TypedResults.Json(new Health("fault"), ApiJson.Default.Health, statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <param name="Status">ok or fault.</param>
internal sealed record Health(string Status);
