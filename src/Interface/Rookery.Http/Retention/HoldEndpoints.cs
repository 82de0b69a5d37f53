// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Holds: footage that must not go. Who makes one is the user who is signed in.</summary>
internal static class HoldEndpoints
{
    public static void MapHolds(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder holds = api.MapGroup("/holds").WithTags("retention");
        holds.MapGet("", List).WithSummary("All holds, and how much room they keep.");
        holds.MapPost("", AddAsync).WithSummary("Makes a hold. When this answers it is on the disks, and nothing it covers goes any more.").ProducesProblem(400);
        holds.MapPatch("/{id}", ChangeAsync).WithSummary("Changes until when a hold holds, its case or its note.").ProducesProblem(400).ProducesProblem(404);
        holds.MapDelete("/{id}", ReleaseAsync).WithSummary("Releases a hold: what only it kept goes by normal retention.").ProducesProblem(404);
    }

    private static Ok<HoldList> List(IRetentionControl retention, TimeProvider clock)
    {
        HoldStatus status = retention.HoldStatus;
        return TypedResults.Ok(new HoldList(
            [.. retention.Holds.Select(hold => HoldView.Of(hold, WallTime.Now(clock)))],
            status.HeldBytes, status.CapacityBytes, status.QuotaBytes, status.FullIn?.TotalDays, status.IsEstimate, status.Warning));
    }

    private static async Task<Results<Created<HoldView>, ProblemHttpResult>> AddAsync(
        HoldInput input, HttpContext context, IRetentionControl retention, CameraRegistry cameras, TimeProvider clock)
    {
        var streams = new List<StreamRange>();
        foreach (string id in input.Cameras)
        {
            if (cameras.Find(id) is not { } camera)
            {
                return Problems.Of(400, $"There is no camera {(id.Length <= 20 ? id : "of that number")}.");
            }

            streams.Add(camera.Id.Streams);
        }

        WallTime now = WallTime.Now(clock);
        if (input.Until <= now)
        {
            return Problems.Of(400, "A hold ends in the future, or not by itself (null).");
        }

        var hold = new Hold
        {
            Id = NewId(retention, now),
            Case = input.Case.Trim(),
            Streams = [.. streams.Distinct()],
            Range = new WallRange(input.From, input.To),
            Until = input.Until,
            By = context.User.Identity?.Name ?? "?",
            Made = now,
            Note = input.Note.Trim(),
        };
        return await TryAsync(retention, hold) is { } problem ? problem : TypedResults.Created($"/api/v1/holds/{hold.Id}", HoldView.Of(hold, now));
    }

    private static async Task<Results<Ok<HoldView>, ProblemHttpResult>> ChangeAsync(string id, HoldPatch patch, IRetentionControl retention, TimeProvider clock)
    {
        if (retention.Holds.FirstOrDefault(hold => hold.Id == id) is not { } old)
        {
            return NotFound();
        }

        WallTime now = WallTime.Now(clock);
        Hold changed = patch.Apply(old);
        if (changed.Until != old.Until && changed.Until <= now)
        {
            return Problems.Of(400, "A hold ends in the future, or not by itself (null). To end it now, release it.");
        }

        return await TryAsync(retention, changed) is { } problem ? problem : TypedResults.Ok(HoldView.Of(changed, now));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ReleaseAsync(string id, IRetentionControl retention)
    {
        try
        {
            return await retention.ReleaseAsync(id) ? TypedResults.NoContent() : NotFound();
        }
        catch (StoreException refused)
        {
            return Problems.Of(400, refused.Message);
        }
    }

    private static ProblemHttpResult NotFound() => Problems.Of(404, "There is no hold of that id.");

    private static async Task<ProblemHttpResult?> TryAsync(IRetentionControl retention, Hold hold)
    {
        if (hold.Case.Any(char.IsControl) || hold.Note.Any(c => char.IsControl(c) && c != '\n'))
        {
            return Problems.Of(400, "Case and note have printable characters.");
        }

        try
        {
            await retention.HoldAsync(hold);
            return null;
        }
        catch (StoreException refused)
        {
            return Problems.Of(400, refused.Message);
        }
    }

    /// <summary>A name that people can read and say: when it was made, and a number where two were made in one second.</summary>
    private static string NewId(IRetentionControl retention, WallTime now)
    {
        string stem = now.ToDateTimeOffset().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        string id = stem;
        for (int number = 2; retention.Holds.Any(hold => hold.Id == id); number++)
        {
            id = string.Create(CultureInfo.InvariantCulture, $"{stem}-{number}");
        }

        return id;
    }
}
