// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Simulation;

/// <summary>A hold as it was made, and what it must keep: what of its stream was shown in its range then, and what was appended in its range since.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Stream">Whose footage.</param>
/// <param name="Range">Which capture times.</param>
/// <param name="Shown">Decode times of the samples that were there when it was made.</param>
/// <param name="Before">Runs and samples that had been appended by then: of these only what is in <paramref name="Shown"/> is held.</param>
internal sealed record LoggedHold(string Id, ulong Stream, WallRange Range, IReadOnlySet<long> Shown, (int Run, int Sample) Before)
{
    /// <summary>Boundary from which on it is on the disks.</summary>
    public required int Made { get; init; }

    /// <summary>Boundary at which its release was asked for: from there on it may be gone; <c>null</c> while it was not.</summary>
    public int? Released { get; set; }

    public bool IsActiveAt(int boundary) => Made <= boundary && !(Released <= boundary);

    public bool Keeps(LoggedRun run, int sample) =>
        run.Stream == Stream && (Shown.Contains(run.Samples[sample].DecodeTime) || ((run.Number, sample).CompareTo(Before) >= 0 && Contains(run.Samples[sample].Wall)));

    private bool Contains(WallTime time) => Range.Start <= time && time < Range.End;
}
