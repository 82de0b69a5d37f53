// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rookery.EndToEnd;

/// <summary>A real program, its output kept, killed at the end of the test together with its children.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public ChildProcess(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => string.Join('\n', _lines);

    public StreamWriter Input => _process.StandardInput;

    /// <summary>The first line of output that contains <paramref name="text"/>.</summary>
    public Task<string> LineAsync(string text) => Wait.ForAsync(
        $"a line with “{text}”",
        () => _process.HasExited && !Output.Contains(text)
            ? throw new InvalidOperationException($"The program ended with {_process.ExitCode} before it printed “{text}”:\n{Output}")
            : Task.FromResult(_lines.FirstOrDefault(line => line.Contains(text))),
        () => Output);

    /// <summary>Ends it as a power cut does: no signal handler, no flush.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Asks it to end (SIGTERM) and waits until it has.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", $"{_process.Id}"]) { UseShellExecute = false })!;
        await kill.WaitForExitAsync();
        using CancellationTokenSource limit = new(Wait.Limit);
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <summary>Holds its execution (SIGSTOP), or lets it go on (SIGCONT).</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", $"{_process.Id}"]) { UseShellExecute = false })!;
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null && _lines.Count < 5000)
        {
            _lines.Enqueue(line);
        }
    }
}
