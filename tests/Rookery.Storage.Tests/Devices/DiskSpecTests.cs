// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests.Devices;

public sealed class DiskSpecTests
{
    [Theory]
    [InlineData("/srv/disk", "/srv/disk", null)]
    [InlineData("/srv/disk:500G", "/srv/disk", 500L << 30)]
    [InlineData("disk:2T", "disk", 2L << 40)]
    [InlineData("disk:1.5TiB", "disk", 3L << 39)]
    [InlineData("disk:200MB", "disk", 199_999_488L)]
    [InlineData("disk:96m", "disk", 96L << 20)]
    [InlineData("/mnt/a:b/disk", "/mnt/a:b/disk", null)]
    [InlineData("/mnt/a:b/disk:1G", "/mnt/a:b/disk", 1L << 30)]
    [InlineData("/dev/sdb", "/dev/sdb", null)]
    [InlineData("/dev/disk/by-path/pci-0000:00:1f.2-ata-1", "/dev/disk/by-path/pci-0000:00:1f.2-ata-1", null)]
    [InlineData("/dev/disk/by-path/pci-0000:00:1f.2-ata-1:1T", "/dev/disk/by-path/pci-0000:00:1f.2-ata-1", 1L << 40)]
    public void A_path_and_a_size_are_told_apart(string text, string path, long? size) =>
        DiskSpec.Parse(text).ShouldBe(new DiskSpec(path, size));

    [Theory]
    [InlineData("", "nothing was given")]
    [InlineData("  ", "nothing was given")]
    [InlineData("disk:", "not a size")]
    [InlineData("disk:500", "not a size")]
    [InlineData("disk:G", "not a size")]
    [InlineData("disk:-5G", "not a size")]
    [InlineData("disk:0G", "not a size")]
    [InlineData("disk:5Q", "not a size")]
    [InlineData("disk:5GG", "not a size")]
    [InlineData("disk:1.2.3G", "not a size")]
    [InlineData("disk:99999999P", "not a size")]
    [InlineData("disk:99999999999999999999999999999999999G", "not a size")]
    [InlineData("disk:95M", "too small")]
    [InlineData(":5G", "no path")]
    [InlineData("/srv/", "directory")]
    [InlineData("/srv/:5G", "directory")]
    public void What_is_no_disk_is_refused_and_the_reason_said(string text, string reason) =>
        Should.Throw<FormatException>(() => DiskSpec.Parse(text)).Message.ShouldContain(reason);

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(500L << 30, "500 GiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void A_size_is_shown_short(long bytes, string expected) => new ByteSize(bytes).ToString().ShouldBe(expected);

    [Fact]
    public void The_default_size_leaves_a_tenth_or_five_gibibytes()
    {
        const long G = 1L << 30;
        DiskSizing.Choose(freeBytes: 90 * G, totalBytes: 100 * G).ShouldBe(80 * G);
        DiskSizing.Choose(freeBytes: 20 * G, totalBytes: 20 * G).ShouldBe(15 * G);
        DiskSizing.Choose(freeBytes: (7 * G) + 1, totalBytes: 20 * G).ShouldBe(2 * G);
        DiskSizing.Choose(freeBytes: 20_000 * G, totalBytes: 20_000 * G).ShouldBe(DiskSizing.MaximumChosenBytes);
    }

    [Fact]
    public void With_too_little_room_nothing_is_chosen()
    {
        const long G = 1L << 30;
        Should.Throw<DeviceException>(() => DiskSizing.Choose(freeBytes: (7 * G) - 1, totalBytes: 20 * G)).Message.ShouldContain("PATH:SIZE");
        Should.Throw<DeviceException>(() => DiskSizing.Choose(freeBytes: 9 * G, totalBytes: 100 * G));
        DiskSizing.Check(sizeBytes: 4 * G, freeBytes: 5 * G);
        Should.Throw<DeviceException>(() => DiskSizing.Check(sizeBytes: 4 * G, freeBytes: (5 * G) - 1));
    }
}
