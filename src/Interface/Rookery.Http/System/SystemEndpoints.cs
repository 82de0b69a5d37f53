// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rookery.Http;

/// <summary>The recorder at a glance.</summary>
internal static class SystemEndpoints
{
    public static void MapSystem(this IEndpointRouteBuilder api) =>
        api.MapGet("/system", (SystemStatus status) => TypedResults.Ok(status.Read())).WithTags("system").WithSummary("Version, store and cameras at a glance.");
}
