// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Simulation;

namespace Rookery.Storage.Tests.Devices;

public sealed class SimulatedDiskTests
{
    private const int Page = DiskImage.PageBytes;

    [Fact]
    public void Reads_see_writes_at_once_and_a_crash_forgets_what_was_not_flushed()
    {
        SimulatedDisk disk = new(new DiskImage(16 * Page));
        disk.Write(0, Filled(1));
        disk.Flush();
        disk.Write(0, Filled(2));
        Read(disk, 0).ShouldAllBe(value => value == 2);

        disk.Boundary.ShouldBe(3);
        FirstBytes(ImagesAt(disk, 3), page: 0).ShouldBe([1, 2]);
        FirstBytes(ImagesAt(disk, 2), page: 0).ShouldBe([1]);
        FirstBytes(ImagesAt(disk, 1), page: 0).ShouldBe([0, 1]);
        FirstBytes(ImagesAt(disk, 0), page: 0).ShouldBe([0]);
    }

    [Fact]
    public void Without_a_flush_writes_are_kept_and_lost_in_every_combination()
    {
        SimulatedDisk disk = new(new DiskImage(16 * Page));
        disk.Write(0, Filled(1));
        disk.Write(Page, Filled(2));
        disk.Write(0, Filled(3));

        ImagesAt(disk, 3).Select(image => ((int)image[0][0], (int)image[1][0])).Order()
            .ShouldBe([(0, 0), (0, 2), (1, 0), (1, 2), (3, 0), (3, 2)]);
    }

    [Fact]
    public void A_page_is_torn_between_its_sectors_when_sectors_are_small()
    {
        SimulatedDisk disk = new(new DiskImage(Page));
        disk.Write(0, Filled(7));

        List<DiskImage> images = [.. ImagesAt(disk, 1, sectorBytes: 512)];
        images.Count.ShouldBe(256);
        images.Select(image => Convert.ToHexString(image[0])).Distinct(StringComparer.Ordinal).Count().ShouldBe(256);
        images.TrueForAll(image => image[0].Chunk(512).All(sector => sector.Distinct().Count() == 1)).ShouldBeTrue();
    }

    [Fact]
    public void From_many_images_the_extremes_are_always_chosen_and_the_seed_decides_the_rest()
    {
        SimulatedDisk disk = new(new DiskImage(64 * Page));
        disk.Write(0, Enumerable.Repeat((byte)9, 64 * Page).ToArray());

        string[] Draw(int seed) => [.. ImagesAt(disk, 1, limit: 50, seed: seed).Select(Summary)];
        string[] drawn = Draw(1);
        drawn.Length.ShouldBe(50);
        drawn.ShouldContain(new string('0', 64));
        drawn.ShouldContain(new string('9', 64));
        drawn.ShouldBe(Draw(1));
        drawn.ShouldNotBe(Draw(2));
    }

    [Fact]
    public void A_failed_write_may_have_taken_any_part()
    {
        SimulatedDisk disk = new(new DiskImage(64 * Page), seed: 3) { Faults = new DiskFaults { WriteError = 1 } };
        Should.Throw<DeviceException>(() => disk.Write(0, Enumerable.Repeat((byte)9, 64 * Page).ToArray()));
        string summary = Summary(disk.Current);
        summary.ShouldContain('0');
        summary.ShouldContain('9');
        disk.Failures.ShouldBe(1);
    }

    [Fact]
    public void A_failed_flush_loses_some_of_the_cache_and_says_so_once()
    {
        SimulatedDisk disk = new(new DiskImage(64 * Page), seed: 3);
        disk.Write(0, Enumerable.Repeat((byte)9, 64 * Page).ToArray());
        disk.Faults = new DiskFaults { FlushError = 1 };
        Should.Throw<DeviceException>(disk.Flush);
        disk.Faults = DiskFaults.None;
        disk.Flush();

        string summary = Summary(disk.Current);
        summary.ShouldContain('0');
        summary.ShouldContain('9');
        ImagesAt(disk, disk.Boundary).Select(Summary).ShouldBe([summary]);
    }

    [Fact]
    public void A_misdirected_write_leaves_its_place_and_damages_another_without_a_word()
    {
        SimulatedDisk disk = new(new DiskImage(64 * Page), seed: 5) { Faults = new DiskFaults { Misdirection = 1 } };
        disk.Write(0, Filled(9));
        Summary(disk.Current)[0].ShouldBe('0');
        Summary(disk.Current).Count(c => c == '9').ShouldBe(1);
    }

    [Fact]
    public void Rot_turns_over_one_bit_durable_or_not_and_survives_a_crash()
    {
        SimulatedDisk disk = new(new DiskImage(2 * Page));
        disk.Write(0, Filled(8));
        disk.Flush();
        disk.Rot(5, bit: 0);
        Read(disk, 0)[5].ShouldBe((byte)9);
        Read(disk, 0)[4].ShouldBe((byte)8);
        ImagesAt(disk, disk.Boundary).Single()[0][5].ShouldBe((byte)9);
    }

    [Fact]
    public void Reads_fail_or_lie_when_they_are_told_to()
    {
        SimulatedDisk disk = new(new DiskImage(Page)) { Faults = new DiskFaults { ReadError = 1 } };
        Should.Throw<DeviceException>(() => Read(disk, 0));
        disk.Faults = new DiskFaults { ReadFlip = 1 };
        Read(disk, 0).Count(value => value != 0).ShouldBe(1);
        disk.Faults = DiskFaults.None;
        Read(disk, 0).ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void A_stall_costs_virtual_time_only()
    {
        SimulatedClock clock = new();
        DateTimeOffset before = clock.GetUtcNow();
        SimulatedDisk disk = new(new DiskImage(Page), clock: clock) { Faults = new DiskFaults { Stall = 1, StallTime = TimeSpan.FromSeconds(30) } };
        disk.Flush();
        (clock.GetUtcNow() - before).ShouldBe(TimeSpan.FromSeconds(30));
    }

    private static IEnumerable<DiskImage> ImagesAt(SimulatedDisk disk, int boundary, int sectorBytes = Page, int limit = 256, int seed = 0)
    {
        CrashImages images = new(disk.Initial, disk.Log, sectorBytes);
        images.MoveTo(boundary);
        return images.Images(limit, new Random(seed));
    }

    private static IEnumerable<int> FirstBytes(IEnumerable<DiskImage> images, int page) => images.Select(image => (int)image[page][0]).Order();

    private static string Summary(DiskImage image) => string.Concat(Enumerable.Range(0, image.PageCount).Select(page => (char)('0' + image[page][0])));

    private static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, Page)];

    private static byte[] Read(SimulatedDisk disk, int page)
    {
        byte[] bytes = new byte[Page];
        disk.Read((long)page * Page, bytes);
        return bytes;
    }
}
