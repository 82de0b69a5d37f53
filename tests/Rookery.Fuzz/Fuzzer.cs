// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;

namespace Rookery.Fuzz;

/// <summary>
/// Runs a target on neighbours of its seeds, of the inputs that once failed, and of neighbours it made before, until the time is up or one
/// fails. The sequence of inputs depends on the seed alone; how far it gets depends on the machine.
/// </summary>
public sealed class Fuzzer : IDisposable
{
    /// <summary>Longer than any input of 256 KiB may take by a factor of a thousand: the target hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const int PoolLimit = 256;

    private readonly FuzzTarget _target;
    private readonly Random _random;
    private readonly int _seed;
    private readonly Timer _watchdog;
    private volatile byte[] _current = [];
    private long _currentSince;

    public Fuzzer(FuzzTarget target, int seed)
    {
        _target = target;
        _seed = seed;
        _random = new Random(seed);
        _watchdog = new Timer(_ => Watch(), state: null, Patience, TimeSpan.FromSeconds(1));
    }

    /// <summary>tests/testdata of this checkout.</summary>
    public static string TestData { get; } =
        typeof(Fuzzer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(attribute => attribute.Key == "TestData").Value!;

    /// <summary>Inputs that once failed, oldest name first.</summary>
    public static IReadOnlyList<byte[]> Corpus(string target)
    {
        string folder = Folder(target);
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    }

    /// <returns>Whether nothing failed.</returns>
    public bool Run(TimeSpan duration)
    {
        List<byte[]> pool = [.. _target.Seeds, .. Corpus(_target.Name)];
        Stopwatch clock = Stopwatch.StartNew();
        long runs = 0;
        foreach (byte[] input in pool)
        {
            if (!TryInput(input))
            {
                return false;
            }
        }

        while (clock.Elapsed < duration)
        {
            byte[] input = _target.Mutate(_random, pool[_random.Next(pool.Count)]);
            runs++;
            if (!TryInput(input))
            {
                return false;
            }

            // Some neighbours become the start of longer walks.
            if (_random.Next(50) == 0)
            {
                if (pool.Count < PoolLimit)
                {
                    pool.Add(input);
                }
                else
                {
                    pool[_random.Next(_target.Seeds.Count, pool.Count)] = input;
                }
            }
        }

        Console.WriteLine($"{_target.Name}: {runs} inputs, seed {_seed}");
        return true;
    }

    public void Dispose() => _watchdog.Dispose();

    private static string Folder(string target) => Path.Combine(TestData, "fuzz", target);

    private bool TryInput(byte[] input)
    {
        Volatile.Write(ref _currentSince, Stopwatch.GetTimestamp());
        _current = input;
        try
        {
            _target.Run(input);
            return true;
        }
        catch (Exception exception)
        {
            Console.WriteLine($"{_target.Name}: FAILED, seed {_seed}, input kept as {Keep(input)}{Environment.NewLine}{exception}");
            return false;
        }
    }

    private void Watch()
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _currentSince)) > Patience)
        {
            Console.WriteLine($"{_target.Name}: HANGS, seed {_seed}, input kept as {Keep(_current)}");
            Console.WriteLine("0 passed, 1 failed");
            Environment.Exit(1);
        }
    }

    private string Keep(byte[] input)
    {
        string path = Path.Combine(Folder(_target.Name), Convert.ToHexStringLower(SHA256.HashData(input)[..8]) + ".bin");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, input);
        return path;
    }
}
