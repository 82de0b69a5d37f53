// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Rookery.Storage;

/// <summary>Which hardware a path lies on, as Linux tells it under /sys: two disks of a pool on one device fail together, and a device is asked for its health.</summary>
[SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "adapter: the one place that reads /sys/dev/block")]
public static class DiskTopology
{
    // struct statx (statx(2)): numbers of the device that a special file is, and of the one that a file lies on.
    private const int StatBytes = 256;
    private const int DeviceItselfOffset = 128;
    private const int DeviceBelowOffset = 136;
    private const int CurrentDirectory = -100;
    private const uint Basic = 0x7ff;

    /// <summary>Volumes lie on volumes; deeper than this nobody builds them.</summary>
    private const int MostLayers = 8;

    /// <summary>Where the file system that a path lies on is mounted; of a path that does not exist yet, that of its nearest parent.</summary>
    public static string? MountPoint(string path)
    {
        string at = Existing(path);
        if (NumberOf(at) is not { } number)
        {
            return null;
        }

        while (Path.GetDirectoryName(at) is { } parent && NumberOf(parent) == number)
        {
            at = parent;
        }

        return at;
    }

    /// <summary>The whole devices under a disk, such as <c>sda</c>; empty when that cannot be told, as on file systems of several devices.</summary>
    public static IReadOnlyList<string> DevicesUnder(string path)
    {
        if (NumberOf(Existing(path)) is not { } number)
        {
            return [];
        }

        try
        {
            return [.. Whole(string.Create(CultureInfo.InvariantCulture, $"/sys/dev/block/{number.Major}:{number.Minor}"), MostLayers).Distinct().Order(StringComparer.Ordinal)];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Whole(string directory, int layers)
    {
        if (layers == 0 || Directory.ResolveLinkTarget(directory, returnFinalTarget: true)?.FullName is not { } device)
        {
            yield break;
        }

        string whole = File.Exists(Path.Combine(device, "partition")) ? Path.GetDirectoryName(device)! : device;
        string slaves = Path.Combine(whole, "slaves");
        string[] below = Directory.Exists(slaves) ? Directory.GetFileSystemEntries(slaves) : [];
        if (below.Length == 0)
        {
            yield return Path.GetFileName(whole);
        }

        foreach (string name in below.SelectMany(slave => Whole(slave, layers - 1)))
        {
            yield return name;
        }
    }

    private static string Existing(string path)
    {
        string at = Path.GetFullPath(path);
        while (FileKinds.Of(at) == FileKind.None && Path.GetDirectoryName(at) is { } parent)
        {
            at = parent;
        }

        return at;
    }

    private static (uint Major, uint Minor)? NumberOf(string path)
    {
        Span<byte> stat = stackalloc byte[StatBytes];
        if (Linux.Stat(CurrentDirectory, path, flags: 0, Basic, stat) != 0)
        {
            return null;
        }

        int offset = FileKinds.Of(path) == FileKind.BlockDevice ? DeviceItselfOffset : DeviceBelowOffset;
        return (BinaryPrimitives.ReadUInt32LittleEndian(stat[offset..]), BinaryPrimitives.ReadUInt32LittleEndian(stat[(offset + 4)..]));
    }
}
