// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Recording;
using Rookery.Rtsp;

namespace Rookery.Encoders;

/// <summary>Times and limits of RTSP cameras.</summary>
public sealed record RtspConnectorOptions
{
    public static readonly RtspConnectorOptions Default = new();

    public RtspClientOptions Client { get; init; } = RtspClientOptions.Default;

    /// <summary>How long resolving a name, connecting, and the TLS handshake may take, each. Default 5 s: a camera that boots answers within 1 s or not at all.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How far a camera's clock may be off ours to be believed. See <see cref="WallClockMapper"/>.</summary>
    public TimeSpan ClockTrustLimit { get; init; } = WallClockMapper.DefaultTrustLimit;
}
