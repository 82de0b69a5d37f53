// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Storage;

namespace Rookery.Recording;

/// <summary>One track of the present session on its way to the store. Opens the run with the first access unit that may be recorded.</summary>
/// <remarks>Used under the channel's lock.</remarks>
internal sealed class TrackRecording(IVideoStore store, TrackKey key) : IDisposable
{
    private TrackFormat? _format;
    private IStreamAppender? _run;

    /// <summary>A run is open: what comes is recorded.</summary>
    public bool IsOpen => _run is not null;

    public DurableWatermark? Durable => _run?.Durable;

    /// <summary>Access units that the open run has taken.</summary>
    public long Taken { get; private set; }

    public void SetFormat(TrackFormat format)
    {
        if (_format is not null && _format.Timescale != format.Timescale)
        {
            // Decode times before and after are of different units: no run can hold both.
            Close();
        }
        else
        {
            _run?.ChangeFormat(format.ToBytes());
        }

        _format = format;
    }

    /// <returns><c>false</c> when the store had no room; the run is closed then.</returns>
    public bool TryAppend(in AccessUnit unit, WallTime wall, RetentionClassId retentionClass)
    {
        if (_format is not { } format)
        {
            return true;
        }

        if (_run is null)
        {
            _run = store.BeginRun(new RunStart(key.ToStreamId(), 0, retentionClass, (uint)format.Timescale, format.ToBytes()) { Channel = key.Channel.Value });
            Taken = 0;
        }

        SampleFlags flags = (unit.IsRandomAccess ? SampleFlags.RandomAccess : SampleFlags.None)
            | ((unit.Flags & AccessUnitFlags.LossBefore) != 0 ? SampleFlags.LossBefore : SampleFlags.None);
        if (_run.TryAppend(new Sample(unit.DecodeTime, unit.CompositionOffset, flags, wall, unit.Data)))
        {
            Taken++;
            return true;
        }

        Close();
        return false;
    }

    /// <summary>Ends the run; what was appended still becomes durable.</summary>
    public void Close()
    {
        _run?.Dispose();
        _run = null;
    }

    public void Dispose() => Close();
}
