// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Foundation;

/// <summary>
/// A pooled, pinned byte buffer with a reference count. Whoever keeps a <see cref="BlockSlice"/> past a call holds a reference
/// (<see cref="AddReference"/>) and gives it back (<see cref="Release"/>); with the last one the memory returns to its pool.
/// </summary>
/// <remarks>
/// One writer fills a block front to back; bytes that were published in a slice never change again, so readers on other
/// threads need no lock. The count starts at one, held by whoever rented the block.
/// </remarks>
public sealed class Block
{
    private readonly BlockPool _pool;
    private readonly byte[] _bytes;
    private int _references;

    internal Block(BlockPool pool, byte[] bytes)
    {
        _pool = pool;
        _bytes = bytes;
    }

    /// <summary>Capacity in bytes; a power of two.</summary>
    public int Capacity => _bytes.Length;

    public Span<byte> Span => _bytes;

    public Memory<byte> Memory => _bytes;

    /// <summary>Where it came from, and where others like it come from.</summary>
    public BlockPool Pool => _pool;

    public void AddReference()
    {
        int before = Interlocked.Increment(ref _references) - 1;
        if (before < 1)
        {
            throw new InvalidOperationException("A block that was given back was referenced again.");
        }
    }

    public void Release()
    {
        int now = Interlocked.Decrement(ref _references);
        if (now == 0)
        {
            _pool.Return(this);
        }
        else if (now < 0)
        {
            throw new InvalidOperationException("A block was released more often than it was referenced.");
        }
    }

    /// <summary>Next in the pool's list of free blocks; the pool's alone.</summary>
    internal Block? NextFree { get; set; }

    /// <summary>The pages went back to the system; the pool's alone.</summary>
    internal bool IsEmptied { get; set; }

    internal void Rented() => Volatile.Write(ref _references, 1);

    /// <summary>A free block's content means nothing: its pages go back, and come back as zeros when it is written to.</summary>
    internal void GiveBackPages()
    {
        Pages.GiveBack(_bytes);
        IsEmptied = true;
    }
}

/// <summary>Bytes of a block: <c>[Offset, Offset + Length)</c>. Copying the slice does not add a reference.</summary>
public readonly record struct BlockSlice(Block Block, int Offset, int Length)
{
    public ReadOnlySpan<byte> Span => Block.Span.Slice(Offset, Length);
    public ReadOnlyMemory<byte> Memory => Block.Memory.Slice(Offset, Length);
}
