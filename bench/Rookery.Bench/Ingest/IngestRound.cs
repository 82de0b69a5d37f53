// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Bench.Ingest;

/// <summary>One measurement of one side.</summary>
/// <param name="Figures">What it used between the two readings; memory at the end.</param>
/// <param name="Elapsed">Between the two readings.</param>
/// <param name="MegabitsPerSecond">What one camera sent meanwhile, all framing included.</param>
/// <param name="Note">What else there is to say.</param>
internal sealed record IngestRound(ProcessFigures Figures, TimeSpan Elapsed, double MegabitsPerSecond, string Note)
{
    /// <summary>What the recorder says of its store; nothing for the rival.</summary>
    public StoreFigures Store { get; init; }

    public double CpuSecondsPerCameraHour(int cameras) => Figures.CpuSeconds / cameras / Elapsed.TotalHours;

    public double WritesPerSecond => Figures.WriteCalls / Elapsed.TotalSeconds;

    public double MeanWriteBytes => Figures.WriteCalls == 0 ? 0 : (double)Figures.WrittenBytes / Figures.WriteCalls;

    public double FramesPerSecond => Store.Frames / Elapsed.TotalSeconds;

    public double MeanFrameBytes => Store.Frames == 0 ? 0 : (double)Store.Bytes / Store.Frames;
}

/// <summary>Memory of a recorder that has nothing to do, and of one with a single camera.</summary>
/// <param name="WithoutCameras">Includes none of the code that records: the run time compiles it when the first camera comes.</param>
/// <param name="WithOneCamera">Includes all of it. What each further camera adds is counted from here.</param>
internal sealed record IngestBase(MemoryFigures WithoutCameras, MemoryFigures WithOneCamera);

/// <summary>What the recorder says of its store.</summary>
/// <param name="Frames">Frames written: one a commit, and one when a chunk is sealed.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="MedianCommitMs">Of the last 150 commits, at the end of the measurement; the next two as well.</param>
/// <param name="P99CommitMs">99 of 100 took no longer.</param>
/// <param name="RecentLongestCommitMs">The longest.</param>
/// <param name="DroppedSamples">Since the start of the recorder.</param>
internal readonly record struct StoreFigures(long Frames, long Bytes, double MedianCommitMs, double P99CommitMs, double RecentLongestCommitMs, long DroppedSamples)
{
    public static StoreFigures operator -(StoreFigures later, StoreFigures earlier) => later with { Frames = later.Frames - earlier.Frames, Bytes = later.Bytes - earlier.Bytes };
}
