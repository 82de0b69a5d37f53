// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

public sealed class RecoveryTests
{
    [Fact]
    public async Task After_a_crash_everything_acknowledged_is_there_and_the_rest_is_not()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 30; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        run.Append(10, 3000);
        bench.Crash();
        await run.ShouldReadBackAsync(samples: 300);
        bench.Store.Status.RecoveringChunks.ShouldBe(0);
    }

    [Fact]
    public async Task Recording_goes_on_before_recovery_and_the_old_becomes_visible_with_it()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun before = bench.Begin(1);
        before.Append(10, 1000);
        bench.Commit();
        bench.Crash(recover: false);
        bench.Clock.Advance(TimeSpan.FromSeconds(20));
        TestRun after = bench.Begin(1);
        after.Append(10, 1000);
        bench.Commit();
        after.Appender.Durable.Samples.ShouldBe(10);
        bench.Store.Spans(after.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(1);
        bench.Store.RecoverNow();
        bench.Store.Spans(after.Stream, StoreBench.Ever, TimeSpan.Zero).Count.ShouldBe(2);
        List<byte[]> all = await after.ReadBackAsync();
        all.Count.ShouldBe(20);
        all[0].ShouldBe(before.Sent[0]);
    }

    [Fact]
    public async Task A_torn_last_frame_is_cut_and_everything_before_it_is_readable()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 3; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        StoredRecord last = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).LastAsync();
        Simulation.DiskImage image = bench.Disk.Current;
        image.Flip(StoreGeometry.FirstZoneBytes + last.Location.Place.OffsetInZone + 20_000, 3);
        bench.MoveTo(image);
        await run.ShouldReadBackAsync(samples: 20);
    }

    [Fact]
    public async Task After_an_orderly_stop_nothing_is_left_to_verify()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        await bench.RestartAsync();
        await run.ShouldReadBackAsync();
    }

    [Fact]
    public async Task Run_numbers_grow_over_restarts()
    {
        using var bench = new StoreBench(zones: 16);
        for (int i = 0; i < 3; i++)
        {
            using TestRun run = bench.Begin(1);
            run.Append(1, 100);
            bench.Commit();
            bench.Crash();
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(new StreamId(1), StoreBench.Ever, CancellationToken.None).ToListAsync();
        records.Count.ShouldBe(3);
        records.Select(r => r.Run).ShouldBe(records.Select(r => r.Run).Distinct().Order());
    }

    [Fact]
    public async Task A_damaged_record_is_said_to_be_lost_and_never_shown_as_right()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        run.Append(10, 3000);
        bench.Commit();
        StoredRecord record = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).FirstAsync();
        bench.Disk.Rot(StoreGeometry.FirstZoneBytes + record.Location.Place.OffsetInZone + 100, 1);
        await Should.ThrowAsync<RecordLostException>(async () =>
            await bench.Store.ReadPayloadAsync(record.Location, 0, new byte[record.Location.LengthBytes], CancellationToken.None));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_is_restarted_again_and_again_does_not_eat_the_oldest_footage(bool crashes)
    {
        using var bench = new StoreBench(zones: 8);
        TestRun old = bench.Begin(1);
        for (int commit = 0; commit < 12; commit++)
        {
            old.Append(10, 3000);
            bench.Commit();
        }

        for (int start = 0; start < 20; start++)
        {
            if (crashes)
            {
                bench.Crash();
            }
            else
            {
                await bench.RestartAsync();
            }

            bench.Clock.Advance(TimeSpan.FromSeconds(5));
            TestRun run = bench.Begin(2);
            run.Append(2, 1000);
            bench.Commit();
        }

        await old.ShouldReadBackAsync();
        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(new StreamId(2), StoreBench.Ever, CancellationToken.None).ToListAsync();
        records.Count.ShouldBe(20);
    }

    [Fact]
    public async Task Nothing_is_written_over_frames_that_lie_behind_a_rotten_one()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 5; commit++)
        {
            run.Append(2, 3000);
            bench.Commit();
        }

        List<StoredRecord> records = await bench.Store.ReadRecordsAsync(run.Stream, StoreBench.Ever, CancellationToken.None).ToListAsync();
        Simulation.DiskImage image = bench.Disk.Current;
        long second = records[1].Location.FrameOffset;
        image.Flip(StoreGeometry.FirstZoneBytes + second + 20, 3);
        bench.MoveTo(image);
        await run.ShouldReadBackAsync(samples: 2);
        TestRun next = bench.Begin(2);
        next.Append(10, 3000);
        bench.Commit();
        byte[] last = new byte[4096];
        bench.Disk.Read(StoreGeometry.FirstZoneBytes + records[4].Location.FrameOffset, last);
        PartHeader.TryParse(last, out PartHeader part).ShouldBeTrue();
        part.Frame.ShouldBe(4ul);
    }

    [Fact]
    public async Task When_a_footer_rots_the_frames_still_tell_what_they_hold()
    {
        using var bench = new StoreBench(zones: 16);
        TestRun run = bench.Begin(1);
        for (int commit = 0; commit < 20; commit++)
        {
            run.Append(10, 3000);
            bench.Commit();
        }

        bench.Crash();
        long end = StoreGeometry.FirstZoneBytes + StoreBench.ZoneBytes;
        byte[] zoneEnd = new byte[4096];
        bench.Disk.Read(end - 4096, zoneEnd);
        ChunkTrailer.TryParse(zoneEnd.AsSpan(4096 - ChunkTrailer.SizeBytes), StoreBench.ZoneBytes, out ChunkTrailer trailer).ShouldBeTrue();
        bench.Disk.Rot(end - StoreBench.ZoneBytes + trailer.FooterStart + 200, 5);
        await run.ShouldReadBackAsync();
    }
}
