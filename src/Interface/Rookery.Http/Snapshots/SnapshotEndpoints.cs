// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Recording.Playback;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>
/// One picture as JPEG. Up to <see cref="ThumbnailWidth"/> it is the random access point at or before the instant, which costs one decoded picture; above it, exactly what was on
/// screen. Thumbnails are remembered by the second, larger ones by the instant.
/// </summary>
internal static class SnapshotEndpoints
{
    public const int ThumbnailWidth = 640;
    private const int SmallestWidth = 160;
    private const int LargestWidth = 3840;

    public static void MapSnapshot(this IEndpointRouteBuilder api) =>
        api.MapGet("/cameras/{id}/snapshot.jpg", ShowAsync).WithTags("playback")
            .WithSummary("The picture at an instant (at=TIME) or now (at=live), scaled to width (160 to 3840; left out for the camera's own size).")
            .Produces(200, contentType: "image/jpeg").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> ShowAsync(
        HttpContext context, string id, string? at, int? width, CameraRegistry registry, Recorder recorder, IVideoStore store, PictureDecoder decoder, SnapshotCache cache)
    {
        if (registry.Find(id) is not { } camera)
        {
            return CameraEndpoints.NotFound(id);
        }

        if (width is < SmallestWidth or > LargestWidth)
        {
            return Problems.Of(400, $"'width' is {SmallestWidth} to {LargestWidth} pixels, or left out.");
        }

        if (at == "live")
        {
            DecodedPicture newest = await decoder.DecodeAsync(
                async stop => recorder.Find(camera.Id) is { } channel ? await LiveSnapshot.TakeAsync(channel, stop) : null, width, context.RequestAborted);
            return Answer(context, newest, "The camera sends no pictures at the moment.");
        }

        if (!ApiTime.TryParse(at, out WallTime instant))
        {
            return Problems.Of(400, $"'at' is missing, or neither 'live' nor a time. {ApiTime.Expected}");
        }

        bool isThumbnail = width <= ThumbnailWidth;
        const long Second = 1_000_000;
        SnapshotKey key = new(camera.Id, isThumbnail ? new WallTime(instant.Microseconds / Second * Second) : instant, width);
        context.Response.Headers.CacheControl = "private, max-age=3600";
        if (cache.Find(key) is { } known)
        {
            return TypedResults.File(known, "image/jpeg");
        }

        SnapshotPrecision precision = isThumbnail ? SnapshotPrecision.RandomAccessPoint : SnapshotPrecision.Exact;
        DecodedPicture picture = await decoder.DecodeAsync(
            cancellation => SnapshotSource.ReadAsync(store, camera.Id, StreamRole.Main, instant, precision, cancellation), width, context.RequestAborted);
        if (picture.Outcome == DecodeOutcome.Ok)
        {
            cache.Add(key, picture.Jpeg);
        }

        return Answer(context, picture, "Nothing is recorded at that instant. The timeline shows what there is.");
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Answer(HttpContext context, DecodedPicture picture, string whenThereIsNothing)
    {
        DecodeOutcome outcome = picture.Outcome;
        if (outcome == DecodeOutcome.Ok)
        {
            context.Response.Headers["X-Rookery-Time"] = picture.Wall.ToString();
            return TypedResults.File(picture.Jpeg, "image/jpeg");
        }

        // What is not on the disk yet may be in a second.
        context.Response.Headers.CacheControl = "no-store";
        if (outcome is DecodeOutcome.Busy or DecodeOutcome.TooSlow)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        return outcome switch
        {
            DecodeOutcome.Nothing => Problems.Of(404, whenThereIsNothing),
            DecodeOutcome.Busy => Problems.Of(503, "Many pictures are being decoded. Try again in a second."),
            DecodeOutcome.TooSlow => Problems.Of(503, "The picture took too long to decode. Try again, or ask for a smaller one."),
            DecodeOutcome.NoDecoder => Problems.Of(503, "Snapshots need ffmpeg on the recorder's machine: install it (apt-get install ffmpeg)."),
            _ => Problems.Of(404, "The coded pictures at that instant cannot be decoded."),
        };
    }
}
