// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;

namespace Rookery.Bench.Parity;

/// <summary>Two programs for the same work, in turns.</summary>
internal static class Duel
{
    private const int Rounds = 11;

    /// <summary>Turns that do not count: the run time compiles what is used often a second time.</summary>
    private const int WarmingTurns = 5;

    /// <summary>CPU time of one turn. Short, so that both meet the same neighbours; long enough for hundreds of calls in cache.</summary>
    private const double TurnSeconds = 0.03;

    /// <summary>Prints medians and spread of both and returns the median of the rounds' ratios, ours to theirs.</summary>
    /// <param name="title">What is measured.</param>
    /// <param name="bytes">Bytes of data that one call works through.</param>
    /// <param name="ours">One call.</param>
    /// <param name="theirs">One call.</param>
    public static double Run(string title, long bytes, Action ours, Action theirs)
    {
        double[] our = new double[Rounds], their = new double[Rounds], ratio = new double[Rounds];
        for (int warming = 0; warming < WarmingTurns; warming++)
        {
            _ = Turn(bytes, ours);
            _ = Turn(bytes, theirs);
        }

        for (int round = 0; round < Rounds; round++)
        {
            our[round] = Turn(bytes, ours);
            their[round] = Turn(bytes, theirs);
            ratio[round] = our[round] / their[round];
        }

        Array.Sort(our);
        Array.Sort(their);
        Array.Sort(ratio);
        double median = ratio[Rounds / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-34} {Figures(our)}   {Figures(their)}   {median,5:0.00} ({ratio[1]:0.00} .. {ratio[^2]:0.00})"));
        return median;
    }

    private static string Figures(double[] sorted) =>
        string.Create(CultureInfo.InvariantCulture, $"{sorted[Rounds / 2],6:0.0} ({sorted[0],5:0.0} .. {sorted[^1],5:0.0})");

    private static double Turn(long bytes, Action call)
    {
        long calls = 0;
        double begin = ThreadClock.Seconds, elapsed;
        do
        {
            // The clock is a system call: not after every few microseconds of work.
            for (long done = 0; done == 0 || done < (4 << 20); done += bytes, calls++)
            {
                call();
            }

            elapsed = ThreadClock.Seconds - begin;
        }
        while (elapsed < TurnSeconds);
        return bytes * calls / elapsed / 1e9;
    }
}
