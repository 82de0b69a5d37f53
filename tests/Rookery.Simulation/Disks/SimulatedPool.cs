// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>The disks of one simulated machine, and the order of what happens to them.</summary>
public sealed class SimulatedPool
{
    private readonly DiskJournal? _journal;
    private readonly List<SimulatedDisk> _disks;
    private readonly int _seed;
    private readonly SimulatedClock? _clock;

    /// <param name="images">What stands on each disk at first.</param>
    /// <param name="seed">Decides every fault.</param>
    /// <param name="clock">Advanced by stalls.</param>
    public SimulatedPool(IEnumerable<DiskImage> images, int seed, SimulatedClock? clock = null)
    {
        _journal = new DiskJournal();
        _disks = [];
        _seed = seed;
        _clock = clock;
        foreach (DiskImage image in images)
        {
            Add(image);
        }
    }

    private SimulatedPool(SimulatedDisk disk) => _disks = [disk];

    public IReadOnlyList<SimulatedDisk> Disks => _disks;

    /// <summary>Of more than one disk.</summary>
    public DiskJournal Journal => _journal ?? throw new InvalidOperationException("A single disk keeps its own journal.");

    /// <summary>Events so far, over all disks.</summary>
    public int Boundary => _journal?.Boundary ?? Disks[0].Boundary;

    /// <summary>Calls to write or flush that failed.</summary>
    public int Failures => Disks.Sum(d => d.Failures);

    public bool HaveFaults => Disks.Any(d => d.Faults != DiskFaults.None);

    /// <summary>There is a disk that never failed.</summary>
    public bool HaveSoundOne => Disks.Any(d => d.Failures == 0);

    public IReadOnlyList<IBlockDevice> Devices => Disks;

    /// <summary>One more disk.</summary>
    public void Add(DiskImage image) => _disks.Add(new SimulatedDisk(image, unchecked((_seed * 397) + _disks.Count), _clock, _journal, _disks.Count));

    /// <summary>A machine with one disk.</summary>
    public static SimulatedPool Of(SimulatedDisk disk) => new(disk);
}
