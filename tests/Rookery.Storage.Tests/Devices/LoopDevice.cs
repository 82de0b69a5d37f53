// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;

namespace Rookery.Storage.Tests.Devices;

/// <summary>A real block device on a file, where the machine gives one: as root, with loop devices. It is detached when the test is over.</summary>
internal sealed class LoopDevice : IAsyncDisposable
{
    private readonly string _directory;

    private LoopDevice(string directory, string path)
    {
        _directory = directory;
        Path = path;
    }

    /// <summary>Such as <c>/dev/loop0</c>.</summary>
    public string Path { get; }

    /// <summary>An empty directory, for a mount.</summary>
    public string MountPoint => System.IO.Path.Combine(_directory, "mount");

    /// <summary>Skips the test where no loop device can be had.</summary>
    public static async Task<LoopDevice> AttachOrSkipAsync(long sizeBytes)
    {
        Assert.SkipUnless(Environment.UserName == "root" && File.Exists("/dev/loop-control"), "Loop devices need root and the kernel's loop driver.");
        string directory = Directory.CreateTempSubdirectory("rookery-loop-").FullName;
        string image = System.IO.Path.Combine(directory, "image");
        await using (FileStream file = File.Create(image))
        {
            file.SetLength(sizeBytes);
        }

        (int code, string output) = await RunAsync("losetup", "--find", "--show", image);
        if (code != 0)
        {
            Directory.Delete(directory, recursive: true);
            Assert.Skip($"This machine gives no loop device: {output.Trim()}");
        }

        LoopDevice device = new(directory, output.Trim());
        Directory.CreateDirectory(device.MountPoint);
        return device;
    }

    /// <summary>Runs a program to its end.</summary>
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
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("losetup", "--detach", Path);
        Directory.Delete(_directory, recursive: true);
    }
}
