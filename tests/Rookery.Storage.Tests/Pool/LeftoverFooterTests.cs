// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

namespace Rookery.Storage.Tests;

/// <summary>A half full chunk is being sealed; the power goes when all footers are durable and no superblock says so yet.</summary>
public sealed class LeftoverFooterTests
{
    /// <summary>
    /// Frames behind the footer would be lost: where a disk is missing, whole footers on all others mean that the chunk was sealed.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_recorded_after_a_crash_amid_sealing_is_kept_when_a_disk_is_lost_later(int lost)
    {
        using var bench = new StoreBench(zones: 12, new StoreOptions { Layout = new ChunkLayout(2, 1) }, disks: 3);
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), TimeSpan.FromDays(1), null));
        TestRun run = bench.Begin(1, retentionClass: 7);
        run.Append(10, 2500).ShouldBeTrue();
        bench.Commit();
        run.Append(10, 2500).ShouldBeTrue();
        bench.Commit();
        bench.Clock.Advance(TimeSpan.FromHours(6));
        // Open for so long it is sealed; the superblocks would follow with the next commit.
        bench.Store.SweepNow();
        bench.Crash();
        // Else the chunk would be sealed again behind the next commit, and there would be a footer that tells all.
        bench.Store.Define(new RetentionClass(new RetentionClassId(7), null, null));
        await run.ShouldReadBackAsync();
        TestRun next = bench.Begin(2, retentionClass: 7);
        next.Append(10, 2500).ShouldBeTrue();
        bench.Commit();
        bench.Missing.Add(lost);
        bench.Crash();
        await run.ShouldReadBackAsync();
        await next.ShouldReadBackAsync();
    }
}
