// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Simulation;

namespace Rookery.Storage.Tests.Devices;

/// <summary>The store on a block device of the kernel, where there is one to be had; skipped elsewhere.</summary>
public sealed class BlockDeviceTests
{
    private const long Size = DiskSizing.MinimumBytes;

    [Fact]
    public async Task On_a_block_device_a_process_that_is_killed_again_and_again_loses_nothing_it_had_acknowledged()
    {
        await using TestLoopDevice loop = await TestLoopDevice.AttachOrSkipAsync(Size);
        (await KillTrial.RunAsync(loop.Path, kills: 8, seed: 3)).ShouldBeGreaterThan(8);
        using FileBlockDevice device = FileBlockDevice.Open(new DiskSpec(loop.Path, null), DeviceAccess.ReadOnly);
        device.CapacityBytes.ShouldBe(Size);
        await using StringWriter output = new();
        StoreTool.Check(device, output, null, CancellationToken.None).Problems.ShouldBe(0, output.ToString());
    }

    [Theory]
    [InlineData("an ext2, ext3 or ext4 file system", "mkfs.ext4", "-q", "-F")]
    [InlineData("a swap area", "mkswap")]
    public async Task A_block_device_with_something_on_it_is_refused_and_left_as_it_is(string content, string program, params string[] arguments)
    {
        await using TestLoopDevice loop = await TestLoopDevice.AttachOrSkipAsync(Size);
        (int code, string said) = await LoopDevice.RunAsync(program, [.. arguments, loop.Path]);
        Assert.SkipWhen(code == 127, said);
        code.ShouldBe(0, said);
        byte[] before = FirstBytes(loop);
        StoreException refused = await Should.ThrowAsync<StoreException>(() => OpenAsync(loop));
        refused.Message.ShouldContain(loop.Path);
        refused.Message.ShouldContain(content);
        FirstBytes(loop).ShouldBe(before);
    }

    [Fact]
    public async Task A_mounted_block_device_is_refused()
    {
        await using TestLoopDevice loop = await TestLoopDevice.AttachOrSkipAsync(Size);
        (int code, string said) = await LoopDevice.RunAsync("mkfs.ext4", "-q", "-F", loop.Path);
        Assert.SkipWhen(code == 127, said);
        (code, said) = await LoopDevice.RunAsync("mount", loop.Path, loop.MountPoint);
        Assert.SkipWhen(code != 0, $"Nothing can be mounted here: {said}");
        try
        {
            Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(new DiskSpec(loop.Path, null))).Message.ShouldContain("mounted");
        }
        finally
        {
            await LoopDevice.RunAsync("umount", loop.MountPoint);
        }
    }

    private static byte[] FirstBytes(TestLoopDevice loop)
    {
        using FileBlockDevice device = FileBlockDevice.Open(new DiskSpec(loop.Path, null), DeviceAccess.ReadOnly);
        using AlignedMemory bytes = new(1 << 20);
        device.Read(0, bytes.GetSpan());
        return bytes.GetSpan().ToArray();
    }

    private static async Task OpenAsync(TestLoopDevice loop) =>
        await (await VideoStore.OpenAsync(FileBlockDevice.OpenOrCreate(new DiskSpec(loop.Path, null)), new StoreOptions { ZoneBytes = 2 << 20 }, TimeProvider.System)).DisposeAsync();
}
