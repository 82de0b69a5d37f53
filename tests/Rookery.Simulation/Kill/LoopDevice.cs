// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;

namespace Rookery.Simulation;

/// <summary>A real block device on a file, where the machine gives one: as root, with loop devices. The file goes with it.</summary>
public sealed class LoopDevice : IAsyncDisposable
{
    private readonly string _image;

    private LoopDevice(string image, string path)
    {
        _image = image;
        Path = path;
    }

    /// <summary>This user may have loop devices.</summary>
    public static bool IsSupported => Environment.UserName == "root" && File.Exists("/dev/loop-control");

    /// <summary>Such as <c>/dev/loop0</c>.</summary>
    public string Path { get; }

    /// <param name="image">Path of the file that it stands on, which is made.</param>
    /// <param name="sizeBytes">Its size.</param>
    /// <exception cref="IOException">The machine gives none.</exception>
    public static async Task<LoopDevice> AttachAsync(string image, long sizeBytes)
    {
        await using (FileStream file = File.Create(image))
        {
            file.SetLength(sizeBytes);
        }

        (int code, string output) = await RunAsync("losetup", "--find", "--show", image).ConfigureAwait(false);
        return code == 0 ? new LoopDevice(image, output.Trim()) : throw new IOException($"This machine gives no loop device: {output.Trim()}");
    }

    /// <summary>Runs a program of the system to its end.</summary>
    /// <returns>Its exit code, and all that it said; 127 when there is no such program.</returns>
    public static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        // An ordinary user's search path lacks the directories of the system's own tools.
        string? found = ((string[])["/usr/sbin", "/sbin", "/usr/bin", "/bin"]).Select(directory => System.IO.Path.Combine(directory, program)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            return (127, $"There is no {program} here.");
        }

        using Process process = new()
        {
            StartInfo = new ProcessStartInfo(found, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false },
        };
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return (process.ExitCode, output + await errors.ConfigureAwait(false));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("losetup", "--detach", Path).ConfigureAwait(false);
        File.Delete(_image);
    }
}
