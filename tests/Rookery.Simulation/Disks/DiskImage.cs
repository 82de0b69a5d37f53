// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics.CodeAnalysis;

namespace Rookery.Simulation;

/// <summary>What stands on a disk, in pages of 4 KiB that are shared between copies and never change; a page never written is all zeros.</summary>
/// <remarks>Copying costs one array of references, so that thousands of possible images after a crash cost little.</remarks>
public sealed class DiskImage
{
    public const int PageBytes = 4096;

    private static readonly byte[] Zeros = new byte[PageBytes];
    private readonly byte[]?[] _pages;

    public DiskImage(long capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacityBytes % PageBytes, 0);
        _pages = new byte[capacityBytes / PageBytes][];
    }

    private DiskImage(byte[]?[] pages) => _pages = pages;

    public long CapacityBytes => (long)_pages.Length * PageBytes;

    public int PageCount => _pages.Length;

    public DiskImage Copy() => new((byte[]?[])_pages.Clone());

    /// <summary>A page; whoever gets it must not change it.</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "an indexer of shared pages")]
    public byte[] this[int page]
    {
        get => _pages[page] ?? Zeros;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(value.Length, PageBytes);
            _pages[page] = value;
        }
    }

    public void Read(long offsetBytes, Span<byte> destination)
    {
        int page = (int)(offsetBytes / PageBytes);
        for (; !destination.IsEmpty; destination = destination[PageBytes..], page++)
        {
            this[page].CopyTo(destination);
        }
    }

    /// <summary>Bit rot: turns over one bit.</summary>
    public void Flip(long offsetBytes, int bit)
    {
        int page = (int)(offsetBytes / PageBytes);
        byte[] rotten = [.. this[page]];
        rotten[offsetBytes % PageBytes] ^= (byte)(1 << bit);
        this[page] = rotten;
    }

    /// <summary>Puts <paramref name="bytes"/> at any place, as a fault or a fuzzer does.</summary>
    public void Overwrite(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int page = (int)(offsetBytes / PageBytes);
            int within = (int)(offsetBytes % PageBytes);
            int count = Math.Min(bytes.Length, PageBytes - within);
            byte[] changed = [.. this[page]];
            bytes[..count].CopyTo(changed.AsSpan(within));
            this[page] = changed;
            bytes = bytes[count..];
            offsetBytes += count;
        }
    }

    /// <summary>Numbers of the pages that were ever written.</summary>
    public IEnumerable<int> WrittenPages() => Enumerable.Range(0, _pages.Length).Where(page => _pages[page] is not null);
}
