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

    /// <summary>How far apart a record may begin after the one named, and still continue it.</summary>
    public static TimeSpan Tolerance(ulong lastRun, uint lastSequence, ulong run, uint sequence) =>
        run == lastRun && sequence == lastSequence + 1 ? WithinRun : SpanList.JoinWithin;

    public static bool Follows(in ChunkSpan span, in RecordEntry entry) =>
        entry.Wall.Start >= span.Wall.Start
        && entry.Wall.Start - span.Wall.End <= Tolerance(span.LastRun, span.LastSequence, entry.Run, entry.Sequence);
}
