// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Simulation;

/// <summary>
/// The order of events over all disks of a machine, as far as there is one. The simulated store does the jobs of many disks one behind another, but promises no order among those that it began
/// before it waited for the first of them: real disks work on them side by side.
/// </summary>
/// <remarks>A boundary counts events over all disks. At one instant every job of the same batch may have come to any of its own boundaries; all before the batch is done, nothing behind it is begun.</remarks>
public sealed class DiskJournal
{
    private readonly List<int> _events = [];
    private readonly List<Batch> _batches = [];
    private bool _isOpen;

    /// <summary>Jobs that were under way at one time.</summary>
    /// <param name="Start">Boundary before the first event of any of them.</param>
    /// <param name="End">Boundary behind the last.</param>
    public readonly record struct Batch(int Start, int End);

    /// <summary>Events so far.</summary>
    public int Boundary => _events.Count;

    /// <summary>The disk of each event.</summary>
    public IReadOnlyList<int> Events => _events;

    /// <summary>In order.</summary>
    public IReadOnlyList<Batch> Batches => _batches;

    /// <summary>A disk changed, or made its changes durable.</summary>
    public void Event(int disk)
    {
        _events.Add(disk);
        if (_isOpen)
        {
            _batches[^1] = _batches[^1] with { End = Boundary };
        }
    }

    /// <summary>A job began, beside those for which nobody has waited yet.</summary>
    public void JobBegun()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            _batches.Add(new Batch(Boundary, Boundary));
        }
    }

    /// <summary>Somebody waited for a job; whoever waits for one waits for all of a batch.</summary>
    public void JobAwaited() => _isOpen = false;
}
