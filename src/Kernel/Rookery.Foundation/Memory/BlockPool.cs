// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Collections.Concurrent;
using System.Numerics;

namespace Rookery.Foundation;

/// <summary>
/// Rents pinned blocks in powers of two from one budget. Free blocks are kept for reuse; the bytes rented out never exceed the budget.
/// Safe for any thread.
/// </summary>
public sealed class BlockPool
{
    /// <summary>Smallest block, 4 KiB: one page, enough for an audio stream's access units between two commits.</summary>
    public const int MinimumBlockBytes = 4096;

    /// <summary>Largest block, 16 MiB: an intra picture of 8K video at the highest quality stays below it.</summary>
    public const int MaximumBlockBytes = 16 << 20;

    private readonly ConcurrentQueue<Block>[] _free;
    private long _rentedBytes;
    private long _freeBytes;

    /// <param name="budgetBytes">What may be rented at one time, in bytes.</param>
    public BlockPool(long budgetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budgetBytes, MinimumBlockBytes);
        BudgetBytes = budgetBytes;
        _free = new ConcurrentQueue<Block>[BitOperations.Log2(MaximumBlockBytes / MinimumBlockBytes) + 1];
        for (int i = 0; i < _free.Length; i++)
        {
            _free[i] = new ConcurrentQueue<Block>();
        }
    }

    public long BudgetBytes { get; }

    /// <summary>Bytes of blocks that somebody holds now.</summary>
    public long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <summary>Bytes of blocks that wait for reuse.</summary>
    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    /// <summary>More than three quarters are rented out: who keeps blocks for convenience (a viewer's start, its queue) gives way to who records.</summary>
    public bool IsShort => RentedBytes > BudgetBytes / 4 * 3;

    /// <summary>Rents a block of at least <paramref name="minimumBytes"/>, with one reference held by the caller.</summary>
    /// <returns><c>null</c> when the budget is used up or the size is above <see cref="MaximumBlockBytes"/>: the caller drops and counts.</returns>
    public Block? TryRent(int minimumBytes)
    {
        if (minimumBytes > MaximumBlockBytes)
        {
            return null;
        }

        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(minimumBytes, MinimumBlockBytes));
        if (Interlocked.Add(ref _rentedBytes, capacity) > BudgetBytes)
        {
            Interlocked.Add(ref _rentedBytes, -capacity);
            return null;
        }

        if (_free[SizeClass(capacity)].TryDequeue(out Block? block))
        {
            Interlocked.Add(ref _freeBytes, -capacity);
        }
        else
        {
            block = new Block(this, GC.AllocateUninitializedArray<byte>(capacity, pinned: true));
        }

        block.Rented();
        return block;
    }

    internal void Return(Block block)
    {
        Interlocked.Add(ref _rentedBytes, -block.Capacity);
        // Free blocks stay within an eighth of the budget; above it the collector takes them.
        if (Interlocked.Add(ref _freeBytes, block.Capacity) > BudgetBytes / 8)
        {
            Interlocked.Add(ref _freeBytes, -block.Capacity);
            return;
        }

        _free[SizeClass(block.Capacity)].Enqueue(block);
    }

    private static int SizeClass(int capacity) => BitOperations.Log2((uint)(capacity / MinimumBlockBytes));
}
