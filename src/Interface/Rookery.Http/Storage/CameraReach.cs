// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Recording;
using Rookery.Storage;

namespace Rookery.Http;

/// <summary>How far back the recordings of a camera reach.</summary>
internal static class CameraReach
{
    private static readonly WallRange Ever = new(WallTime.MinValue, WallTime.MaxValue);

    /// <summary>Recordings that are parted by less than this are one: what counts is their beginning.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromHours(1);

    public static CameraReachView Of(Camera camera, IVideoStore store, IReadOnlyList<Hold> holds, WallTime now)
    {
        IReadOnlyList<WallRange> spans = store.Spans(new TrackKey(camera.Id, StreamRole.Main, 0).ToStreamId(), Ever, Resolution);
        List<WallRange> held = [.. holds.Where(hold => !(hold.Until <= now) && hold.Streams.Any(streams => streams == camera.Id.Streams)).Select(hold => hold.Range)];
        // What only a hold keeps says nothing about retention: it may be years old.
        WallTime? oldest = spans.Select(span => (WallRange?)span).FirstOrDefault(span => !held.Exists(hold => IsWithin(span!.Value, hold)))?.Start;
        return new CameraReachView(camera.Id.ToString(), RetentionPolicy.ClassIdOf(camera).Value, oldest, oldest is { } start ? Math.Max(0, (now - start).TotalDays) : null);
    }

    /// <summary>To a few seconds: a copy takes whole records.</summary>
    private static bool IsWithin(WallRange span, WallRange hold) =>
        span.Start >= hold.Start - Slack && span.End <= hold.End + Slack;

    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);
}
