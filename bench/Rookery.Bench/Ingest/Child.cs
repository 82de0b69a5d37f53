// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Rookery.Bench.Ingest;

/// <summary>A child process that is ended when the measurement is over. What it prints goes to a log.</summary>
internal sealed partial class Child : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    /// <param name="log">Takes both outputs.</param>
    /// <param name="program">Its path, or its name.</param>
    /// <param name="arguments">As they are.</param>
    public static Child Start(string log, string program, params IEnumerable<string> arguments)
    {
        // Through a shell for the log alone: pipes would have to be read, and that would cost us the CPU time we measure next to.
        ProcessStartInfo start = new("/bin/sh", ["-c", "log=$1; shift; exec \"$@\" </dev/null >>\"$log\" 2>&1", "sh", log, program, .. arguments]) { UseShellExecute = false };
        return new Child(Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start."));
    }

    /// <summary>Waits for a file that the child writes when it is ready, and reads it.</summary>
    public async Task<string[]> ReadyAsync(string path)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(3));
        while (!File.Exists(path))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"A program ended with {_process.ExitCode} before it was ready; see the logs beside {path}.");
            }

            // Real programs tell nothing else: their file is looked for ten times a second, and 100 ms more or less are not measured.
            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }

        return await File.ReadAllLinesAsync(path, limit.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = SendSignal(_process.Id, Terminate);
            using CancellationTokenSource limit = new(Patience);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
