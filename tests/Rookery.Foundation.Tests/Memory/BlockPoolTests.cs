// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Foundation.Tests;

public sealed class BlockPoolTests
{
    [Fact]
    public void A_block_is_the_next_power_of_two_and_at_least_a_page()
    {
        BlockPool pool = new(64 << 20);
        pool.TryRent(0)!.Capacity.ShouldBe(BlockPool.MinimumBlockBytes);
        pool.TryRent(4096)!.Capacity.ShouldBe(4096);
        pool.TryRent(4097)!.Capacity.ShouldBe(8192);
        pool.TryRent(BlockPool.MaximumBlockBytes)!.Capacity.ShouldBe(BlockPool.MaximumBlockBytes);
    }

    [Fact]
    public void Above_the_largest_block_or_the_budget_nothing_is_rented_and_nothing_is_counted()
    {
        BlockPool pool = new(64 << 10);
        pool.TryRent(BlockPool.MaximumBlockBytes + 1).ShouldBeNull();
        Block all = pool.TryRent(64 << 10)!;
        pool.TryRent(1).ShouldBeNull();
        pool.RentedBytes.ShouldBe(64 << 10);

        all.Release();
        pool.RentedBytes.ShouldBe(0);
        pool.TryRent(1).ShouldNotBeNull();
    }

    [Fact]
    public void A_block_returns_with_its_last_reference_and_is_rented_again()
    {
        BlockPool pool = new(1 << 20);
        Block block = pool.TryRent(5000)!;
        block.AddReference();
        block.Release();
        pool.RentedBytes.ShouldBe(8192);
        block.Release();
        pool.RentedBytes.ShouldBe(0);
        pool.FreeBytes.ShouldBe(8192);

        pool.TryRent(8000).ShouldBeSameAs(block);
        pool.FreeBytes.ShouldBe(0);
    }

    [Fact]
    public void Free_blocks_stay_within_an_eighth_of_the_budget()
    {
        BlockPool pool = new(1 << 20);
        List<Block> blocks = [];
        while (pool.TryRent(4096) is { } block)
        {
            blocks.Add(block);
        }

        blocks.Count.ShouldBe(256);
        blocks.ForEach(block => block.Release());
        pool.RentedBytes.ShouldBe(0);
        pool.FreeBytes.ShouldBe(1 << 17);
    }

    [Fact]
    public void Releasing_too_often_and_keeping_what_was_given_back_are_errors()
    {
        BlockPool pool = new(1 << 20);
        Block block = pool.TryRent(1)!;
        block.Release();
        Should.Throw<InvalidOperationException>(block.AddReference);

        Block other = new BlockPool(1 << 20).TryRent(1)!;
        other.Release();
        Should.Throw<InvalidOperationException>(other.Release);
    }

    [Fact]
    public void A_slice_shows_its_part_of_the_block()
    {
        Block block = new BlockPool(1 << 20).TryRent(16)!;
        for (int i = 0; i < 16; i++)
        {
            block.Span[i] = (byte)i;
        }

        BlockSlice slice = new(block, 4, 3);
        slice.Span.ToArray().ShouldBe([4, 5, 6]);
        slice.Memory.Length.ShouldBe(3);
    }

    /// <summary>Goal: counts stay exact under contention. Two threads rent, share and release in every order the scheduler finds.</summary>
    [Fact]
    public async Task Counts_stay_exact_when_threads_rent_and_release_together()
    {
        BlockPool pool = new(1 << 20);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            Random random = new(seed);
            Queue<Block> held = [];
            for (int i = 0; i < 5000; i++)
            {
                if (pool.TryRent(random.Next(1, 30_000)) is { } block)
                {
                    block.AddReference();
                    block.Release();
                    held.Enqueue(block);
                }

                while (held.Count > 4)
                {
                    held.Dequeue().Release();
                }
            }

            while (held.TryDequeue(out Block? block))
            {
                block.Release();
            }
        })));

        pool.RentedBytes.ShouldBe(0);
        pool.FreeBytes.ShouldBeLessThanOrEqualTo(pool.BudgetBytes / 8);
    }

    [Fact]
    public void What_a_burst_needed_gives_its_pages_back_by_and_by_and_can_be_rented_again()
    {
        const int Size = 64 << 10;
        BlockPool pool = new(16 << 20);
        Block[] burst = [.. Enumerable.Range(0, 16).Select(_ => pool.TryRent(Size)!)];
        Array.ForEach(burst, block => block.Span.Fill(1));
        Array.ForEach(burst, block => block.Release());
        pool.EmptiedBytes.ShouldBe(0);

        Turn(pool, Size, pool.SweepBytes);
        Turn(pool, Size, pool.SweepBytes);
        long first = pool.EmptiedBytes;
        first.ShouldBeGreaterThan(0);
        for (int i = 0; i < 8; i++)
        {
            Turn(pool, Size, pool.SweepBytes);
        }

        pool.EmptiedBytes.ShouldBe(15 * Size, "the one block that is in use keeps its pages");
        pool.FreeBytes.ShouldBe(16 * Size);

        burst = [.. Enumerable.Range(0, 16).Select(_ => pool.TryRent(Size)!)];
        pool.EmptiedBytes.ShouldBe(0);
        Array.ForEach(burst, block => block.Span.Fill(2));
        Array.TrueForAll(burst, static block => !block.Span.ContainsAnyExcept((byte)2)).ShouldBeTrue();
    }

    [Fact]
    public void Blocks_in_turn_use_keep_their_pages()
    {
        BlockPool pool = new(16 << 20);
        for (int turn = 0; turn < 50; turn++)
        {
            Block[] all = [.. Enumerable.Range(0, 16).Select(_ => pool.TryRent(64 << 10)!)];
            Array.ForEach(all, block => block.Release());
        }

        pool.EmptiedBytes.ShouldBe(0);
    }

    /// <summary>Rents one block and gives it back, again and again, until so many bytes came back.</summary>
    private static void Turn(BlockPool pool, int size, long bytes)
    {
        for (long done = 0; done < bytes; done += size)
        {
            pool.TryRent(size)!.Release();
        }
    }
}
