// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>Cameras: add, change, remove, look at.</summary>
internal static class CameraEndpoints
{
    public static void MapCameras(this IEndpointRouteBuilder api)
    {
        RouteGroupBuilder cameras = api.MapGroup("/cameras").WithTags("cameras");
        cameras.MapGet("", List).WithSummary("All cameras with their states; removed ones when asked for.");
        cameras.MapPost("", Add).WithSummary("Adds a camera; recording begins at once.").ProducesProblem(400);
        cameras.MapGet("/{id}", Get).WithSummary("One camera with its state.").ProducesProblem(404);
        cameras.MapPatch("/{id}", Change).WithSummary("Changes what is given, and leaves the rest.").ProducesProblem(400).ProducesProblem(404);
        cameras.MapDelete("/{id}", Remove).WithSummary("Takes a camera out of service; its recordings stay until retention.").ProducesProblem(404);
    }

    /// <summary>Finds the camera an address names, removed ones included.</summary>
    public static Camera? Find(this CameraRegistry registry, string id) => ulong.TryParse(id, out ulong number) ? registry.Find(new ChannelId(number)) : null;

    public static ProblemHttpResult NotFound(string id) => Problems.Of(404, $"There is no camera {(id.Length <= 20 ? id : "of that number")}.");

    private static Ok<CameraList> List(CameraRegistry registry, Recorder recorder, bool removed = false) =>
        TypedResults.Ok(new CameraList([.. registry.List(removed).Select(camera => CameraView.Of(camera, recorder))]));

    private static Results<Ok<CameraView>, ProblemHttpResult> Get(string id, CameraRegistry registry, Recorder recorder) =>
        registry.Find(id) is { } camera ? TypedResults.Ok(CameraView.Of(camera, recorder)) : NotFound(id);

    private static Results<Created<CameraView>, ProblemHttpResult> Add(CameraInput input, CameraRegistry registry, Recorder recorder, IRetentionControl retention)
    {
        try
        {
            Camera added = registry.Add(new Camera
            {
                Id = default,
                Name = input.Name.Trim(),
                Source = CameraAddress.Read(input.Url, input.User, input.Password, input.Transport),
                Recording = input.Recording,
                RetentionDays = input.RetentionDays,
                RetentionClass = Known(input.RetentionClass, retention),
            });
            return TypedResults.Created($"/api/v1/cameras/{added.Id}", CameraView.Of(added, recorder));
        }
        catch (CameraRefusedException refused)
        {
            return Problems.Of(400, refused.Message);
        }
    }

    private static Results<Ok<CameraView>, ProblemHttpResult> Change(string id, CameraPatch patch, CameraRegistry registry, Recorder recorder, IRetentionControl retention)
    {
        try
        {
            _ = Known(patch.RetentionClass, retention);
            return ulong.TryParse(id, out ulong number) && registry.Update(new ChannelId(number), patch.Apply) is { } changed
                ? TypedResults.Ok(CameraView.Of(changed, recorder))
                : NotFound(id);
        }
        catch (CameraRefusedException refused)
        {
            return Problems.Of(400, refused.Message);
        }
    }

    /// <exception cref="CameraRefusedException">There is no such class.</exception>
    private static int? Known(int? retentionClass, IRetentionControl retention) =>
        retentionClass is not { } id || retention.RetentionClasses.Any(known => known.Id.Value == id)
            ? retentionClass
            : throw new CameraRefusedException($"There is no retention class {id}. Define it first.");

    private static Results<NoContent, ProblemHttpResult> Remove(string id, CameraRegistry registry) =>
        ulong.TryParse(id, out ulong number) && registry.Remove(new ChannelId(number)) ? TypedResults.NoContent() : NotFound(id);
}
