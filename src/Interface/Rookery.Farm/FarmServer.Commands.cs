// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Net.Sockets;
using Rookery.Farm.Cameras;
using Rookery.Farm.Clips;
using Rookery.Foundation;

namespace Rookery.Farm;

/// <summary>What a camera can be told at run time. Safe for any thread; in effect from the next tick.</summary>
public sealed partial class FarmServer
{
    /// <summary>Time between the last picture of the old clip and the first of the new one, about what a camera needs to change its settings.</summary>
    private static readonly TimeSpan SwitchPause = TimeSpan.FromMilliseconds(200);

    private readonly Control.ControlListener? _control;

    /// <summary>The camera answers requests and sends no media.</summary>
    /// <param name="camera">1 and up.</param>
    /// <param name="duration"><c>null</c>: until <see cref="Resume"/>.</param>
    public void Stall(int camera, TimeSpan? duration = null) => Fail(camera, CameraFault.Stalled, duration);

    /// <summary>The camera neither answers nor sends; its connections stay open.</summary>
    /// <inheritdoc cref="Stall"/>
    public void Hang(int camera, TimeSpan? duration = null) => Fail(camera, CameraFault.Hung, duration);

    /// <summary>The camera closes its connections, and every new one.</summary>
    /// <inheritdoc cref="Stall"/>
    public void TakeOffline(int camera, TimeSpan? duration = null) => Fail(camera, CameraFault.Offline, duration);

    /// <summary>The camera sends pictures and no sound; its sound goes on at its place in time.</summary>
    /// <inheritdoc cref="Stall"/>
    public void Mute(int camera, TimeSpan? duration = null) => Fail(camera, CameraFault.Muted, duration);

    /// <summary>The camera closes its connections once; clients may come back at once.</summary>
    public void Drop(int camera)
    {
        lock (_gate)
        {
            FarmCamera target = Camera(camera);
            foreach (FarmConnection connection in _connections.Where(connection => connection.Camera == target))
            {
                connection.Close();
            }
        }
    }

    /// <summary>The camera is well again.</summary>
    public void Resume(int camera)
    {
        lock (_gate)
        {
            Camera(camera).Recover();
        }
    }

    /// <summary>The camera's clock runs at another rate from now on.</summary>
    public void SetDrift(int camera, double partsPerMillion)
    {
        lock (_gate)
        {
            Camera(camera).Clock.SetDrift(partsPerMillion, MonotonicTime.Now(_time));
        }
    }

    /// <summary>What the camera takes for the time of day is wrong by this much; its pace stays.</summary>
    public void SetClockOffset(int camera, TimeSpan offset)
    {
        lock (_gate)
        {
            Camera(camera).Clock.Offset = offset;
        }
    }

    /// <summary>
    /// The camera shows another of the farm's clips from now on, in the running sessions too: new parameter sets come in band, timestamps go on. The description says so from the next DESCRIBE on.
    /// </summary>
    /// <param name="camera">1 and up.</param>
    /// <param name="clip">Index among the clips the farm was started with.</param>
    public void ShowClip(int camera, int clip)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(clip);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(clip, _clips.Count);
        lock (_gate)
        {
            FarmCamera target = Camera(camera);
            target.Clip = _clips[clip];
            target.Presentation = _presentations[target.Clip];
            target.ClipStartNanoseconds = target.Clock.Media(MonotonicTime.Now(_time)) + (SwitchPause.Ticks * 100);
            foreach (FarmConnection connection in _connections.Where(connection => connection.IsPlaying(target)))
            {
                connection.OnClipChanged(target);
            }
        }
    }

    /// <summary>Like <see cref="ShowClip"/>, with <c>false</c> for an index that no clip has.</summary>
    public bool TryShowClip(int camera, int clip)
    {
        bool exists = clip >= 0 && clip < _clips.Count;
        if (exists)
        {
            ShowClip(camera, clip);
        }

        return exists;
    }

    /// <summary>The camera changes its resolution: it shows the clip of another size that has the same name, or else any clip of that size.</summary>
    /// <param name="camera">1 and up.</param>
    /// <param name="size">Such as <c>640x360</c>.</param>
    /// <returns><c>false</c> when no clip has this size.</returns>
    public bool TryShowSize(int camera, string size)
    {
        string name = ClipOf(camera).Name;
        int found = -1;
        for (int i = 0; i < _clips.Count; i++)
        {
            if (_clips[i].Size == size && (found < 0 || _clips[i].Name == name))
            {
                found = i;
            }
        }

        return TryShowClip(camera, found);
    }

    /// <summary>What a camera has sent; <c>null</c> unless the farm was started with <see cref="FarmServerOptions.SentLogUnits"/>.</summary>
    public SentLog? Log(int camera) => Camera(camera).Log;

    /// <summary>The clip a camera shows.</summary>
    public Clip ClipOf(int camera)
    {
        lock (_gate)
        {
            return Camera(camera).Clip;
        }
    }

    /// <summary>Figures of a camera.</summary>
    public CameraStatus Status(int camera)
    {
        lock (_gate)
        {
            FarmCamera source = Camera(camera);
            return new(camera, source.Clip.Name, source.Fault, source.Clients, source.Clock.DriftPpm, source.UnitsSent, source.UnitsDropped, source.BytesSent);
        }
    }

    private void Fail(int camera, CameraFault fault, TimeSpan? duration)
    {
        lock (_gate)
        {
            Camera(camera).Fail(fault, duration, MonotonicTime.Now(_time));
        }
    }

    private FarmCamera Camera(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, _cameras.Length);
        return _cameras[number - 1];
    }
}

/// <summary>A camera at a glance.</summary>
/// <param name="Number">1 and up.</param>
/// <param name="Clip">Name of what it shows.</param>
/// <param name="Fault">What it does wrong.</param>
/// <param name="Clients">Sessions that play it.</param>
/// <param name="DriftPpm">Of its clock.</param>
/// <param name="UnitsSent">Access units given to the network, to all clients together.</param>
/// <param name="UnitsDropped">Access units that clients were too slow for.</param>
/// <param name="BytesSent">Bytes of all frames.</param>
public readonly record struct CameraStatus(
    int Number, string Clip, CameraFault Fault, int Clients, double DriftPpm, long UnitsSent, long UnitsDropped, long BytesSent);
