// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Bench.Ingest;

/// <summary>Prints medians with their spread, and the ratio as the last line.</summary>
internal static class IngestTable
{
    public static void Print(IngestOptions options, List<IngestRound> ours, List<IngestRound> rival, IngestBase atRest)
    {
        Console.WriteLine();
        Console.WriteLine($"{"",-34}{"rookery",26}{(rival.Count > 0 ? "ffmpeg" : ""),26}");
        Row("CPU-seconds per camera-hour", ours, rival, round => round.CpuSecondsPerCameraHour(options.Cameras), "0.00");
        Row("… per Mbit/s", ours, rival, round => round.CpuSecondsPerCameraHour(options.Cameras) / round.MegabitsPerSecond, "0.000");
        Row("MB of memory per camera (PSS)", ours, rival, round => round.Figures.Memory.ProportionalBytes / 1e6 / options.Cameras, "0.00");
        Row("… beyond none", ours, [], round => (round.Figures.Memory.ProportionalBytes - atRest.WithoutCameras.ProportionalBytes) / 1e6 / options.Cameras, "0.00");
        if (options.Cameras > 1)
        {
            Row("… of each further camera", ours, [], round => (round.Figures.Memory.ProportionalBytes - atRest.WithOneCamera.ProportionalBytes) / 1e6 / (options.Cameras - 1), "0.00");
            Row("… the same without libraries", ours, [], round => (round.Figures.Memory.OwnBytes - atRest.WithOneCamera.OwnBytes) / 1e6 / (options.Cameras - 1), "0.00");
        }

        Row("frames per second", ours, [], round => round.FramesPerSecond, "0.00");
        Row("MiB per frame, mean", ours, [], round => round.MeanFrameBytes / (1 << 20), "0.00");
        Row("commit, median, ms", ours, [], round => round.Store.MedianCommitMs, "0");
        Row("commit, 99 of 100, ms", ours, [], round => round.Store.P99CommitMs, "0");
        Row("commit, longest, ms", ours, [], round => round.Store.RecentLongestCommitMs, "0");
        Row("write calls per second", ours, rival, round => round.WritesPerSecond, "0.0");
        Row("MB per write call, mean", ours, rival, round => round.MeanWriteBytes / 1e6, "0.00");
        Row("Mbit/s per camera", ours, rival, round => round.MegabitsPerSecond, "0.00");
        double mine = Median(ours, round => round.CpuSecondsPerCameraHour(options.Cameras));
        Console.WriteLine(rival.Count > 0
            ? string.Create(CultureInfo.InvariantCulture, $"ratio {Median(rival, round => round.CpuSecondsPerCameraHour(options.Cameras)) / mine:0.00} (CPU time of ffmpeg to that of rookery)")
            : string.Create(CultureInfo.InvariantCulture, $"ratio {3.5 / mine:0.00} (3.5 CPU-seconds per camera-hour to those of rookery)"));
    }

    private static void Row(string name, List<IngestRound> ours, List<IngestRound> rival, Func<IngestRound, double> value, string format) =>
        Console.WriteLine($"{name,-34}{Cell(ours, value, format),26}{Cell(rival, value, format),26}");

    private static string Cell(List<IngestRound> rounds, Func<IngestRound, double> value, string format)
    {
        if (rounds.Count == 0)
        {
            return "";
        }

        double[] values = [.. rounds.Select(value)];
        return $"{Show(Median(rounds, value))} ({Show(values.Min())} .. {Show(values.Max())})";

        string Show(double number) => number.ToString(format, CultureInfo.InvariantCulture);
    }

    private static double Median(List<IngestRound> rounds, Func<IngestRound, double> value)
    {
        double[] sorted = [.. rounds.Select(value).Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
