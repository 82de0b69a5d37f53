// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Globalization;

namespace Rookery.Simulation;

/// <summary>A process of this program that records until it is killed. What it said before is all that is known of it.</summary>
internal sealed class KilledProcess : IDisposable
{
    /// <summary>Nothing says for so long that it is alive: a hang, and not a slow machine.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(3);

    private readonly Process _process;

    public KilledProcess(params IEnumerable<string> arguments)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Rookery.Simulation"), arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            },
        };
        _process.Start();
    }

    /// <summary>Samples of each stream that it called durable.</summary>
    public long[] Durable { get; } = new long[KillPlan.Streams];

    /// <summary>Everything else that it said.</summary>
    public List<string> Said { get; } = [];

    /// <summary>Called in such a process: it ends when the one that is to kill it has ended without doing so.</summary>
    public static void EndWithParent() => new Thread(() =>
    {
        while (Console.Read() >= 0)
        {
        }

        Environment.Exit(4);
    }) { IsBackground = true }.Start();

    /// <summary>Reads until something is said that is waited for.</summary>
    /// <param name="isEnough">Asked after each line.</param>
    /// <exception cref="SimulationException">It ended, or says nothing any more.</exception>
    public async Task ReadUntilAsync(Func<bool> isEnough)
    {
        while (!isEnough())
        {
            if (!await ReadAsync().ConfigureAwait(false))
            {
                throw new SimulationException($"The recording process ended by itself. It said: {string.Join("; ", Said)}");
            }
        }
    }

    /// <summary>Reads so many lines, or to the end.</summary>
    public async Task ReadAsync(int lines)
    {
        for (int seen = 0; seen < lines && await ReadAsync().ConfigureAwait(false); seen++)
        {
        }
    }

    /// <summary>Kills it, and reads what it had said before.</summary>
    /// <exception cref="SimulationException">It ended by itself.</exception>
    public async Task KillAsync()
    {
        _process.Kill();
        while (await ReadAsync().ConfigureAwait(false))
        {
        }

        await _process.WaitForExitAsync().ConfigureAwait(false);
        if (_process.ExitCode != 128 + 9)
        {
            throw new SimulationException($"The recording process ended by itself with code {_process.ExitCode}. It said: {string.Join("; ", Said)}");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        using CancellationTokenSource patience = new(LongestSilence);
        string? line;
        try
        {
            line = await _process.StandardOutput.ReadLineAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException silence)
        {
            throw new SimulationException($"The recording process has said nothing for {LongestSilence.TotalMinutes:0} minutes. Before: {string.Join("; ", Said)}", silence);
        }

        if (line is null)
        {
            return false;
        }

        // A cut line must not be taken for a smaller number of another stream; it is the last, and is not counted.
        string[] words = line.Split(' ');
        if (words.Length == 2 && int.TryParse(words[0], CultureInfo.InvariantCulture, out int stream)
            && long.TryParse(words[1], CultureInfo.InvariantCulture, out long samples))
        {
            Durable[stream] = Math.Max(Durable[stream], samples);
        }
        else
        {
            Said.Add(line);
        }

        return true;
    }
}
