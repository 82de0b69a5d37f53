// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>When two records belong to one continuous interval.</summary>
internal static class Continuity
{
    /// <summary>
    /// The next record of the same run may begin this much later: a camera with few pictures a minute leaves holes within a run. Beyond it the camera's clock
    /// was put forward, and the time between does not exist as footage.
    /// </summary>
    public static readonly TimeSpan WithinRun = TimeSpan.FromSeconds(10);

    /// <summary>
    /// From one run to another, only what the capture times are uncertain by: where a run ends is its last picture and the usual distance to the next. Two pictures at 25 a second; anything
    /// longer is missing, and must be seen.
    /// </summary>
    public static readonly TimeSpan BetweenRuns = TimeSpan.FromMilliseconds(100);

    /// <summary>Two spans of a stream are one interval.</summary>
    /// <param name="first">The one that begins first.</param>
    /// <param name="second">The other.</param>
    public static bool Joins(in ChunkSpan first, in ChunkSpan second) =>
        second.Wall.Start - first.Wall.End <= Tolerance(first.LastRun, first.LastSequence, second.FirstRun, second.FirstSequence);

    /// <summary>A record goes on with a span.</summary>
    public static bool Follows(in ChunkSpan span, in RecordEntry entry) =>
        entry.Wall.Start >= span.Wall.Start
        && entry.Wall.Start - span.Wall.End <= Tolerance(span.LastRun, span.LastSequence, entry.Run, entry.Sequence);

    private static TimeSpan Tolerance(ulong lastRun, uint lastSequence, ulong run, uint sequence) =>
        run == lastRun && sequence == lastSequence + 1 ? WithinRun : BetweenRuns;
}
