// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Rtsp;

/// <summary>How RTP is asked for.</summary>
public enum RtspTransportPolicy : byte
{
    /// <summary>TCP; UDP where the server answers 461 Unsupported Transport.</summary>
    Auto = 0,
    Tcp = 1,
    Udp = 2,
}

/// <summary>Times and limits of a client session.</summary>
public sealed record RtspClientOptions
{
    public static readonly RtspClientOptions Default = new();

    public RtspTransportPolicy Transport { get; init; } = RtspTransportPolicy.Auto;

    /// <summary>Sent as User-Agent. Some cameras serve only clients that send one.</summary>
    public string UserAgent { get; init; } = "Rookery";

    public RtspLimits Limits { get; init; } = RtspLimits.Default;

    /// <summary>How long one request may wait for its answer. Default 5 s: slow cameras take 2 to 3 s for a DESCRIBE that starts an encoder.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long OPTIONS to PLAY may take together. Default 15 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// No packet of the first track for so long ends the session. Default 4.8 s: with the 0.1 s over which reads are gathered, a stall is noticed within 5 s.
    /// Longer than the picture distance of the slowest stream one wants to record.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(4.8);

    /// <summary>Distance of receiver reports. Default 10 s: twice the usual one, because each costs a system call and over TCP they tell nothing new.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes without a valid element between them, beyond which the stream is given up. Default 256 KiB: an intra picture whose framing broke.</summary>
    public int MaxGarbageBytes { get; init; } = 256 << 10;
}
