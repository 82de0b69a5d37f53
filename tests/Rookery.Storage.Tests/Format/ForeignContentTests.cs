// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Rookery.Simulation;

namespace Rookery.Storage.Tests;

public sealed class ForeignContentTests
{
    private const long Size = 8 << 20;

    [Theory]
    [InlineData(512, "EFI PART", "GPT")]
    [InlineData(0, "XFSB", "XFS")]
    [InlineData(0x10040, "_BHRfS_M", "btrfs")]
    [InlineData(512, "LABELONE", "LVM")]
    [InlineData(0x8001, "CD001", "ISO 9660")]
    [InlineData(0x4000, "a ZFS label", "another kind")]
    [InlineData(0x1000, "a RAID member's superblock", "another kind")]
    [InlineData(Size - 4096, "a superblock of a RAID at the end", "at its end")]
    public async Task A_disk_with_anything_in_its_first_or_last_MiB_is_refused_untouched(long offset, string mark, string said)
    {
        // Some of these lie between the places of the superblocks.
        DiskImage image = new(Size);
        image.Overwrite(offset, Encoding.ASCII.GetBytes(mark));
        SimulatedDisk disk = new(image);
        StoreException refused = await Should.ThrowAsync<StoreException>(() => VideoStore.OpenAsync(disk, new StoreOptions { IsManual = true, ZoneBytes = 64 << 10 }, TimeProvider.System));
        refused.Message.ShouldContain(said);
        disk.BytesWritten.ShouldBe(0);
    }

    [Fact]
    public async Task A_blank_disk_is_formatted()
    {
        SimulatedDisk disk = new(new DiskImage(Size));
        await (await VideoStore.OpenAsync(disk, new StoreOptions { IsManual = true, ZoneBytes = 64 << 10 }, TimeProvider.System)).DisposeAsync();
        disk.BytesWritten.ShouldBeGreaterThan(0);
    }
}
