// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Runtime.InteropServices;
using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>What an opened disk may be used for.</summary>
public enum DeviceAccess
{
    /// <summary>Reads and writes; nobody else may have it open.</summary>
    Exclusive,

    /// <summary>Reads only; others may read as well, nobody may write.</summary>
    ReadOnly,
}

// Opening and making disks.
public sealed partial class FileBlockDevice
{
    private const int OwnerOnly = 0x180; // rw------- : footage is nobody else's business.
    private const string Unfinished = ".allocating";

    /// <summary>There is a device, or a file that is not empty, where the disk should be.</summary>
    public static bool Exists(DiskSpec spec)
    {
        string path = Path.GetFullPath(spec.Path);
        return FileKinds.Of(path) is var kind && kind != FileKind.None && !(kind == FileKind.Regular && new FileInfo(path).Length == 0);
    }

    /// <summary>
    /// Opens the disks of a pool. Where none of them exists yet all are made; where some do, only these are opened: a file that is missing may lie on a file system that is not mounted, and
    /// must not be made anew below its mount point.
    /// </summary>
    /// <param name="specs">The disks; one is opened or made as <see cref="OpenOrCreate"/> does.</param>
    /// <param name="wasThere">Absolute paths of disks that were opened at an earlier start: they are never made.</param>
    /// <param name="say">Told in words what is not used, for a person.</param>
    /// <exception cref="DeviceException">Not one can be opened, or one that is to be made cannot be.</exception>
    public static IReadOnlyList<FileBlockDevice> OpenPool(IReadOnlyList<DiskSpec> specs, IReadOnlySet<string> wasThere, Action<string> say)
    {
        var devices = new List<FileBlockDevice>();
        List<DiskSpec> missing = specs.Where(spec => !Exists(spec) && wasThere.Contains(Path.GetFullPath(spec.Path))).ToList();
        if (missing.Count > 0 && missing.Count == specs.Count)
        {
            throw new DeviceException(
                $"There is no disk at {string.Join(", ", missing.Select(spec => Path.GetFullPath(spec.Path)))}, where one was at an earlier start. See whether its file system is mounted. "
                + "If it is gone for good, 'rookery store forget PATH' lets an empty one be made there.");
        }

        bool areNew = missing.Count == 0 && !specs.Any(Exists);
        try
        {
            foreach (DiskSpec spec in specs)
            {
                if (areNew)
                {
                    devices.Add(OpenOrCreate(spec));
                }
                else if (specs.Count == 1)
                {
                    devices.Add(Open(spec, DeviceAccess.Exclusive));
                }
                else
                {
                    TryOpen(spec, devices, say);
                }
            }

            return devices.Count > 0 ? devices : throw new DeviceException("No disk of the pool can be opened.");
        }
        catch
        {
            devices.ForEach(d => d.Dispose());
            throw;
        }
    }

    private static void TryOpen(DiskSpec spec, List<FileBlockDevice> devices, Action<string> say)
    {
        try
        {
            devices.Add(Open(spec, DeviceAccess.Exclusive));
        }
        catch (DeviceException problem)
        {
            say($"{problem.Message} The pool is opened without it.");
        }
    }

    /// <summary>Opens the disk, or makes its file with all space allocated when there is none.</summary>
    /// <remarks>A new file is allocated under another name and then renamed: a file of that name is always a whole disk.</remarks>
    /// <exception cref="DeviceException">It cannot be opened or made, is in use, has another size, or the file system has no room; the message is for a person.</exception>
    public static FileBlockDevice OpenOrCreate(DiskSpec spec)
    {
        string path = Path.GetFullPath(spec.Path);
        return FileKinds.Of(path) switch
        {
            FileKind.None => Create(path, spec.SizeBytes),
            // An empty file is a place that somebody prepared, and holds nothing to lose.
            FileKind.Regular when new FileInfo(path).Length == 0 => Create(path, spec.SizeBytes),
            _ => Open(spec, DeviceAccess.Exclusive),
        };
    }

    /// <summary>Opens a disk that exists.</summary>
    /// <exception cref="DeviceException">It does not exist, cannot be opened, is in use or has another size; the message is for a person.</exception>
    public static FileBlockDevice Open(DiskSpec spec, DeviceAccess access)
    {
        string path = Path.GetFullPath(spec.Path);
        bool isDevice = FileKinds.Of(path) switch
        {
            FileKind.BlockDevice => true,
            FileKind.Regular => false,
            FileKind.None => throw new DeviceException($"There is no disk at {path}."),
            FileKind.Directory => throw new DeviceException($"{path} is a directory; a disk is a file or a block device, such as {path}/disk."),
            FileKind kind => throw new DeviceException($"{path} is neither a file nor a block device ({kind})."),
        };
        // On a block device the exclusive flag makes the kernel refuse one that is mounted.
        int flags = access == DeviceAccess.ReadOnly ? Linux.ReadOnly : Linux.ReadWrite | (isDevice ? Linux.Exclusive : 0);
        (int descriptor, bool isDirect) = OpenDescriptor(path, flags);
        try
        {
            Lock(descriptor, path, access);
            long length = Linux.Seek(descriptor, 0, Linux.SeekEnd);
            if (length < 0)
            {
                throw Failed("Measuring", path, Marshal.GetLastPInvokeError());
            }

            return new FileBlockDevice(path, descriptor, Capacity(path, length, spec.SizeBytes, isDevice), isDirect, isNew: false);
        }
        catch
        {
            _ = Linux.Close(descriptor);
            throw;
        }
    }

    private static FileBlockDevice Create(string path, long? askedBytes)
    {
        string directory = Path.GetDirectoryName(path) ?? throw new DeviceException($"{path} is not the path of a file.");
        long size = SizeForNew(directory, askedBytes);
        string unfinished = path + Unfinished;
        (int descriptor, bool isDirect) = OpenDescriptor(unfinished, Linux.ReadWrite | Linux.Create);
        try
        {
            Lock(descriptor, path, DeviceAccess.Exclusive);
            Allocate(descriptor, path, size);
            if (Linux.Sync(descriptor) != 0 || Linux.Rename(unfinished, path) != 0)
            {
                throw Failed("Making", path, Marshal.GetLastPInvokeError());
            }

            SyncDirectory(directory);
            return new FileBlockDevice(path, descriptor, size, isDirect, isNew: true);
        }
        catch
        {
            _ = Linux.Unlink(unfinished);
            _ = Linux.Close(descriptor);
            throw;
        }
    }

    private static long SizeForNew(string directory, long? askedBytes)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new DeviceException($"No disk can be made in {directory}: {problem.Message}", problem);
        }

        return SizeIn(directory, askedBytes);
    }

    /// <summary>A file's size was settled when it was made; a device may be used in part.</summary>
    private static long Capacity(string path, long lengthBytes, long? askedBytes, bool isDevice)
    {
        long usable = lengthBytes / AlignedMemory.Alignment * AlignedMemory.Alignment;
        if (usable < DiskSizing.MinimumBytes)
        {
            throw new DeviceException($"{path} has {new ByteSize(lengthBytes)}; a disk needs at least {new ByteSize(DiskSizing.MinimumBytes)}.");
        }

        if (askedBytes is not { } asked || asked == usable)
        {
            return usable;
        }

        return isDevice && asked < usable
            ? asked
            : throw new DeviceException($"{path} has {new ByteSize(usable)} ({usable} bytes), not {new ByteSize(asked)} ({asked} bytes). Leave the size out to use it as it is.");
    }

    private static (int Descriptor, bool IsDirect) OpenDescriptor(string path, int flags)
    {
        flags |= Linux.CloseOnExec;
        bool isDirect = true;
        int descriptor = Linux.Open(path, flags | Linux.Direct, OwnerOnly);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Linux.InvalidArgument)
        {
            // Some file systems (older tmpfs, some FUSE) know no direct I/O.
            isDirect = false;
            descriptor = Linux.Open(path, flags, OwnerOnly);
        }

        if (descriptor >= 0)
        {
            return (descriptor, isDirect);
        }

        int error = Marshal.GetLastPInvokeError();
        throw error == Linux.Busy
            ? new DeviceException($"{path} is in use: it is mounted, or part of a volume.")
            : Failed("Opening", path, error);
    }

    private static void Lock(int descriptor, string path, DeviceAccess access)
    {
        int kind = access == DeviceAccess.Exclusive ? Linux.LockExclusive : Linux.LockShared;
        if (Linux.Lock(descriptor, kind | Linux.LockNonBlocking) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw error == Linux.WouldBlock
                ? new DeviceException($"{path} is in use by another process. Is a recorder running on it?")
                : Failed("Locking", path, error);
        }
    }

    private static void Allocate(int descriptor, string path, long size)
    {
        while (Linux.Allocate(descriptor, mode: 0, offset: 0, size) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == Linux.Interrupted)
            {
                continue;
            }

            throw error switch
            {
                Linux.NoSpace => new DeviceException($"There is no room for {path} of {new ByteSize(size)}: the file system is full, or a quota is reached."),
                Linux.FileTooLarge => new DeviceException($"The file system cannot hold a file of {new ByteSize(size)} at {path}. Use several disks, or a raw device."),
                Linux.NotSupported => new DeviceException($"The file system of {path} cannot allocate space in advance, which a disk needs so that a recording never meets a full file system. Use ext4, XFS or btrfs, or a raw device."),
                _ => Failed("Allocating", path, error),
            };
        }
    }

    /// <summary>Makes the new name durable; without it a power cut could lose a disk whose writes were acknowledged.</summary>
    private static void SyncDirectory(string directory)
    {
        int descriptor = Linux.Open(directory, Linux.ReadOnly | Linux.CloseOnExec, 0);
        int result = descriptor < 0 ? -1 : Linux.Sync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0)
        {
            _ = Linux.Close(descriptor);
        }

        if (result != 0)
        {
            throw Failed("Flushing", directory, error);
        }
    }

    private static DeviceException Failed(string doing, string path, int error) =>
        new($"{doing} {path} failed: {Linux.ErrorText(error)}");
}
