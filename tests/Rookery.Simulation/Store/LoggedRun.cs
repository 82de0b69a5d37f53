// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Simulation;

/// <summary>What was handed to the store in one run, and how much of it was acknowledged at which boundary of the disk.</summary>
/// <param name="number">Counts the runs of the whole simulation; later runs have larger numbers.</param>
/// <param name="start">As the store got it.</param>
/// <param name="openings">The openings of the store of which its own knew, and that one.</param>
internal sealed class LoggedRun(int number, RunStart start, IReadOnlySet<int> openings)
{
    private readonly List<(int Boundary, int Commit, long Samples)> _acknowledged = [];

    public int Number => number;
    public RunStart Start => start;
    public ulong Stream => start.Stream.Value;
    public List<LoggedSample> Samples { get; } = [];

    /// <summary>The opening that recorded this run knew of the one that recorded another.</summary>
    public bool Saw(LoggedRun other) => other.Openings.IsSubsetOf(openings);

    private IReadOnlySet<int> Openings => openings;

    /// <summary>Later commits never take back what earlier ones gave.</summary>
    public void Acknowledge(int boundary, int commit, long samples)
    {
        long before = _acknowledged.Count == 0 ? 0 : _acknowledged[^1].Samples;
        if (samples < before || samples > Samples.Count)
        {
            throw new SimulationException($"Run {number}: the watermark went from {before} to {samples} of {Samples.Count} samples.");
        }

        if (samples > before)
        {
            _acknowledged.Add((boundary, commit, samples));
        }
    }

    /// <summary>How many samples were acknowledged when the disk had done its first <paramref name="boundary"/> events.</summary>
    public long AcknowledgedAt(int boundary)
    {
        long samples = 0;
        foreach ((int at, _, long count) in _acknowledged)
        {
            samples = at <= boundary ? count : samples;
        }

        return samples;
    }

    /// <summary>The commit that acknowledged a sample; <c>null</c> while none did.</summary>
    public int? CommitOf(int sample)
    {
        foreach ((_, int commit, long samples) in _acknowledged)
        {
            if (sample < samples)
            {
                return commit;
            }
        }

        return null;
    }

    /// <summary>The history of this run as it stood at a boundary, to go on from there on another path.</summary>
    public LoggedRun CopyAt(int boundary)
    {
        LoggedRun copy = new(number, start, openings);
        copy.Samples.AddRange(Samples);
        copy._acknowledged.AddRange(_acknowledged.Where(entry => entry.Boundary <= boundary).Select(entry => (int.MinValue, entry.Commit, entry.Samples)));
        return copy;
    }
}

/// <summary>One sample as it was appended; its bytes follow from stream and decode time.</summary>
internal readonly record struct LoggedSample(long DecodeTime, int CompositionOffset, SampleFlags Flags, WallTime Wall, int SizeBytes, byte[] Format);

/// <summary>A gap as it was appended, and where it was acknowledged.</summary>
internal sealed record LoggedGap(StreamId Stream, byte Class, Gap Gap)
{
    public int? Boundary { get; set; }
    public int? Commit { get; set; }

    /// <summary>It may have reached the disk before the crash, or not; no later commit brings it.</summary>
    public bool IsOfEarlierStart { get; init; }
}
