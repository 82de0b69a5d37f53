// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Numerics;

namespace Rookery.Foundation;

/// <summary>
/// Rents pinned blocks in powers of two from one budget. Free blocks are kept for reuse; the bytes rented out never exceed the budget.
/// Safe for any thread.
/// </summary>
/// <remarks>
/// The block given back last is rented first, so that after a burst (a disk that stalled, a wall of cameras that started) those it needed stay at the bottom.
/// Half of the blocks that were not needed for a while give their pages back to the system, and half of the rest after as long again; the blocks themselves stay, because the
/// collector would not return pinned memory either before a whole region of it is empty.
/// </remarks>
public sealed class BlockPool
{
    /// <summary>Smallest block, 4 KiB: one page, enough for an audio stream's access units between two commits.</summary>
    public const int MinimumBlockBytes = 4096;

    /// <summary>Largest block, 16 MiB: an intra picture of 8K video at the highest quality stays below it.</summary>
    public const int MaximumBlockBytes = 16 << 20;

    /// <summary>Blocks whose pages go back in one sweep at most: some hundred microseconds under the lock.</summary>
    private const int MaximumSwept = 128;

    /// <summary>Smaller blocks keep their pages: an array begins somewhere within a page, and its first and last page are not its own.</summary>
    private const int SmallestSweptBytes = 32 << 10;

    private readonly Lock _lock = new();
    private readonly FreeList[] _free = new FreeList[BitOperations.Log2(MaximumBlockBytes / MinimumBlockBytes) + 1];
    private long _rentedBytes;
    private long _freeBytes;
    private long _emptiedBytes;
    private long _returnedSinceSweep;

    /// <param name="budgetBytes">What may be rented at one time, in bytes.</param>
    public BlockPool(long budgetBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(budgetBytes, MinimumBlockBytes);
        BudgetBytes = budgetBytes;
    }

    public long BudgetBytes { get; }

    /// <summary>Bytes of blocks that somebody holds now.</summary>
    public long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <summary>Bytes of blocks that wait for reuse, those without pages included.</summary>
    public long FreeBytes => Interlocked.Read(ref _freeBytes);

    /// <summary>Bytes of free blocks whose pages went back to the system.</summary>
    public long EmptiedBytes => Interlocked.Read(ref _emptiedBytes);

    /// <summary>More than three quarters are rented out: who keeps blocks for convenience (a viewer's start, its queue) gives way to who records.</summary>
    public bool IsShort => RentedBytes > BudgetBytes / 4 * 3;

    /// <summary>Bytes that come back between two sweeps: a quarter of the budget, which the cameras that fill the budget in 10 s turn over in a few seconds.</summary>
    public long SweepBytes => BudgetBytes / 4;

    /// <summary>Rents a block of at least <paramref name="minimumBytes"/>, with one reference held by the caller.</summary>
    /// <returns><c>null</c> when the budget is used up or the size is above <see cref="MaximumBlockBytes"/>: the caller drops and counts.</returns>
    public Block? TryRent(int minimumBytes)
    {
        if (minimumBytes > MaximumBlockBytes)
        {
            return null;
        }

        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(minimumBytes, MinimumBlockBytes));
        Block? block;
        lock (_lock)
        {
            if (_rentedBytes + capacity > BudgetBytes)
            {
                return null;
            }

            _rentedBytes += capacity;
            block = _free[SizeClass(capacity)].Pop();
            if (block is not null)
            {
                _freeBytes -= capacity;
                _emptiedBytes -= block.IsEmptied ? capacity : 0;
                block.IsEmptied = false;
            }
        }

        block ??= new Block(this, GC.AllocateUninitializedArray<byte>(capacity, pinned: true));
        block.Rented();
        return block;
    }

    internal void Return(Block block)
    {
        lock (_lock)
        {
            _rentedBytes -= block.Capacity;
            // Free blocks stay within an eighth of the budget; above it the collector takes them.
            if (_freeBytes + block.Capacity <= BudgetBytes / 8)
            {
                _freeBytes += block.Capacity;
                _free[SizeClass(block.Capacity)].Push(block);
            }

            _returnedSinceSweep += block.Capacity;
            if (_returnedSinceSweep >= SweepBytes)
            {
                _returnedSinceSweep = 0;
                Sweep();
            }
        }
    }

    /// <summary>Takes the pages from half of the blocks that were free all the time since the last sweep, the longest unused first.</summary>
    private void Sweep()
    {
        int left = MaximumSwept;
        for (int i = _free.Length - 1; i >= SizeClass(SmallestSweptBytes); i--)
        {
            ref FreeList list = ref _free[i];
            // Those without pages lie at the bottom, below those that went unused with theirs.
            int full = list.Lowest - list.Emptied;
            int count = Math.Min(full - (full / 2), left);
            list.Lowest = list.Count;
            left -= count;
            if (count > 0)
            {
                _emptiedBytes += list.Empty(count);
            }
        }
    }

    private static int SizeClass(int capacity) => BitOperations.Log2((uint)(capacity / MinimumBlockBytes));

    /// <summary>Free blocks of one size, as a stack: what was used last is warm, what is not needed sinks.</summary>
    private struct FreeList
    {
        private Block? _top;

        public int Count { get; private set; }

        /// <summary>Smallest count since the last sweep: so many were not needed.</summary>
        public int Lowest { get; set; }

        /// <summary>How many at the bottom have no pages.</summary>
        public int Emptied { get; private set; }

        public void Push(Block block)
        {
            block.NextFree = _top;
            _top = block;
            Count++;
        }

        public Block? Pop()
        {
            if (_top is not { } block)
            {
                return null;
            }

            _top = block.NextFree;
            block.NextFree = null;
            Count--;
            Lowest = Math.Min(Lowest, Count);
            Emptied = Math.Min(Emptied, Count);
            return block;
        }

        /// <summary>Empties the <paramref name="count"/> lowest blocks that have pages.</summary>
        /// <returns>Their bytes.</returns>
        public long Empty(int count)
        {
            Block? block = _top;
            for (int above = Count - Emptied - count; above > 0; above--)
            {
                block = block!.NextFree;
            }

            long bytes = 0;
            for (int i = 0; i < count; i++, block = block!.NextFree)
            {
                block!.GiveBackPages();
                bytes += block.Capacity;
            }

            Emptied += count;
            return bytes;
        }
    }
}
