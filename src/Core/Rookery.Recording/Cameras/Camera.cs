// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Recording;

/// <summary>Settings of one camera (channel). Immutable; a change is a new object.</summary>
public sealed record Camera
{
    /// <summary>Longest name, in UTF-16 units.</summary>
    public const int MaximumNameLength = 100;

    public required ChannelId Id { get; init; }

    /// <summary>1 to <see cref="MaximumNameLength"/> characters, for people.</summary>
    public required string Name { get; init; }

    public required CameraSource Source { get; init; }
    public required RecordingMode Recording { get; init; }

    /// <summary>Days after which recordings may go; <c>null</c>: when space is needed. See <see cref="RetentionPolicy"/>.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>A retention class of one's own, <see cref="RetentionPolicy.FirstOwn"/> to <see cref="RetentionPolicy.LastOwn"/>, which then says all instead of <see cref="RetentionDays"/>; <c>null</c> for none.</summary>
    public int? RetentionClass { get; init; }

    /// <summary>Taken out of service. Its recordings stay until retention, and its number is never given to another.</summary>
    public bool Removed { get; init; }
}

/// <summary>When a camera is recorded.</summary>
public enum RecordingMode : byte
{
    Off = 0,
    Continuous = 1,
}
