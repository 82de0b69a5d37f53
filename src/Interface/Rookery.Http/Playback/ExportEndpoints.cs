// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording;
using Rookery.Recording.Playback;

namespace Rookery.Http;

/// <summary>Download of any range as an MP4 file whose length is known before its first byte.</summary>
internal static class ExportEndpoints
{
    public static readonly TimeSpan LongestRange = TimeSpan.FromHours(24);

    public static void MapExport(this IEndpointRouteBuilder api)
    {
        api.MapGet("/cameras/{id}/export", PreviewAsync).WithTags("playback")
            .WithSummary("What a download of this range would be: its name, length and duration.")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        api.MapMethods("/cameras/{id}/export.mp4", [HttpMethods.Get, HttpMethods.Head], SendAsync).WithTags("playback")
            .WithSummary("The range as progressive MP4, at most 24 h, exact at both ends; HTTP ranges work.")
            .Produces(200, contentType: "video/mp4").Produces(206, contentType: "video/mp4").ProducesProblem(400).ProducesProblem(404).ProducesProblem(416).ProducesProblem(503);
    }

    private static async Task<Results<Ok<ExportView>, ProblemHttpResult>> PreviewAsync(
        HttpContext context, string id, string? from, string? to, CameraRegistry registry, Exports exports, bool audio = true)
    {
        (Camera? camera, Mp4Export? export, ProblemHttpResult? problem) = await PrepareAsync(context, id, from, to, audio, registry, exports);
        return problem is not null
            ? problem
            : TypedResults.Ok(new ExportView(
                FileName(camera!, export!), export!.LengthBytes, export.Duration.TotalSeconds, export.Wall.Start, export.Wall.End,
                export.Format.Codec, export.AudioFormat?.Codec, export.Gaps));
    }

    private static async Task SendAsync(
        HttpContext context, string id, string? from, string? to, CameraRegistry registry, Exports exports, bool audio = true)
    {
        if (!await exports.Sending.TryBeginAsync(context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "5";
            await Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, $"{exports.Sending.AtOneTime} downloads are under way already. Try again when one has ended.");
            return;
        }

        try
        {
            await SendInTurnAsync(context, id, from, to, registry, exports, audio);
        }
        finally
        {
            exports.Sending.End();
        }
    }

    private static async Task SendInTurnAsync(
        HttpContext context, string id, string? from, string? to, CameraRegistry registry, Exports exports, bool audio)
    {
        (Camera? camera, Mp4Export? export, ProblemHttpResult? problem) = await PrepareAsync(context, id, from, to, audio, registry, exports);
        if (problem is not null)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        EntityTagHeaderValue etag = new($"\"{export!.ETag}\"");
        ByteRange range = ByteRange.Read(context.Request, export.LengthBytes, etag);
        HttpResponse response = context.Response;
        response.Headers.ETag = etag.ToString();
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "private, no-cache";
        if (range.Status == StatusCodes.Status304NotModified)
        {
            response.StatusCode = range.Status;
            return;
        }

        if (range.Status == StatusCodes.Status416RangeNotSatisfiable)
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{export.LengthBytes}");
            await Problems.WriteAsync(context, range.Status, $"The file has {export.LengthBytes} bytes; the range lies outside.");
            return;
        }

        response.StatusCode = range.Status;
        response.ContentType = "video/mp4";
        response.ContentLength = range.LengthBytes;
        ContentDispositionHeaderValue disposition = new("attachment");
        disposition.SetHttpFileName(FileName(camera!, export));
        response.Headers.ContentDisposition = disposition.ToString();
        if (range.Status == StatusCodes.Status206PartialContent)
        {
            response.Headers.ContentRange =
                string.Create(CultureInfo.InvariantCulture, $"bytes {range.OffsetBytes}-{range.OffsetBytes + range.LengthBytes - 1}/{export.LengthBytes}");
        }

        if (HttpMethods.IsGet(context.Request.Method))
        {
            context.AllowSlowReader();
            await export.CopyToAsync(response.Body, range.OffsetBytes, range.LengthBytes, context.RequestAborted);
        }
    }

    private static async ValueTask<(Camera? Camera, Mp4Export? Export, ProblemHttpResult? Problem)> PrepareAsync(
        HttpContext context, string id, string? from, string? to, bool audio, CameraRegistry registry, Exports exports)
    {
        if (registry.Find(id) is not { } camera)
        {
            return (null, null, CameraEndpoints.NotFound(id));
        }

        if (TimeRange.Read(from, to, LongestRange, out WallRange range) is { } problem)
        {
            return (null, null, problem);
        }

        (bool hadTurn, Mp4Export? export) = await exports.PrepareAsync(camera.Id, range, audio, context.RequestAborted);
        if (!hadTurn)
        {
            context.Response.Headers.RetryAfter = "2";
            return (null, null, Problems.Of(503, "Many downloads are being prepared. Try again in some seconds."));
        }

        return export is null
            ? (null, null, Problems.Of(404, "Nothing is recorded in this range. The timeline shows what there is."))
            : (camera, export, null);
    }

    /// <summary>Name of the camera and UTC start, in letters that every file system takes.</summary>
    private static string FileName(Camera camera, Mp4Export export)
    {
        string name = string.Concat(camera.Name.Select(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-')).Trim('-');
        return string.Create(CultureInfo.InvariantCulture,
            $"{(name.Length > 0 ? name : $"camera-{camera.Id}")}_{export.Wall.Start.ToDateTimeOffset():yyyy-MM-dd_HH-mm-ss}Z.mp4");
    }
}

/// <param name="FileName">What the file will be called.</param>
/// <param name="Bytes">Its exact length.</param>
/// <param name="DurationSeconds">What a player shows.</param>
/// <param name="Start">First picture.</param>
/// <param name="End">End of the last picture.</param>
/// <param name="Codec">Of the video.</param>
/// <param name="AudioCodec">Null without audio.</param>
/// <param name="Gaps">Breaks inside the range.</param>
internal sealed record ExportView(string FileName, long Bytes, double DurationSeconds, WallTime Start, WallTime End, Codec Codec, Codec? AudioCodec, int Gaps);
