// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using static Rookery.Simulation.BrokenPromise;

namespace Rookery.Simulation;

/// <summary>What is held.</summary>
internal sealed partial class AcknowledgedLog
{
    private readonly List<LoggedHold> _holds = [];

    /// <summary>Holds that nobody asked to release.</summary>
    public IEnumerable<string> Holds => _holds.Where(hold => hold.Released is null).Select(hold => hold.Id);

    /// <summary>A hold was acknowledged.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="stream">Whose footage.</param>
    /// <param name="range">Which capture times.</param>
    /// <param name="shown">Decode times of what of it the store shows.</param>
    /// <param name="boundary">How many events the disks had done.</param>
    public void Hold(string id, ulong stream, WallRange range, IEnumerable<long> shown, int boundary)
    {
        (int, int) before = _runs.Count == 0 ? (0, 0) : (_runs[^1].Number, _runs[^1].Samples.Count);
        _holds.Add(new LoggedHold(id, stream, range, shown.ToHashSet(), before) { Made = boundary });
    }

    /// <summary>A hold is about to be released: from now on nobody knows how far that has come, should the machine crash.</summary>
    public void Release(string id, int boundary)
    {
        foreach (LoggedHold hold in _holds.Where(hold => hold.Id == id && hold.Released is null))
        {
            hold.Released = boundary;
        }
    }

    private void CopyHolds(AcknowledgedLog other, int boundary) =>
        _holds.AddRange(other._holds.Where(hold => hold.IsActiveAt(boundary)).Select(hold => hold with { Made = int.MinValue, Released = null }));

    private void CheckHolds(HashSet<LoggedSampleName> missing, int boundary)
    {
        foreach (LoggedHold hold in _holds.Where(hold => hold.IsActiveAt(boundary)))
        {
            foreach (LoggedSampleName name in missing.Where(name => hold.Keeps(name.Run, name.Index)))
            {
                Demand(false, $"Sample {name.Index} of run {name.Run.Number} of stream {hold.Stream} is gone though hold {hold.Id} covers it.");
            }
        }
    }
}
