// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using Rookery.Foundation;
using Rookery.Storage;

namespace Rookery.Bench.Parity;

/// <summary>Gigabytes of data a second and core of the store's parity and checksums, against ISA-L on the same memory.</summary>
internal static unsafe class ParityBench
{
    private const int InCache = 16 << 10;
    private const int WorkingSet = 320 << 20;

    // What is expected of managed code beside hand-written assembly: docs/design/redundancy.md.
    private const double ExpectedInCache = 0.6;
    private const double ExpectedFromMemory = 0.9;

    private static double _worst = double.PositiveInfinity;

    public static int Run(string[] args)
    {
        if (args is not ([] or ["paths"]))
        {
            Console.Error.WriteLine("usage: parity [paths]");
            return 2;
        }

        if (!IsaL.IsInstalled)
        {
            Console.Error.WriteLine("libisal.so.2 is missing: apt-get install libisal2");
            return 2;
        }

        Console.WriteLine($"path: {ParityPath.Best}; GB/s of data per second of CPU time: median (lowest .. highest); ratio: median (second lowest .. second highest)");
        Console.WriteLine($"{string.Empty,-34} {"ours",-23}  {"ISA-L",-23}  ratio");
        if (args.Length == 0)
        {
            Encodings();
            EncodeAndSum(8, 2, 1 << 20);
            Reconstructions();
            Checksums();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {_worst:0.00} (the worst of encoding and checksums against what is expected: {ExpectedInCache:0.0} of ISA-L in cache, {ExpectedFromMemory:0.0} from memory; 1.00 is as expected)"));
            return 0;
        }

        foreach (ParityPath path in ParityPath.All)
        {
            Encode(8, 2, InCache, path);
            Encode(8, 2, FromMemory(10), path);
        }

        return 0;
    }

    private static void Encodings()
    {
        foreach ((int data, int parity) in (ReadOnlySpan<(int, int)>)[(4, 1), (8, 1), (4, 2), (8, 2)])
        {
            Judge(Encode(data, parity, InCache, ParityPath.Best), ExpectedInCache);
            Judge(Encode(data, parity, FromMemory(data + parity), ParityPath.Best), ExpectedFromMemory);
        }
    }

    private static double Encode(int data, int parity, int length, ParityPath path)
    {
        using ColumnSet columns = new(data + parity, length);
        nint[] addresses = columns.Addresses;
        ColumnCode code = new(data, parity, path);
        Action ours = () => code.Encode(addresses, (nuint)length);
        Action theirs = () =>
        {
            fixed (nint* at = addresses)
            {
                _ = parity == 1 ? IsaL.XorGen(data + 1, length, at) : IsaL.PqGen(data + 2, length, at);
            }
        };
        Same(columns, [.. Enumerable.Range(data, parity)], ours, theirs);
        return Duel.Run($"encode {data}+{parity} {Where(length)} {path}", (long)data * length, ours, theirs);
    }

    /// <summary>As a commit does it: columns of a mebibyte, parity and its checksums.</summary>
    private static void EncodeAndSum(int data, int parity, int length)
    {
        using ColumnSet columns = new(data + parity, length);
        nint[] addresses = columns.Addresses;
        ColumnCode code = new(data, parity);
        uint[] sums = new uint[parity];
        Action ours = () =>
        {
            Array.Clear(sums);
            code.EncodeAndSum(addresses, (nuint)length, sums);
        };
        Action theirs = () =>
        {
            fixed (nint* at = addresses)
            {
                _ = IsaL.PqGen(data + 2, length, at);
                for (int i = 0; i < parity; i++)
                {
                    sums[i] = ~IsaL.Crc32Iscsi((byte*)at[data + i], length, ~0u);
                }
            }
        };
        Same(columns, [data, data + 1], ours, theirs);
        _ = Duel.Run($"{data}+{parity} and checksums, 1 MiB each", (long)data * length, ours, theirs);
    }

    private static void Reconstructions()
    {
        foreach (int length in (ReadOnlySpan<int>)[InCache, FromMemory(10)])
        {
            Reconstruct(8, [2], length);
            Reconstruct(8, [2, 5], length);
        }
    }

    /// <summary>The rival gets the coefficients ready: rebuilding is one matrix of them over the columns that are left.</summary>
    private static void Reconstruct(int data, int[] lost, int length)
    {
        using ColumnSet columns = new(data + 2, length);
        nint[] addresses = columns.Addresses;
        ColumnCode code = new(data, 2);
        code.Encode(addresses, (nuint)length);
        ulong missing = lost.Aggregate(0UL, (mask, column) => mask | (1UL << column));
        nint[] left = [.. Enumerable.Range(0, data + lost.Length).Except(lost).Select(i => addresses[i])];
        nint[] outputs = [.. lost.Select(i => addresses[i])];
        byte[] coefficients = lost.Length == 1 ? [.. left.Select(_ => (byte)1)] : Solution(data, lost[0], lost[1]);
        byte[] tables = new byte[32 * left.Length * lost.Length];
        fixed (byte* table = tables, coefficient = coefficients)
        {
            IsaL.EcInitTables(left.Length, lost.Length, coefficient, table);
        }

        Action ours = () => code.Reconstruct(addresses, missing, (nuint)length);
        Action theirs = () =>
        {
            fixed (byte* table = tables)
            fixed (nint* source = left, output = outputs)
            {
                IsaL.EcEncodeData(length, left.Length, lost.Length, table, source, output);
            }
        };
        Same(columns, lost, ours, theirs);
        _ = Duel.Run($"rebuild {lost.Length} of {data}+2 {Where(length)}", (long)data * length, ours, theirs);
    }

    /// <summary>Rows for columns x and y over the data that is left, P and Q.</summary>
    private static byte[] Solution(int data, int x, int y)
    {
        byte inverse = GaloisField.Invert((byte)(GaloisField.Power(x) ^ GaloisField.Power(y)));
        byte[] Row(int other) =>
        [
            .. Enumerable.Range(0, data).Where(i => i != x && i != y).Select(i => GaloisField.Multiply(inverse, (byte)(GaloisField.Power(other) ^ GaloisField.Power(i)))),
            GaloisField.Multiply(inverse, GaloisField.Power(other)),
            inverse,
        ];
        return [.. Row(y), .. Row(x)];
    }

    private static void Checksums()
    {
        foreach ((int length, double expected) in (ReadOnlySpan<(int, double)>)[(InCache, ExpectedInCache), (WorkingSet, ExpectedFromMemory)])
        {
            using ColumnSet columns = new(1, length);
            nint address = columns.Addresses[0];
            uint sum = 0;
            Action ours = () => sum = Crc32C.Compute(new ReadOnlySpan<byte>((void*)address, length));
            Action theirs = () => sum = ~IsaL.Crc32Iscsi((byte*)address, length, ~0u);
            ours();
            uint ourSum = sum;
            theirs();
            if (ourSum != sum)
            {
                throw new InvalidOperationException("The checksums differ: nothing to compare.");
            }

            Judge(Duel.Run($"CRC-32C {Where(length)}", length, ours, theirs), expected);
        }
    }

    private static void Same(ColumnSet columns, int[] outputs, Action ours, Action theirs)
    {
        ours();
        byte[][] our = [.. outputs.Select(i => columns[i].ToArray())];
        foreach (int i in outputs)
        {
            columns[i].Clear();
        }

        theirs();
        for (int k = 0; k < outputs.Length; k++)
        {
            if (!columns[outputs[k]].SequenceEqual(our[k]))
            {
                throw new InvalidOperationException("The columns differ: nothing to compare.");
            }
        }
    }

    private static void Judge(double ratio, double expected) => _worst = Math.Min(_worst, ratio / expected);

    private static int FromMemory(int columns) => WorkingSet / columns / 4096 * 4096;

    private static string Where(int length) => length == InCache ? "in cache" : "from memory";
}
