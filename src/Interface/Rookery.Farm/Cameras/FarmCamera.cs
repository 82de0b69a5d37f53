// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Farm.Clips;
using Rookery.Foundation;
using Rookery.Rtsp.Server;

namespace Rookery.Farm.Cameras;

/// <summary>What a camera does wrong at the moment.</summary>
public enum CameraFault : byte
{
    None = 0,

    /// <summary>Answers, but sends no media.</summary>
    Stalled,

    /// <summary>Neither answers nor sends; connections stay open, as behind a pulled cable.</summary>
    Hung,

    /// <summary>Closes every connection at once, as while it restarts.</summary>
    Offline,

    /// <summary>Sends pictures and no sound.</summary>
    Muted,
}

/// <summary>A camera: a clip that never ends, a clock of its own, and a fault. Decides nothing by itself; owned by the <see cref="FarmServer"/>.</summary>
internal sealed class FarmCamera(int number, CameraClock clock)
{
    private static readonly MonotonicTime Never = new(long.MaxValue);

    private MonotonicTime _faultUntil;

    /// <summary>1 and up; its path is <c>cam/{number}</c>.</summary>
    public int Number { get; } = number;

    public CameraClock Clock { get; } = clock;

    public required Clip Clip { get; set; }

    public required RtspPresentation Presentation { get; set; }

    /// <summary>Media time at which the clip's first round began.</summary>
    public long ClipStartNanoseconds { get; set; }

    public CameraFault Fault { get; private set; }

    public int Clients { get; set; }

    public long UnitsSent { get; set; }

    public long UnitsDropped { get; set; }

    public long BytesSent { get; set; }

    /// <summary>Kept only when the farm was asked to.</summary>
    public SentLog? Log { get; init; }

    /// <param name="fault">What goes wrong from now on.</param>
    /// <param name="duration"><c>null</c>: until <see cref="Recover"/>.</param>
    /// <param name="now">The present.</param>
    public void Fail(CameraFault fault, TimeSpan? duration, MonotonicTime now)
    {
        Fault = fault;
        _faultUntil = duration is { } length ? now + length : Never;
    }

    public void Recover() => Fault = CameraFault.None;

    public void Tick(MonotonicTime now)
    {
        if (Fault != CameraFault.None && now >= _faultUntil)
        {
            Recover();
        }
    }
}
