// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Playback;
using Rookery.Recording.Playback.Hls;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Playback as HLS: a playlist made on demand for any range, and its segments.</summary>
internal static class HlsEndpoints
{
    public static readonly TimeSpan LongestRange = TimeSpan.FromHours(24);

    /// <summary>A range that ends so recently may still gain what is on its way to the disk.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    private const string PlaylistType = "application/vnd.apple.mpegurl";
    private const string SegmentPrefix = "segments/";
    private const string SegmentSuffix = ".m4s";
    private const string InitSuffix = ".mp4";

    public static void MapHls(this IEndpointRouteBuilder api)
    {
        api.MapGet("/cameras/{id}/playback.m3u8", PlaylistAsync).WithTags("playback")
            .WithSummary("HLS media playlist (fMP4) of a range of at most 24 h; it grows while 'to' lies in the future or is left out.")
            .Produces<string>(200, PlaylistType).ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        api.MapGet("/cameras/{id}/segments/{name}", SegmentAsync).WithTags("playback")
            .WithSummary("A segment, as a playlist names it.")
            .Produces(200, contentType: "video/mp4").ProducesProblem(404);
    }

    private static async Task<Results<ContentHttpResult, ProblemHttpResult>> PlaylistAsync(
        HttpContext context, string id, string? from, string? to, CameraRegistry registry, IVideoStore store, WebTurns turns, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (registry.Find(id) is not { } camera)
        {
            return CameraEndpoints.NotFound(id);
        }

        if (to is null && ApiTime.TryParse(from, out WallTime start))
        {
            to = (start + LongestRange).ToString();
        }

        if (TimeRange.Read(from, to, LongestRange, out WallRange range) is { } problem)
        {
            return problem;
        }

        if (!await turns.Playlists.TryBeginAsync(cancellation))
        {
            context.Response.Headers.RetryAfter = "2";
            return Problems.Of(503, "Many playlists are being made. Try again in some seconds.");
        }

        try
        {
            HlsPlaylistKind kind = range.End + Settling <= WallTime.Now(clock) ? HlsPlaylistKind.Finished : HlsPlaylistKind.Growing;
            string? playlist = await HlsPlaylist.MakeAsync(store, new PlaybackRequest { Channel = camera.Id, Range = range }, kind, SegmentPrefix, cancellation);
            return playlist is null
                ? Problems.Of(404, "Nothing that a browser can play is recorded in this range. The timeline shows what there is.")
                : TypedResults.Text(playlist, PlaylistType);
        }
        finally
        {
            turns.Playlists.End();
        }
    }

    private static async Task SegmentAsync(HttpContext context, string id, string name, CameraRegistry registry, IVideoStore store)
    {
        if (registry.Find(id) is not { } camera)
        {
            await CameraEndpoints.NotFound(id).ExecuteAsync(context);
            return;
        }

        if (name.EndsWith(InitSuffix, StringComparison.Ordinal) && HlsInit.Make(store, name[..^InitSuffix.Length]) is { } init)
        {
            Announce(context.Response, init.Length);
            await context.Response.BodyWriter.WriteAsync(init, context.RequestAborted);
            return;
        }

        if (name.EndsWith(SegmentSuffix, StringComparison.Ordinal)
            && HlsSegmentAddress.TryParse(name.AsSpan(0, name.Length - SegmentSuffix.Length), out HlsSegmentAddress? address)
            && await HlsSegment.PrepareAsync(store, camera.Id, address, context.RequestAborted) is { } segment)
        {
            Announce(context.Response, segment.LengthBytes);
            context.AllowSlowReader();
            await segment.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "There is no such segment, or its recording was freed meanwhile.");
    }

    // An address says all that is in a segment: it never changes.
    private static void Announce(HttpResponse response, long lengthBytes)
    {
        response.ContentType = "video/mp4";
        response.ContentLength = lengthBytes;
        response.Headers.CacheControl = "private, max-age=86400, immutable";
    }
}
