// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rookery.Recording;

namespace Rookery.Http;

/// <summary>Live pictures over a WebSocket: fMP4 for Media Source.</summary>
internal static class LiveEndpoints
{
    public static void MapLive(this IEndpointRouteBuilder api) =>
        api.MapGet("/cameras/{id}/live", ShowAsync).WithTags("live")
            .WithSummary("WebSocket: a text {type:init,…}, a binary initialization segment, then one fragment a message; video=only leaves audio out.")
            .Produces(101).ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

    private static async Task ShowAsync(
        HttpContext context, string id, string? video, CameraRegistry registry, Recorder recorder, IHostApplicationLifetime lifetime, Sessions sessions, ILogger<LiveViewer> log)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "This address speaks WebSocket only.");
            return;
        }

        if (registry.Find(id) is not { } camera || recorder.Find(camera.Id) is not { } channel)
        {
            await CameraEndpoints.NotFound(id).ExecuteAsync(context);
            return;
        }

        using Rookery.Recording.StreamReader? reader = await channel.TryWatchAsync(context.RequestAborted);
        if (reader is null)
        {
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"{StreamHub.MaximumReaders} viewers watch this camera already.");
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        CancellationToken loggedOut = SessionAuthentication.EndOfSession(context.Request, sessions);
        LiveViewer viewer = new(socket, channel, reader, withAudio: video != "only", log);
        await viewer.RunAsync(ended.Token, loggedOut);
    }
}
