// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;

namespace Rookery.Recording.Playback;

/// <summary>What somebody wants to see.</summary>
public sealed record PlaybackRequest
{
    public required ChannelId Channel { get; init; }

    public StreamRole Role { get; init; } = StreamRole.Main;

    /// <summary>What is to be shown; decoding begins at the random access point at or before its start.</summary>
    public required WallRange Range { get; init; }

    /// <summary>Which formats the output can hold; tracks of other formats are left out. By default all that MP4 can hold.</summary>
    public Func<TrackFormat, bool> Accepts { get; init; } = Media.Mp4.Mp4Track.CanHold;

    public bool IncludeAudio { get; init; } = true;
}
