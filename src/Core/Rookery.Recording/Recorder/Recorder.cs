// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>All channels of this machine: follows the <see cref="CameraRegistry"/> and ticks each channel's reconciler.</summary>
/// <remarks>
/// A fault of one channel is that channel's: the others are ticked all the same, and it is ticked again in the next round. Design page: docs/design/recording.md.
/// </remarks>
public sealed class Recorder
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly SortedDictionary<ulong, ChannelRecorder> _channels = [];
    private readonly IVideoStore _store;
    private readonly ICameraConnector _connector;
    private readonly TimeProvider _clock;
    private readonly Random _chance;
    private bool _stopped;

    /// <param name="cameras">Whose changes are followed from now on.</param>
    /// <param name="store">Where recordings go.</param>
    /// <param name="connector">How cameras are reached.</param>
    /// <param name="clock">All time here.</param>
    /// <param name="chance">Spreads reconnects.</param>
    /// <param name="causeOfAbsence">Why nothing was recorded before this start: <see cref="GapCause.RecorderStopped"/>, or <see cref="GapCause.RecorderFailed"/> after an unclean end.</param>
    public Recorder(CameraRegistry cameras, IVideoStore store, ICameraConnector connector, TimeProvider clock, Random chance, GapCause causeOfAbsence)
    {
        _store = store;
        _connector = connector;
        _clock = clock;
        _chance = chance;
        foreach (Camera camera in cameras.List())
        {
            Add(camera, causeOfAbsence);
        }

        cameras.Changing = Admit;
        cameras.Changed = Apply;
    }

    public ChannelRecorder? Find(ChannelId id)
    {
        lock (_lock)
        {
            return _channels.GetValueOrDefault(id.Value);
        }
    }

    public IReadOnlyList<ChannelRecorder> Channels
    {
        get
        {
            lock (_lock)
            {
                return [.. _channels.Values];
            }
        }
    }

    /// <summary>Ticks until cancelled, then stops every channel. What was appended becomes durable when the store is closed.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Interval, _clock);
        try
        {
            do
            {
                Tick();
            }
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            Stop();
        }
    }

    /// <summary>One round of all channels.</summary>
    public void Tick()
    {
        foreach (ChannelRecorder channel in Channels)
        {
            try
            {
                channel.Tick();
            }
#pragma warning disable CA1031 // One camera's fault must not stop the recording of all: it is shown, and tried again in the next round.
            catch (Exception fault)
            {
                channel.Fail(fault);
            }
#pragma warning restore CA1031
        }
    }

    private void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
        }

        foreach (ChannelRecorder channel in Channels)
        {
            try
            {
                channel.Stop();
            }
#pragma warning disable CA1031 // The sessions of the others are to be ended in order.
            catch (Exception fault)
            {
                channel.Fail(fault);
            }
#pragma warning restore CA1031
        }
    }

    /// <summary>Before a change is saved: a retention time that the store cannot take is refused while it still can be.</summary>
    private void Admit(Camera camera)
    {
        if (camera.Removed || camera.RetentionClass is not null)
        {
            return;
        }

        try
        {
            _store.Define(RetentionPolicy.ClassOf(camera.RetentionDays));
        }
        catch (StoreException full)
        {
            IEnumerable<string> inUse = Channels.Select(channel => channel.Camera.RetentionDays).OfType<int>().Distinct().Order().Select(days => days.ToString(CultureInfo.InvariantCulture));
            throw new CameraRefusedException(
                $"The disk has footage of as many different retention times as it can keep apart. Choose one that is in use ({string.Join(", ", inUse)} days), or none.", full);
        }
    }

    private void Apply(Camera camera)
    {
        ChannelRecorder? removed = null;
        lock (_lock)
        {
            if (_stopped)
            {
                return;
            }

            if (!_channels.TryGetValue(camera.Id.Value, out ChannelRecorder? channel))
            {
                if (!camera.Removed)
                {
                    Add(camera, GapCause.CameraOffline);
                }

                return;
            }

            channel.Apply(camera);
            if (camera.Removed)
            {
                _channels.Remove(camera.Id.Value);
                removed = channel;
            }
        }

        removed?.Stop();
    }

    private void Add(Camera camera, GapCause causeOfAbsence) =>
        _channels.Add(camera.Id.Value, new ChannelRecorder(camera, _store, _connector, _clock, new Random(_chance.Next()), causeOfAbsence));
}
