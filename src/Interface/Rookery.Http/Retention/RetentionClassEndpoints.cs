// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Retention classes: how long the footage of a group of cameras is kept, and which goes first.</summary>
internal static class RetentionClassEndpoints
{
    public static void MapRetentionClasses(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder classes = api.MapGroup("/retention-classes").WithTags("retention");
        classes.MapGet("", List).WithSummary("All classes that footage has or may get; those made for a number of days are built in.");
        classes.MapPut("/{id:int}", PutAsync).WithSummary("Defines a class of one's own (200 to 254), or changes it; footage that it has goes by the new rules.").ProducesProblem(400);
        classes.MapDelete("/{id:int}", DeleteAsync).WithSummary("Forgets a class that no camera and no footage has.").ProducesProblem(400).ProducesProblem(409);
    }

    private static Ok<RetentionClassList> List(IRetentionControl retention, CameraRegistry cameras) =>
        TypedResults.Ok(new RetentionClassList([.. retention.RetentionClasses.Select(c => RetentionClassView.Of(c, cameras))]));

    private static async Task<Results<Ok<RetentionClassView>, ProblemHttpResult>> PutAsync(int id, RetentionClassInput input, IRetentionControl retention, CameraRegistry cameras)
    {
        if (!RetentionPolicy.IsOwn(id))
        {
            return OnlyOwn();
        }

        if (Problem(input) is { } problem)
        {
            return Problems.Of(400, problem);
        }

        var changed = new RetentionClass(new RetentionClassId((byte)id), Days(input.MaximumDays), input.MaximumBytes, input.Layout is null ? null : ChunkLayout.Parse(input.Layout))
        {
            Name = input.Name.Trim(),
            MinimumAge = Days(input.MinimumDays),
            Priority = input.Priority,
        };
        try
        {
            await retention.ChangeClassAsync(changed);
        }
        catch (StoreException refused)
        {
            return Problems.Of(400, refused.Message);
        }

        return TypedResults.Ok(RetentionClassView.Of(changed, cameras));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(int id, IRetentionControl retention, CameraRegistry cameras)
    {
        if (!RetentionPolicy.IsOwn(id))
        {
            return OnlyOwn();
        }

        if (cameras.List().FirstOrDefault(camera => camera.RetentionClass == id) is { } user)
        {
            return Problems.Of(409, $"The camera {user.Name} has this class. Give it another one first.");
        }

        return await retention.RemoveClassAsync(new RetentionClassId((byte)id))
            ? TypedResults.NoContent()
            : Problems.Of(409, "There is footage of this class, which goes by its rules. The class can be removed when that has gone.");
    }

    private static ProblemHttpResult OnlyOwn() =>
        Problems.Of(400, $"Classes of one's own have the numbers {RetentionPolicy.FirstOwn} to {RetentionPolicy.LastOwn}; the others are built in.");

    private static TimeSpan? Days(int? days) => days is { } some ? TimeSpan.FromDays(some) : null;

    private static string? Problem(RetentionClassInput input) => input switch
    {
        _ when string.IsNullOrWhiteSpace(input.Name) || input.Name.Length > RetentionClass.MaximumNameLength || input.Name.Any(char.IsControl) =>
            $"A class's name has 1 to {RetentionClass.MaximumNameLength} printable characters.",
        { MinimumDays: < 1 or > 36_500 } or { MaximumDays: < 1 or > 36_500 } => "Days are 1 to 36500, or null.",
        _ when input.MinimumDays > input.MaximumDays => "The minimum of days is not above the maximum.",
        { MaximumBytes: < 1 } => "A quota is at least 1 byte, or null.",
        { Priority: < 0 or > RetentionClass.HighestPriority } => $"A priority is 0 to {RetentionClass.HighestPriority}.",
        _ => LayoutProblem(input.Layout),
    };

    private static string? LayoutProblem(string? layout)
    {
        try
        {
            _ = layout is null ? default : ChunkLayout.Parse(layout);
            return null;
        }
        catch (FormatException)
        {
            return "A layout is D+P: 1 to 16 columns of data and 0 to 2 of parity, for example 4+1; or null.";
        }
    }
}

/// <summary>A class as a caller describes it.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="MinimumDays">Footage younger than this goes only when nothing else may go, and then with a warning; null for no promise.</param>
/// <param name="MaximumDays">Older footage goes; null keeps it until the space is needed.</param>
/// <param name="MaximumBytes">Above it the oldest goes; null for no quota.</param>
/// <param name="Priority">0 to 100; when space is needed, the lowest goes first.</param>
/// <param name="Layout">D+P, how it lies on the disks; null for the pool's own.</param>
internal sealed record RetentionClassInput(
    string Name, int? MinimumDays = null, int? MaximumDays = null, long? MaximumBytes = null, int Priority = RetentionClass.DefaultPriority, string? Layout = null);

/// <param name="Id">Its number.</param>
/// <param name="BuiltIn">Made for a number of days, or for "until the space is needed"; it cannot be changed.</param>
/// <param name="Name">Empty when built in.</param>
/// <param name="MinimumDays">See the input.</param>
/// <param name="MaximumDays">See the input.</param>
/// <param name="MaximumBytes">See the input.</param>
/// <param name="Priority">See the input.</param>
/// <param name="Layout">See the input.</param>
/// <param name="Cameras">Cameras in service that have it.</param>
internal sealed record RetentionClassView(
    int Id, bool BuiltIn, string Name, double? MinimumDays, double? MaximumDays, long? MaximumBytes, int Priority, string? Layout, int Cameras)
{
    public static RetentionClassView Of(RetentionClass c, CameraRegistry cameras) => new(
        c.Id.Value, !RetentionPolicy.IsOwn(c.Id.Value), c.Name, c.MinimumAge?.TotalDays, c.MaximumAge?.TotalDays, c.MaximumBytes, c.Priority, c.Layout?.ToString(),
        cameras.List().Count(camera => RetentionPolicy.ClassIdOf(camera) == c.Id));
}

internal sealed record RetentionClassList(IReadOnlyList<RetentionClassView> Items);
