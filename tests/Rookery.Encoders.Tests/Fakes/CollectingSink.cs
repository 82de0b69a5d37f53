// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media;
using Rookery.Recording;

namespace Rookery.Encoders.Tests.Fakes;

/// <summary>Remembers what a session delivered, and lets a test wait for it.</summary>
internal sealed class CollectingSink(int wantedUnits = 5) : ISessionSink
{
    private readonly TaskCompletionSource _units = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<SessionEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly List<int> _sizes = [];

    /// <summary>Ends when so many access units came.</summary>
    public Task Units => _units.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public Task<SessionEnd> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public IReadOnlyList<SourceTrack>? Tracks { get; private set; }

    public TrackFormat? Format { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sizes.Count;
            }
        }
    }

    public void OnTracks(IReadOnlyList<SourceTrack> tracks) => Tracks = tracks;

    public void OnFormat(int track, TrackFormat format) => Format = format;

    public void OnAccessUnit(int track, in AccessUnit unit, WallTime wall)
    {
        lock (_lock)
        {
            _sizes.Add(unit.Data.Length);
            if (_sizes.Count == wantedUnits)
            {
                _units.TrySetResult();
            }
        }
    }

    public void OnDrift(double partsPerMillion)
    {
    }

    public void OnEnded(SessionEnd end) => _ended.TrySetResult(end).ShouldBeTrue("a session ends once");
}
