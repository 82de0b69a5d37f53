// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp.Server;

/// <summary>How a server session behaves.</summary>
public sealed record RtspServerOptions
{
    /// <summary>Name in the Server header.</summary>
    public string ServerName { get; init; } = "Rookery";

    public RtspLimits Limits { get; init; } = RtspLimits.Default;

    /// <summary>How long a session lives of which nothing is heard; default 60 s, what RFC 2326 §12.37 names.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Adjacent UDP ports that media is sent from; <c>null</c> refuses UDP with 461.</summary>
    public NumberPair? UdpPorts { get; init; }

    /// <summary>Whether media may travel in the RTSP connection; without it clients get 461.</summary>
    public bool AllowTcp { get; init; } = true;

    public RtspOddities Oddities { get; init; }

    /// <summary>Answers that may wait for the client to read them, in bytes; above it the session is closed. Default 256 KiB: a few hundred answers.</summary>
    public int MaxOutputBytes { get; init; } = 256 << 10;
}
