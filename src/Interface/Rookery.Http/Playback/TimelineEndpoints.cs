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

/// <summary>What was recorded when, and why not.</summary>
internal static class TimelineEndpoints
{
    public static readonly TimeSpan LongestRange = TimeSpan.FromDays(400);

    /// <summary>Without a resolution the range is shown in this many steps, about as many as a screen has columns.</summary>
    private const int DefaultSteps = 2000;

    /// <summary>A range is shown in no more steps than these, whatever resolution is asked for: a camera that breaks every few seconds must not make an answer without end.</summary>
    private const int MaximumSteps = 100_000;

    public static void MapTimeline(this IEndpointRouteBuilder api) =>
        api.MapGet("/cameras/{id}/timeline", Get).WithTags("playback")
            .WithSummary("Spans with video and gaps with their causes; spans closer together than the resolution (in seconds) are merged. At most 400 days.")
            .ProducesProblem(400).ProducesProblem(404);

    private static Results<Ok<TimelineView>, ProblemHttpResult> Get(string id, string? from, string? to, double? resolution, CameraRegistry registry, IVideoStore store, IRetentionControl retention, TimeProvider clock)
    {
        if (registry.Find(id) is not { } camera)
        {
            return CameraEndpoints.NotFound(id);
        }

        if (TimeRange.Read(from, to, LongestRange, out WallRange range) is { } problem)
        {
            return problem;
        }

        double seconds = resolution ?? range.Duration.TotalSeconds / DefaultSteps;
        if (!(seconds >= 0 && seconds <= LongestRange.TotalSeconds))
        {
            return Problems.Of(400, string.Create(CultureInfo.InvariantCulture, $"'resolution' is 0 to {LongestRange.TotalSeconds} seconds."));
        }

        seconds = Math.Max(seconds, range.Duration.TotalSeconds / MaximumSteps);
        ChannelTimeline timeline = ChannelTimeline.Read(store, camera.Id, range, TimeSpan.FromSeconds(seconds));
        return TypedResults.Ok(new TimelineView(
            range.Start,
            range.End,
            seconds,
            [.. timeline.Spans.Select(span => (WallTime[])[span.Start, span.End])],
            [.. timeline.Gaps.Select(gap => new GapView(gap.Range.Start, gap.Range.End, gap.Cause))],
            HoldViews.On(camera.Id, range, retention, WallTime.Now(clock))));
    }
}

/// <param name="From">As asked for.</param>
/// <param name="To">As asked for.</param>
/// <param name="Resolution">Seconds, as they were taken: at least a hundred-thousandth of the range.</param>
/// <param name="Spans">Pairs of start and end, oldest first, clipped to the range.</param>
/// <param name="Gaps">Oldest first, clipped to the range.</param>
/// <param name="Holds">What holds keep, clipped to the range.</param>
internal sealed record TimelineView(
    WallTime From, WallTime To, double Resolution, IReadOnlyList<WallTime[]> Spans, IReadOnlyList<GapView> Gaps, IReadOnlyList<HeldRangeView> Holds);

internal sealed record GapView(WallTime Start, WallTime End, GapCause Cause);
