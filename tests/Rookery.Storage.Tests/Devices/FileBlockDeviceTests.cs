// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Rookery.Foundation;

namespace Rookery.Storage.Tests.Devices;

[SupportedOSPlatform("linux")]
public sealed partial class FileBlockDeviceTests : IDisposable
{
    private const long Size = DiskSizing.MinimumBytes;
    private readonly string _directory = Directory.CreateTempSubdirectory("rookery-device-").FullName;

    private string DiskPath => Path.Combine(_directory, "deep", "disk");
    private DiskSpec Spec => new(DiskPath, Size);

    [Fact]
    public void A_new_disk_is_fully_allocated_and_private_and_nothing_else_is_left()
    {
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(Spec);
        device.IsNew.ShouldBeTrue();
        device.CapacityBytes.ShouldBe(Size);
        new FileInfo(DiskPath).Length.ShouldBe(Size);
        File.GetUnixFileMode(DiskPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFileSystemEntries(Path.GetDirectoryName(DiskPath)!).ShouldBe([DiskPath]);
        (device.Notice is null).ShouldBe(device.IsDirect);
    }

    [Fact]
    public void What_was_written_is_read_back_also_by_the_next_who_opens_it()
    {
        using AlignedMemory written = Filled(1 << 20, 0x5A);
        using (FileBlockDevice device = FileBlockDevice.OpenOrCreate(Spec))
        {
            device.Write(Size - written.Length, written.GetSpan());
            device.Flush();
            ReadBack(device, Size - written.Length, written.Length).SequenceEqual(written.GetSpan()).ShouldBeTrue();
        }

        using FileBlockDevice again = FileBlockDevice.Open(new DiskSpec(DiskPath, null), DeviceAccess.ReadOnly);
        again.IsNew.ShouldBeFalse();
        ReadBack(again, Size - written.Length, written.Length).SequenceEqual(written.GetSpan()).ShouldBeTrue();
        ReadBack(again, 0, 4096).AsSpan().IndexOfAnyExcept((byte)0).ShouldBe(-1);
    }

    [Fact]
    public void A_file_does_not_spin_down_and_says_so()
    {
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(Spec);
        device.TryStandby().ShouldBeFalse();
    }

    [Fact]
    public void One_disk_has_one_holder_and_readers_share()
    {
        using (FileBlockDevice.OpenOrCreate(Spec))
        {
            Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(Spec)).Message.ShouldContain("in use");
            Should.Throw<DeviceException>(() => FileBlockDevice.Open(Spec, DeviceAccess.ReadOnly)).Message.ShouldContain("in use");
        }

        using FileBlockDevice one = FileBlockDevice.Open(Spec, DeviceAccess.ReadOnly);
        using FileBlockDevice two = FileBlockDevice.Open(Spec, DeviceAccess.ReadOnly);
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(Spec)).Message.ShouldContain("in use");
    }

    [Fact]
    public void Another_size_than_the_disk_has_is_refused()
    {
        FileBlockDevice.OpenOrCreate(Spec).Dispose();
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(Spec with { SizeBytes = Size + 4096 })).Message.ShouldContain("not");
        FileBlockDevice.OpenOrCreate(Spec with { SizeBytes = null }).Dispose();
    }

    [Fact]
    public void More_than_the_file_system_has_is_refused_and_leaves_nothing()
    {
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(Spec with { SizeBytes = 4L << 50 })).Message.ShouldContain("free");
        Directory.GetFiles(_directory, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public void A_start_that_was_interrupted_while_allocating_begins_again()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(DiskPath)!);
        File.WriteAllBytes(DiskPath + ".allocating", new byte[1 << 20]);
        File.WriteAllBytes(DiskPath, []);
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(Spec);
        device.IsNew.ShouldBeTrue();
        new FileInfo(DiskPath).Length.ShouldBe(Size);
    }

    [Fact]
    public void What_is_no_disk_is_refused_with_its_reason()
    {
        Should.Throw<DeviceException>(() => FileBlockDevice.Open(Spec, DeviceAccess.Exclusive)).Message.ShouldContain("no disk");
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(new DiskSpec(_directory, Size))).Message.ShouldContain("directory");
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(new DiskSpec("/dev/null", Size))).Message.ShouldContain("neither");

        string small = Path.Combine(_directory, "small");
        File.WriteAllBytes(small, new byte[8192]);
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(new DiskSpec(small, null))).Message.ShouldContain("at least");

        string plain = Path.Combine(_directory, "file");
        File.WriteAllText(plain, "x");
        Should.Throw<DeviceException>(() => FileBlockDevice.OpenOrCreate(new DiskSpec(Path.Combine(plain, "disk"), Size)));
    }

    [Fact]
    public void Misaligned_and_outside_transfers_are_errors_of_the_caller()
    {
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(Spec);
        using AlignedMemory memory = Filled(8192, 1);
        Should.Throw<ArgumentException>(() => device.Write(1, memory.GetSpan()));
        Should.Throw<ArgumentException>(() => device.Write(0, memory.GetSpan()[..100]));
        Should.Throw<ArgumentException>(() => device.Write(0, memory.GetSpan().Slice(512, 4096)));
        Should.Throw<ArgumentException>(() => device.Read(Size, memory.GetSpan()));
        Should.Throw<ArgumentException>(() => device.Read(-4096, memory.GetSpan()));
        Should.Throw<ArgumentException>(() => device.Read(Size - 4096, memory.GetSpan()));
    }

    /// <summary>A write that the kernel refuses must come back as a failure of the device, whatever .NET makes of the error.</summary>
    [Fact]
    public void A_write_the_kernel_refuses_is_a_failure_of_the_device()
    {
        FileBlockDevice.OpenOrCreate(Spec).Dispose();
        using FileBlockDevice device = FileBlockDevice.Open(Spec, DeviceAccess.ReadOnly);
        using AlignedMemory memory = Filled(4096, 1);
        Should.Throw<DeviceException>(() => device.Write(0, memory.GetSpan())).Message.ShouldContain("Writing");
    }

    [Fact]
    public void A_file_cut_short_behind_our_back_is_a_failure_of_the_device()
    {
        using FileBlockDevice device = FileBlockDevice.OpenOrCreate(Spec);
        Truncate(DiskPath, 4096).ShouldBe(0);
        using AlignedMemory memory = Filled(8192, 1);
        Should.Throw<DeviceException>(() => device.Read(0, memory.GetSpan())).Message.ShouldContain("ends");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static AlignedMemory Filled(int length, byte value)
    {
        AlignedMemory memory = new(length);
        memory.GetSpan().Fill(value);
        return memory;
    }

    private static byte[] ReadBack(FileBlockDevice device, long offset, int length)
    {
        using AlignedMemory memory = new(length);
        device.Read(offset, memory.GetSpan());
        return memory.GetSpan().ToArray();
    }

    // .NET's own file calls respect the disk's lock; somebody with a shell does not.
    [LibraryImport("libc", EntryPoint = "truncate", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Truncate(string path, long length);
}
