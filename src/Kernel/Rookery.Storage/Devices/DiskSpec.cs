// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage;

/// <summary>A disk as the operator names it: <c>PATH[:SIZE]</c>.</summary>
/// <param name="Path">A file, or a raw block device such as <c>/dev/sdb</c>.</param>
/// <param name="SizeBytes">Bytes to use, a multiple of 4096; <c>null</c> takes what is there, or lets <see cref="DiskSizing"/> choose for a new file.</param>
public sealed record DiskSpec(string Path, long? SizeBytes)
{
    /// <summary>Reads <c>PATH[:SIZE]</c>.</summary>
    /// <param name="text">What the operator wrote. A colon belongs to the path when a slash follows it, or when a path under <c>/dev/</c> goes on with no size.</param>
    /// <exception cref="FormatException">It is no disk; the message says what is wrong with it, for a person.</exception>
    public static DiskSpec Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException("A disk is given as PATH or PATH:SIZE, such as /srv/video/disk:500G; nothing was given.");
        }

        int colon = text.LastIndexOf(':');
        if (colon < 0 || text.AsSpan(colon).Contains('/'))
        {
            return WholePath(text);
        }

        string path = text[..colon];
        string sizeText = text[(colon + 1)..];
        if (!ByteSize.TryParse(sizeText, out ByteSize size))
        {
            // udev names such as /dev/disk/by-path/pci-0000:00:1f.2-ata-1 have colons of their own.
            return text.StartsWith("/dev/", StringComparison.Ordinal)
                ? WholePath(text)
                : throw new FormatException($"'{sizeText}' in the disk '{text}' is not a size. Write a number and a unit, such as 500G or 2T.");
        }

        if (path.Length == 0)
        {
            throw new FormatException($"The disk '{text}' has a size but no path.");
        }

        return At(path, size.Bytes);
    }

    /// <summary>A disk at a path, of a size.</summary>
    /// <param name="path">The path.</param>
    /// <param name="sizeBytes">Rounded down to 4096; <c>null</c> for what is there.</param>
    /// <exception cref="FormatException">It is no disk; the message says what is wrong with it.</exception>
    public static DiskSpec At(string path, long? sizeBytes)
    {
        long? bytes = sizeBytes / AlignedMemory.Alignment * AlignedMemory.Alignment;
        return bytes < DiskSizing.MinimumBytes
            ? throw new FormatException($"The disk '{path}' is too small: at least {new ByteSize(DiskSizing.MinimumBytes)} is needed.")
            : WholePath(path) with { SizeBytes = bytes };
    }

    public override string ToString() => SizeBytes is { } size ? $"{Path}:{new ByteSize(size)}" : Path;

    private static DiskSpec WholePath(string path) =>
        path.EndsWith('/') || path.Contains('\0')
            ? throw new FormatException($"'{path}' names a directory; a disk is a file or a block device, such as {path.TrimEnd('/', '\0')}/disk.")
            : new DiskSpec(path, SizeBytes: null);
}
