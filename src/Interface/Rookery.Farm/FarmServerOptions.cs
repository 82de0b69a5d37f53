// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net;
using Rookery.Rtsp.Server;

namespace Rookery.Farm;

/// <summary>How a camera's place in its clip is chosen.</summary>
public enum FarmPhase : byte
{
    /// <summary>All cameras begin at the beginning.</summary>
    Zero,

    /// <summary>By chance, from the seed: groups of pictures do not begin together, as in the field.</summary>
    Random,
}

/// <summary>What a <see cref="FarmServer"/> serves, and how.</summary>
public sealed record FarmServerOptions
{
    /// <summary>1 to 10000; default 4.</summary>
    public int Cameras
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10_000);
            field = value;
        }
    } = 4;

    /// <summary>How many of the clips cameras begin with, in turn; the others are for <see cref="FarmServer.ShowClip"/>. 0, the default, takes all.</summary>
    public int FirstClips { get; init; }

    /// <summary>Where to listen; default loopback, since everybody may look at these cameras.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port of RTSP; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the control channel, always on loopback; 0 takes a free one, <c>null</c> opens none.</summary>
    public int? ControlPort { get; init; }

    /// <summary>
    /// How often due units are gathered and sent; default 20 ms: shorter than a picture, so that cameras are as even as real ones, and long enough that a camera costs at most 50 sends a second.
    /// </summary>
    public TimeSpan Tick { get; init; } = TimeSpan.FromMilliseconds(20);

    public FarmPhase Phase { get; init; } = FarmPhase.Random;

    /// <summary>Decides phases, SSRCs and the starts of sequence numbers and timestamps.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Of every camera's clock, in parts per million; positive runs fast. Default 0.</summary>
    public double DriftPpm { get; init; }

    /// <summary>Without a user everybody is let in.</summary>
    public string? User { get; init; }

    public string? Password { get; init; }

    /// <summary>Asks for the password in the clear; by default Digest with MD5, as most cameras do.</summary>
    public bool BasicOnly { get; init; }

    public RtspOddities Oddities { get; init; }

    public bool AllowTcp { get; init; } = true;

    public bool AllowUdp { get; init; } = true;

    /// <summary>Connections at one time; default 4096. More are closed at once.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>Units each camera remembers having sent; 0, the default, remembers none.</summary>
    public int SentLogUnits { get; init; }
}
