// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Devices;

/// <summary>A block device of the kernel for a test, which is skipped where there is none to be had.</summary>
internal sealed class TestLoopDevice : IAsyncDisposable
{
    private readonly string _directory;
    private readonly LoopDevice _device;

    private TestLoopDevice(string directory, LoopDevice device)
    {
        _directory = directory;
        _device = device;
    }

    /// <summary>Such as <c>/dev/loop0</c>.</summary>
    public string Path => _device.Path;

    /// <summary>An empty directory, for a mount.</summary>
    public string MountPoint => System.IO.Path.Combine(_directory, "mount");

    /// <summary>Skips the test where no loop device can be had.</summary>
    public static async Task<TestLoopDevice> AttachOrSkipAsync(long sizeBytes)
    {
        Assert.SkipUnless(LoopDevice.IsSupported, "Loop devices need root and the kernel's loop driver.");
        string directory = Directory.CreateTempSubdirectory("rookery-loop-").FullName;
        try
        {
            var device = new TestLoopDevice(directory, await LoopDevice.AttachAsync(System.IO.Path.Combine(directory, "image"), sizeBytes));
            Directory.CreateDirectory(device.MountPoint);
            return device;
        }
        catch (IOException none)
        {
            Directory.Delete(directory, recursive: true);
            Assert.Skip(none.Message);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _device.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
