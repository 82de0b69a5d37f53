// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Rookery.Http;

/// <summary>States as server-sent events: those of all cameras every second while anything changes, the system's every five.</summary>
internal static class EventEndpoints
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private const int BeatsPerSystemEvent = 5;

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", SendAsync).WithTags("system")
            .WithSummary("Server-sent events: 'cameras' with all states, 'system' as /system.")
            .Produces(200, contentType: "text/event-stream");

    private static async Task SendAsync(
        HttpContext context, StateFeed states, SystemStatus system, TimeProvider clock, IHostApplicationLifetime lifetime, Sessions sessions,
        IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, lifetime.ApplicationStopping, SessionAuthentication.EndOfSession(context.Request, sessions));
        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using PeriodicTimer timer = new(Beat, clock);
        long sent = 0;
        try
        {
            for (int beat = 0; ; beat++)
            {
                (byte[] text, long version) = states.Current();
                if (version != sent)
                {
                    sent = version;
                    await WriteAsync(context.Response, "cameras", text, ended.Token);
                }

                if (beat % BeatsPerSystemEvent == 0)
                {
                    byte[] status = JsonSerializer.SerializeToUtf8Bytes(system.Read(), json.Value.SerializerOptions.GetTypeInfo(typeof(SystemView)));
                    await WriteAsync(context.Response, "system", status, ended.Token);
                }

                await timer.WaitForNextTickAsync(ended.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The listener left or logged out, or the recorder stops.
        }
    }

    private static async Task WriteAsync(HttpResponse response, string name, byte[] data, CancellationToken cancellation)
    {
        await response.WriteAsync($"event: {name}\ndata: ", cancellation);
        await response.BodyWriter.WriteAsync(data, cancellation);
        await response.WriteAsync("\n\n", cancellation);
        await response.BodyWriter.FlushAsync(cancellation);
    }
}
