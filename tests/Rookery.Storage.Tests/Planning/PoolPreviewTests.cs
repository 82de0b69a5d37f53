// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>Goal: nobody changes a pool without knowing what follows. Method: pools of numbers whose answer is known; what is refused there the store refuses as well.</summary>
public sealed class PoolPreviewTests
{
    private static readonly long Column = (long)PlannedPool.Zone;

    [Fact]
    public void A_disk_more_gives_room_days_and_a_wider_layout()
    {
        PoolSurvey pool = Pool(disks: 3, freePercent: 10);
        PoolPreview preview = PoolPreview.Of(pool, new PoolChange(PoolChangeKind.Add, null, PlannedPool.Zones * Column));
        preview.Refusal.ShouldBeNull();
        (preview.BytesToMove, preview.LostBytes, preview.WithoutRoomBytes).ShouldBe((0, 0, 0));
        ClassPreview c = preview.Classes.Single();
        (c.LayoutBefore, c.LayoutAfter).ShouldBe((new ChunkLayout(2, 1), new ChunkLayout(3, 1)));
        (c.BearsNow, c.BearsAfter).ShouldBe((1, 1));
        preview.FootageRoomAfter.ShouldBe(preview.FootageRoomBefore / 2 * 3);
        preview.DaysLost.ShouldBe(0);
    }

    [Fact]
    public void What_a_drained_disk_holds_moves_to_the_others_as_far_as_they_have_room()
    {
        PoolSurvey pool = Pool(disks: 5, freePercent: 50, new ChunkLayout(2, 1));
        PoolPreview preview = PoolPreview.Of(pool, new PoolChange(PoolChangeKind.Drain, 2));
        preview.BytesToMove.ShouldBe(500 * Column);
        preview.MoveTime!.Value.TotalSeconds.ShouldBe(500.0 * Column * 3 / pool.RebuildBytesPerSecond, 0.001);
        preview.WithoutRoomBytes.ShouldBe(0);

        // Of 4 others with 100 free zones each 98 can be used.
        PoolPreview tight = PoolPreview.Of(Pool(5, freePercent: 10, new ChunkLayout(2, 1)), new PoolChange(PoolChangeKind.Drain, 2));
        tight.WithoutRoomBytes.ShouldBe((900 - 392) * Column);
        tight.DaysLost!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Columns_of_a_chunk_that_already_lies_on_all_other_disks_find_no_room()
    {
        PoolPreview preview = PoolPreview.Of(Pool(disks: 3, freePercent: 50), new PoolChange(PoolChangeKind.Drain, 0));
        preview.WithoutRoomBytes.ShouldBe(preview.BytesToMove);
        preview.Classes[0].LayoutAfter.ShouldBe(new ChunkLayout(1, 1));
        PoolPreview.Of(Pool(3, 50), new PoolChange(PoolChangeKind.Replace, 0, PlannedPool.Zones * Column)).WithoutRoomBytes.ShouldBe(0);
    }

    [Fact]
    public void The_last_protection_that_goes_is_told()
    {
        PoolPreview preview = PoolPreview.Of(Pool(disks: 2, freePercent: 50), new PoolChange(PoolChangeKind.Drain, 1));
        ClassPreview c = preview.Classes.Single();
        (c.LayoutBefore, c.LayoutAfter).ShouldBe((new ChunkLayout(1, 1), ChunkLayout.Single));
    }

    [Fact]
    public void A_missing_disk_is_removed_and_what_only_it_had_is_lost()
    {
        PoolSurvey pool = Pool(disks: 4, freePercent: 50);
        pool = pool with { Disks = [.. pool.Disks.Select(d => d.Number == 1 ? d with { State = DiskState.Missing, FreeZones = 0, OnlyHereBytes = 5 * Column } : d)] };
        PoolPreview preview = PoolPreview.Of(pool, new PoolChange(PoolChangeKind.Remove, 1));
        preview.Refusal.ShouldBeNull();
        preview.LostBytes.ShouldBe(5 * Column);
        PoolPreview.Of(pool, new PoolChange(PoolChangeKind.Drain, 1)).Refusal.ShouldNotBeNull().ShouldContain("not here");
        PoolPreview.Of(pool, new PoolChange(PoolChangeKind.UseAgain, 1)).Refusal.ShouldNotBeNull().ShouldContain("not here");
        PoolPreview.Of(pool, new PoolChange(PoolChangeKind.Replace, 1, Column * 1000)).LostBytes.ShouldBe(0, "it may come back");
    }

    [Theory]
    [InlineData(PoolChangeKind.Drain, 7)]
    [InlineData(PoolChangeKind.Drain, 0)]
    [InlineData(PoolChangeKind.Remove, 0)]
    public void What_makes_no_sense_on_one_disk_is_refused(PoolChangeKind kind, int disk) =>
        PoolPreview.Of(Pool(disks: 1, freePercent: 50), new PoolChange(kind, disk)).Refusal.ShouldNotBeNull();

    [Fact]
    public async Task The_store_says_the_same()
    {
        using var bench = new StoreBench(zones: 16, disks: 1);
        LayoutTests.Record(bench, [bench.Begin(1)], commits: 20);
        await Should.ThrowAsync<StoreException>(() => bench.Store.DrainAsync(7));
        await Should.ThrowAsync<StoreException>(() => bench.Store.RemoveAsync(0));
        await Should.ThrowAsync<StoreException>(() => bench.Store.ReplaceAsync(7, new SimulatedPoolDisk()));
    }

    private static PoolSurvey Pool(int disks, int freePercent, ChunkLayout? layout = null)
    {
        ChunkLayout itsLayout = layout ?? ChunkLayout.For(disks);
        int used = PlannedPool.Zones * (100 - freePercent) / 100;
        PoolSurvey pool = PlannedPool.Of(
            disks, freePercent, PlannedPool.Class(new RetentionClass(new RetentionClassId(0), null, null, layout), 10e6, used * disks) with { Layout = itsLayout, Bears = itsLayout.ParityColumns });
        return pool with { Disks = [.. pool.Disks.Select(d => d with { Columns = [new ColumnsOnDisk(itsLayout, used, used * Column)] })] };
    }

    /// <summary>Never looked at: the pool is asked first whether the disk that it replaces exists.</summary>
    private sealed class SimulatedPoolDisk : IBlockDevice
    {
        public string Name => "new";
        public long CapacityBytes => 1 << 30;

        public void Read(long offsetBytes, Span<byte> destination) => throw new InvalidOperationException();

        public void Write(long offsetBytes, ReadOnlySpan<byte> source) => throw new InvalidOperationException();

        public void Flush() => throw new InvalidOperationException();

        public void Dispose()
        {
        }
    }
}
