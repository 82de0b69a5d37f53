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
    public double CpuSecondsPerCameraHour(int cameras) => Figures.CpuSeconds / cameras / Elapsed.TotalHours;

    public double WritesPerSecond => Figures.WriteCalls / Elapsed.TotalSeconds;

    public double MeanWriteBytes => Figures.WriteCalls == 0 ? 0 : (double)Figures.WrittenBytes / Figures.WriteCalls;
}
