// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;

namespace Rookery.Storage.Tests;

/// <summary>The pure parts of the pool.</summary>
public sealed class PoolPartsTests
{
    [Theory]
    [InlineData(1, "1+0")]
    [InlineData(2, "1+1")]
    [InlineData(3, "2+1")]
    [InlineData(5, "4+1")]
    [InlineData(6, "4+2")]
    [InlineData(7, "4+2")]
    [InlineData(11, "8+2")]
    [InlineData(64, "8+2")]
    public void The_layout_that_is_recommended_goes_by_the_number_of_disks(int disks, string layout) => ChunkLayout.For(disks).ToString().ShouldBe(layout);

    [Theory]
    [InlineData("4+2", 5, "3+2")]
    [InlineData("4+2", 2, "1+1")]
    [InlineData("4+2", 3, "1+2")]
    [InlineData("1+2", 2, "1+1")]
    [InlineData("2+1", 1, "1+0")]
    [InlineData("2+1", 9, "2+1")]
    public void With_fewer_disks_protection_is_kept_as_long_as_it_can_be(string wanted, int disks, string layout) =>
        ChunkLayout.Parse(wanted).Within(disks).ToString().ShouldBe(layout);

    [Theory]
    [InlineData("0+1")]
    [InlineData("17+1")]
    [InlineData("4+3")]
    [InlineData("4")]
    [InlineData("-1+1")]
    public void What_is_no_layout_is_refused(string text) => Should.Throw<FormatException>(() => ChunkLayout.Parse(text));

    [Fact]
    public void The_most_endangered_column_is_rebuilt_first_and_what_expires_soon_not_at_all()
    {
        var two = new ChunkLayout(4, 2);
        RebuildPlan.Facts[] chunks =
        [
            new(two, 0, 0, 1, null),
            new(two, Lost: 0b1, 0, 2, null),
            new(two, Lost: 0b101, 0, 3, TimeSpan.FromMinutes(30)),
            new(two, Lost: 0b110, 0, 4, TimeSpan.FromDays(3)),
            new(two, Lost: 0b111, 0, 5, null),
            new(two, 0, Leaving: 0b1000, 6, null),
        ];
        RebuildPlan.Next(chunks).ShouldBe((3, 1));
        chunks[3] = default;
        RebuildPlan.Next(chunks).ShouldBe((1, 0));
        chunks[1] = default;
        RebuildPlan.Next(chunks).ShouldBe((5, 3));
        chunks[5] = default;
        RebuildPlan.Next(chunks).ShouldBeNull();
    }

    [Fact]
    public void A_pool_document_reads_back_and_no_flipped_bit_is_believed()
    {
        var document = new PoolDocument
        {
            Sequence = 4,
            ZoneBytes = 64 << 10,
            Members = [new PoolMember { Number = 0, Identity = PoolMember.Text(5), Name = "/dev/sd\"a", CapacityBytes = 1 << 30, State = DiskState.Draining }],
            Classes = [new PoolClass { Id = 3, MaximumAgeTicks = TimeSpan.FromDays(2).Ticks, Layout = "4+2" }],
            GiveUps = [new PoolGiveUp(7, 0)],
        };
        using AlignedMemory memory = PoolDocumentSet.Format(document, pool: 9, disk: 5);
        byte[] bytes = memory.GetSpan().ToArray();
        PoolDocumentSet.Found found = PoolDocumentSet.Parse(bytes).ShouldNotBeNull();
        (found.Pool, found.Disk).ShouldBe(((UInt128)9, (UInt128)5));
        found.Document.Members.ShouldBe(document.Members);
        found.Document.Classes.ShouldBe(document.Classes);
        found.Document.GiveUps.ShouldBe(document.GiveUps);
        int used = PoolDocumentSet.HeaderBytes + document.ToJson().Length;
        for (int bit = 0; bit < used * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            PoolDocumentSet.Parse(bytes).ShouldBeNull($"bit {bit}");
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"zoneBytes":65536,"members":[{"number":-1,"identity":"00","name":"","capacityBytes":0}]}""")]
    [InlineData("""{"zoneBytes":65536,"members":[{"number":1,"identity":"xyz","name":"","capacityBytes":0}]}""")]
    [InlineData("""{"zoneBytes":65536,"classes":[{"id":1,"layout":"9+9"}]}""")]
    [InlineData("""{"zoneBytes":65536,"members":[null]}""")]
    [InlineData("""{"zoneBytes":65536,"members":null}""")]
    public void A_document_that_no_writer_makes_is_refused(string json) => PoolDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void Content_is_found_in_its_column_without_reading()
    {
        var place = new ContentPlace(FrameOffset: 8192, PartBytes: 4096, ContentOffset: 4000);
        (place.Column, place.OffsetInZone, place.LeftInColumn).ShouldBe((1, 8192L + 96, 4000));
        ContentPlace before = place with { ContentOffset = 3999 };
        (before.Column, before.OffsetInZone, before.LeftInColumn).ShouldBe((0, 8192L + 4095, 1));
        before.Plus(1).ShouldBe(place);
    }
}
