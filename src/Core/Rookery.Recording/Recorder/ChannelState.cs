// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;

namespace Rookery.Recording;

/// <summary>Where a channel is between "asked for" and "on disk".</summary>
public enum ChannelPhase : byte
{
    /// <summary>Not wanted: removed.</summary>
    Disabled,

    /// <summary>A session is being set up, or waits for its next try.</summary>
    Connecting,

    /// <summary>Access units arrive.</summary>
    Streaming,

    /// <summary>The session stands, but nothing arrives.</summary>
    Stalled,

    /// <summary>The last try failed; the next is under way in time.</summary>
    Failed,
}

/// <summary>A channel at one instant, for the API.</summary>
public sealed record ChannelState
{
    public required ChannelPhase Phase { get; init; }

    /// <summary>Bytes became durable within <see cref="ChannelRecorder.RecordingWithin"/>. Never "a process runs".</summary>
    public required bool IsRecording { get; init; }

    /// <summary>Bits per second of all tracks, averaged over about 5 s.</summary>
    public required double Bitrate { get; init; }

    /// <summary>Pictures per second, averaged over about 5 s.</summary>
    public required double FrameRate { get; init; }

    /// <summary>Formats by track; the last known ones while the camera is away.</summary>
    public required IReadOnlyList<TrackFormat> Formats { get; init; }

    /// <summary>Clock of the camera against ours in parts per million; <c>null</c> until measured.</summary>
    public required double? DriftPartsPerMillion { get; init; }

    public required ChannelError? LastError { get; init; }

    /// <summary>What the present session had to remark, a sentence each, at most <see cref="ChannelRecorder.MaximumNotes"/>; for the log.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>End of what is durable of the present session; <c>null</c> before the first commit.</summary>
    public required WallTime? DurableUntil { get; init; }

    public required int Viewers { get; init; }
}

/// <summary>What went wrong last, in words for a person.</summary>
public sealed record ChannelError(WallTime At, string Message);
