// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;

namespace Rookery.Bench;

/// <summary>Gigabytes a second of the checksum alone and of the copy with the checksum, in the cache and out of it.</summary>
internal static class CrcBench
{
    private const int Rounds = 9;

    public static int Run(string[] args)
    {
        if (args.Length != 0)
        {
            Console.Error.WriteLine("usage: crc");
            return 2;
        }

        foreach (int length in (int[])[300, 700, 4096, 17_500, 64 << 10, 64 << 20])
        {
            byte[] source = new byte[length];
            byte[] destination = new byte[length];
            new Random(length).NextBytes(source);
            uint sink = 0;
            double sum = Measure(length, () => sink ^= Crc32C.Compute(source));
            double copyAndSum = Measure(length, () => sink ^= Crc32C.CopyAndCompute(source, destination));
            double copy = Measure(length, () => source.CopyTo(destination, 0));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{length,9} bytes: sum {sum,5:0.0} GB/s, copy and sum {copyAndSum,5:0.0} GB/s, copy alone {copy,5:0.0} GB/s   ({sink:x8})"));
        }

        return 0;
    }

    /// <summary>Median of several rounds of about 128 MiB each, after two that do not count.</summary>
    private static double Measure(int length, Action action)
    {
        int repeats = ((128 << 20) / length) | 1;
        double[] rounds = new double[Rounds];
        for (int round = -2; round < Rounds; round++)
        {
            double begin = Parity.ThreadClock.Seconds;
            for (int i = 0; i < repeats; i++)
            {
                action();
            }

            if (round >= 0)
            {
                rounds[round] = (double)length * repeats / (Parity.ThreadClock.Seconds - begin) / 1e9;
            }
        }

        Array.Sort(rounds);
        return rounds[Rounds / 2];
    }
}
