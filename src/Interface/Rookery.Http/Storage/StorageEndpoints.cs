// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>The disks of the recorder: what they hold, how long it lasts, and their changes. For the administrator, who is the only user there is.</summary>
internal static class StorageEndpoints
{
    public static void MapStorage(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder storage = api.MapGroup("/storage").WithTags("storage");
        storage.MapGet("", (StorageStatus status) => TypedResults.Ok(status.Read())).WithSummary("Disks, layouts, protection, forecast, rebuild and verification at a glance.");
        storage.MapPost("/preview", Preview).WithSummary("Tells what a change of the disks would lead to; changes nothing.").ProducesProblem(400);
        storage.MapPost("/disks", AddAsync).WithSummary("Takes a blank disk into the pool; recordings go to it at once.").ProducesProblem(400).ProducesProblem(409);
        storage.MapPost("/disks/{number:int}/drain", DrainAsync)
            .WithSummary("Nothing new goes to the disk, and what it holds moves to the others. Taken back with use-again.").ProducesProblem(404).ProducesProblem(409);
        storage.MapPost("/disks/{number:int}/use-again", UseAgainAsync).WithSummary("A disk that was drained, or had failed, is used again.").ProducesProblem(404).ProducesProblem(409);
        storage.MapPost("/disks/{number:int}/spare", SpareAsync).WithSummary("Keeps an empty disk until another one fails or is missing for long.").ProducesProblem(404).ProducesProblem(409);
        storage.MapPost("/disks/{number:int}/use-spare", UseSpareAsync).WithSummary("A spare becomes a disk like the others.").ProducesProblem(404).ProducesProblem(409);
        storage.MapPost("/disks/{number:int}/replace", ReplaceAsync)
            .WithSummary("Takes a blank disk into the pool, and moves to it and the others what the old one holds or held.").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        storage.MapPost("/disks/{number:int}/remove", RemoveAsync)
            .WithSummary("Takes an empty disk, or one that is gone, out of the pool for good. With acceptLoss=true also when recordings are lost by it.").ProducesProblem(404).ProducesProblem(409);
        storage.MapPost("/scrub", StartScrub).WithSummary("Verifies all recordings now, as fast as recording allows; again from the beginning if that is under way.");
        storage.MapDelete("/scrub", StopScrub).WithSummary("Goes on verifying slowly, in idle time.");
    }

    private static Results<Ok<ChangePreview>, ProblemHttpResult> Preview(ChangePreviewInput input, StorageChanges changes)
    {
        bool wantsNew = input.Change is PoolChangeKind.Add or PoolChangeKind.Replace;
        if (wantsNew != input.New is not null || input.Change == PoolChangeKind.Add != input.Disk is null)
        {
            return Problems.Of(400, "A change is about a disk (disk: its number) unless one is added, and add and replace say which disk comes (new: path and size).");
        }

        try
        {
            return TypedResults.Ok(changes.Preview(input.Change, input.Disk, SpecOf(input.New)));
        }
        catch (Exception refused) when (refused is DeviceException or FormatException)
        {
            return Problems.Of(400, refused.Message);
        }
    }

    private static async Task<Results<Created<NewDiskView>, ProblemHttpResult>> AddAsync(NewDiskInput input, HttpContext context, StorageChanges changes)
    {
        (int? number, ProblemHttpResult? problem) = await TryAsync(() => changes.AddAsync(SpecOf(input)!, UserOf(context)));
        return problem is null ? TypedResults.Created("/api/v1/storage", new NewDiskView(number!.Value)) : problem;
    }

    private static async Task<Results<Ok<NewDiskView>, ProblemHttpResult>> ReplaceAsync(int number, NewDiskInput input, HttpContext context, StorageChanges changes)
    {
        (int? added, ProblemHttpResult? problem) = await TryAsync(() => changes.ReplaceAsync(number, SpecOf(input)!, UserOf(context)));
        return problem is null ? TypedResults.Ok(new NewDiskView(added!.Value)) : problem;
    }

    private static Task<Results<NoContent, ProblemHttpResult>> DrainAsync(int number, HttpContext context, StorageChanges changes) =>
        ChangeAsync(() => changes.DrainAsync(number, UserOf(context)));

    private static Task<Results<NoContent, ProblemHttpResult>> UseAgainAsync(int number, HttpContext context, StorageChanges changes) =>
        ChangeAsync(() => changes.UseAgainAsync(number, UserOf(context)));

    private static Task<Results<NoContent, ProblemHttpResult>> SpareAsync(int number, HttpContext context, StorageChanges changes) =>
        ChangeAsync(() => changes.SetSpareAsync(number, isSpare: true, UserOf(context)));

    private static Task<Results<NoContent, ProblemHttpResult>> UseSpareAsync(int number, HttpContext context, StorageChanges changes) =>
        ChangeAsync(() => changes.SetSpareAsync(number, isSpare: false, UserOf(context)));

    private static Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(int number, HttpContext context, StorageChanges changes, bool acceptLoss = false) =>
        ChangeAsync(() => changes.RemoveAsync(number, acceptLoss, UserOf(context)));

    private static NoContent StartScrub(HttpContext context, StorageChanges changes)
    {
        changes.StartScrub(UserOf(context));
        return TypedResults.NoContent();
    }

    private static NoContent StopScrub(HttpContext context, StorageChanges changes)
    {
        changes.StopScrub(UserOf(context));
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ChangeAsync(Func<Task> change)
    {
        (_, ProblemHttpResult? problem) = await TryAsync(async () =>
        {
            await change();
            return 0;
        });
        return problem is null ? TypedResults.NoContent() : problem;
    }

    private static async Task<(int? Number, ProblemHttpResult? Problem)> TryAsync(Func<Task<int>> change)
    {
        try
        {
            return (await change(), null);
        }
        catch (NoSuchDiskException refused)
        {
            return (null, Problems.Of(404, refused.Message));
        }
        catch (StoreException refused)
        {
            return (null, Problems.Of(409, refused.Message));
        }
        catch (Exception refused) when (refused is DeviceException or FormatException)
        {
            return (null, Problems.Of(400, refused.Message));
        }
    }

    private static DiskSpec? SpecOf(NewDiskInput? input)
    {
        if (input is null)
        {
            return null;
        }

        if (input.Path.Length > 4096 || !input.Path.StartsWith('/') || input.Path.Any(char.IsControl))
        {
            throw new FormatException("A disk's path is absolute, such as /mnt/b/video.disk or /dev/disk/by-id/ata-….");
        }

        return DiskSpec.At(input.Path, input.SizeBytes);
    }

    private static string UserOf(HttpContext context) => context.User.Identity?.Name ?? "?";
}
