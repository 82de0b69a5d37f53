// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;

namespace Rookery.Storage;

/// <summary>What stands at a path, symbolic links followed.</summary>
internal enum FileKind
{
    None,
    Regular,
    Directory,
    BlockDevice,

    /// <summary>A character device, a pipe, a socket, or something that may not be looked at.</summary>
    Other,
}

/// <summary>Asks the kernel, because .NET shows a block device and a terminal as empty files alike.</summary>
internal static class FileKinds
{
    // struct statx (statx(2)) is laid out alike on every processor: 256 bytes, the mode at byte 28.
    private const int StatBytes = 256;
    private const int ModeOffset = 28;
    private const uint TypeAndMode = 0x3;
    private const int CurrentDirectory = -100;

    public static FileKind Of(string path)
    {
        Span<byte> stat = stackalloc byte[StatBytes];
        if (Linux.Stat(CurrentDirectory, path, flags: 0, TypeAndMode, stat) != 0)
        {
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Linux.NoSuchFile ? FileKind.None : FileKind.Other;
        }

        return (BinaryPrimitives.ReadUInt16LittleEndian(stat[ModeOffset..]) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0x6000 => FileKind.BlockDevice,
            _ => FileKind.Other,
        };
    }
}
