// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Foundation;
using Rookery.Media.Bitstream;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

public sealed class H264DepacketizerTests : IDisposable
{
    private static readonly byte[] Sps = TestData.Nals("h264-baseline-slices-aud.h264").First(nal => (nal[0] & 0x1F) == 7);
    private static readonly byte[] Pps = TestData.Nals("h264-baseline-slices-aud.h264").First(nal => (nal[0] & 0x1F) == 8);

    // first_mb_in_slice 0, slice_type 7 (I) or 5 (P), pic_parameter_set_id 0: 1 0001000 1 and 1 00110 1.
    private static readonly byte[] Idr = [0x65, 0x88, 0x80, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    private static readonly byte[] Inter = [0x41, 0x9A, 0x40, 11, 12, 13];
    private static readonly byte[] SecondSlice = [0x41, 0x5A, 0x40, 21, 22, 23];

    private readonly BlockPool _pool = new(4 << 20);
    private readonly CollectingSink _sink = new();
    private readonly Depacketizer _depacketizer;

    public H264DepacketizerTests() => _depacketizer = Create(_pool, _sink, $"{Convert.ToBase64String(Sps)},{Convert.ToBase64String(Pps)}");

    public void Dispose()
    {
        _depacketizer.Dispose();
        _pool.RentedBytes.ShouldBe(0, "every block was given back");
    }

    [Fact]
    public void A_single_nal_unit_becomes_a_unit_behind_its_length()
    {
        _depacketizer.Push(Idr, 9000, marker: true);

        _sink.Units.ShouldHaveSingleItem().Data.ShouldBe([0, 0, 0, 12, .. Idr]);
        _sink.Units[0].IsRandomAccess.ShouldBeTrue();
        _sink.Units[0].PresentationTime.ShouldBe(9000);
        _sink.Formats.ShouldHaveSingleItem().CodecString.ShouldStartWith("avc1.42C0");
        (_sink.Formats[0].Width, _sink.Formats[0].Height).ShouldBe((318, 178));
    }

    [Fact]
    public void Fragments_are_joined_under_one_header()
    {
        _depacketizer.Push([0x7C, 0x85, .. Idr[1..5]], 0, marker: false);
        _depacketizer.Push([0x7C, 0x05, .. Idr[5..9]], 0, marker: false);
        _depacketizer.Push([0x7C, 0x45, .. Idr[9..]], 0, marker: true);

        _sink.Units.ShouldHaveSingleItem().Data.ShouldBe([0, 0, 0, 12, .. Idr]);
    }

    [Fact]
    public void A_unit_with_a_lost_fragment_is_dropped_and_the_next_one_says_so()
    {
        _depacketizer.Push([0x7C, 0x85, .. Idr[1..5]], 0, marker: false);
        _depacketizer.Push([0x7C, 0x45, .. Idr[9..]], 0, marker: true, lossBefore: true);
        _depacketizer.Push(Inter, 3000, marker: true);
        _depacketizer.Push(Inter, 6000, marker: true);

        _sink.Units.Count.ShouldBe(2);
        _sink.Units[0].HasLossBefore.ShouldBeTrue();
        _sink.Units[1].HasLossBefore.ShouldBeFalse();
    }

    [Fact]
    public void A_random_access_picture_that_lost_a_slice_is_none()
    {
        _depacketizer.Push(Idr, 0, marker: false);
        _depacketizer.Push([0x65, 0x48, 0x80, 1, 2], 0, marker: true, lossBefore: true);

        _sink.Units.ShouldHaveSingleItem().Flags.ShouldBe(AccessUnitFlags.LossBefore);
    }

    [Fact]
    public void A_random_access_picture_whose_first_slice_was_lost_with_the_end_of_the_picture_before_is_none()
    {
        _depacketizer.Push(Idr, 0, marker: true);
        _depacketizer.Push(Inter, 3000, marker: false);
        _depacketizer.Push([0x65, 0x48, 0x80, 1, 2], 6000, marker: true, lossBefore: true);
        _depacketizer.Push(Inter, 9000, marker: false);
        _depacketizer.Push(Idr, 12000, marker: true, lossBefore: true);

        _sink.Units.Select(unit => unit.IsRandomAccess).ShouldBe([true, false, false, false, true]);
    }

    [Fact]
    public void Without_markers_the_timestamp_ends_a_unit()
    {
        _depacketizer.Push(Idr, 0, marker: false);
        _depacketizer.Push(Inter, 3000, marker: false);
        _depacketizer.Push(SecondSlice, 3000, marker: false);
        _sink.Units.Count.ShouldBe(1);
        _depacketizer.Flush();

        _sink.Units.Count.ShouldBe(2);
        _sink.Units[1].Data.ShouldBe([0, 0, 0, 6, .. Inter, 0, 0, 0, 6, .. SecondSlice]);
    }

    [Fact]
    public void A_camera_that_marks_every_slice_is_found_out()
    {
        for (uint picture = 0; picture < 3; picture++)
        {
            _depacketizer.Push(picture == 0 ? Idr : Inter, picture * 3000, marker: true);
            _depacketizer.Push(SecondSlice, picture * 3000, marker: true);
        }

        _depacketizer.Flush();
        _sink.Units[^1].Data.ShouldBe([0, 0, 0, 6, .. Inter, 0, 0, 0, 6, .. SecondSlice]);
        _sink.Units[^2].Data.Length.ShouldBe(20);
    }

    [Fact]
    public void Parameter_sets_of_the_format_and_delimiters_are_left_out()
    {
        byte[] aggregate = [0x78, .. Sized([0x09, 0xF0]), .. Sized(Sps), .. Sized(Pps), .. Sized(Idr)];
        _depacketizer.Push(aggregate, 0, marker: true);
        _depacketizer.Push(Inter, 3000, marker: true);
        _depacketizer.Push(aggregate, 6000, marker: true);

        _sink.Units.Select(unit => unit.Data.Length).ShouldBe([16, 10, 16]);
        _sink.Formats.Count.ShouldBe(1);
    }

    [Fact]
    public void New_parameter_sets_become_the_format_at_the_next_random_access_point_and_stay_in_band_until_then()
    {
        // Another quantiser in the picture parameter set: same id, other bytes.
        byte[] changed = [.. Pps];
        changed[^1] ^= 0x40;
        _depacketizer.Push(Idr, 0, marker: true);
        _depacketizer.Push(changed, 3000, marker: false);
        _depacketizer.Push(Inter, 3000, marker: true);
        _depacketizer.Push(changed, 6000, marker: false);
        _depacketizer.Push(Idr, 6000, marker: true);

        _sink.Formats.Count.ShouldBe(2);
        _sink.Units.Select(unit => unit.FormatIndex).ShouldBe([0, 0, 1]);
        _sink.Units[1].Data.ShouldBe([0, 0, 0, (byte)changed.Length, .. changed, 0, 0, 0, 6, .. Inter]);
        _sink.Units[2].Data.ShouldBe([0, 0, 0, 12, .. Idr]);
    }

    [Fact]
    public void A_byte_stream_in_the_place_of_a_nal_unit_is_taken_apart()
    {
        byte[] stream = [.. Sps, 0, 0, 0, 1, .. Pps, 0, 0, 1, .. Idr];
        _depacketizer.Push([0x7C, 0x87, .. stream[1..9]], 0, marker: false);
        _depacketizer.Push([0x7C, 0x47, .. stream[9..]], 0, marker: true);
        _depacketizer.Push(stream, 3000, marker: true);

        _sink.Units.Select(unit => unit.IsRandomAccess).ShouldBe([true, true]);
        _sink.Units.ShouldAllBe(unit => unit.Data.SequenceEqual(new byte[] { 0, 0, 0, 12 }.Concat(Idr)));
    }

    [Fact]
    public void Without_parameter_sets_nothing_is_handed_over_until_they_come()
    {
        using Depacketizer depacketizer = Create(_pool, _sink, sprop: null);
        depacketizer.Push(Inter, 0, marker: true);
        _sink.Units.ShouldBeEmpty();
        depacketizer.Push(Sps, 3000, marker: false);
        depacketizer.Push(Pps, 3000, marker: true);
        depacketizer.Push(Idr, 3000, marker: true);

        _sink.Units.ShouldHaveSingleItem().Flags.ShouldBe(AccessUnitFlags.RandomAccess | AccessUnitFlags.LossBefore);
        depacketizer.Counters.DroppedUnits.ShouldBe(1);
    }

    [Fact]
    public void When_the_pool_is_empty_units_are_dropped_and_counted_and_it_goes_on_when_memory_is_back()
    {
        BlockPool small = new(64 << 10);
        using Depacketizer depacketizer = Create(small, _sink, $"{Convert.ToBase64String(Sps)},{Convert.ToBase64String(Pps)}");
        Block hog = small.TryRent(4096)!;
        depacketizer.Push(Idr, 0, marker: true);
        _sink.Units.ShouldBeEmpty();
        depacketizer.Counters.OutOfMemory.ShouldBe(1);
        hog.Release();
        depacketizer.Push(Idr, 3000, marker: true);

        _sink.Units.ShouldHaveSingleItem().HasLossBefore.ShouldBeTrue();
    }

    [Fact]
    public void A_clock_that_the_camera_sets_anew_goes_on_where_it_was()
    {
        _depacketizer.Push(Idr, 1_000_000, marker: true);
        _depacketizer.Push(Inter, 1_003_000, marker: true);
        _depacketizer.Push(Inter, 3_000_000_000, marker: true);
        _depacketizer.Push(Inter, 3_000_003_000, marker: true);

        _sink.Units.Select(unit => unit.DecodeTime).ShouldBe([1_000_000, 1_003_000, 1_006_000, 1_009_000]);
        _sink.Units[2].HasLossBefore.ShouldBeTrue();
        _depacketizer.MediaTimeOf(3_000_003_000).ShouldBe(1_009_000);
    }

    [Fact]
    public void A_unit_larger_than_a_block_moves_and_keeps_its_bytes()
    {
        byte[] large = new byte[300_000];
        new Random(7).NextBytes(large);
        large[0] = 0x88;
        large[1] = 0x80;
        _depacketizer.Push(Idr, 0, marker: true);
        for (int at = 0; at < large.Length; at += 1000)
        {
            byte header = (byte)((at == 0 ? 0x80 : at + 1000 == large.Length ? 0x40 : 0) | 5);
            _depacketizer.Push([0x7C, header, .. large.AsSpan(at, 1000)], 3000, marker: at + 1000 == large.Length);
        }

        _sink.Units[1].Data.AsSpan(5).SequenceEqual(large).ShouldBeTrue();
    }

    internal static byte[] Sized(byte[] nal) => [(byte)(nal.Length >> 8), (byte)nal.Length, .. nal];

    private static Depacketizer Create(BlockPool pool, IAccessUnitSink sink, string? sprop)
    {
        RtpPayloadFormat payload = new()
        {
            EncodingName = "h264",
            ClockRate = 90000,
            PayloadType = 96,
            Parameters = sprop is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Sprop-Parameter-Sets"] = sprop },
        };
        Depacketizer.TryCreate(payload, pool, sink, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
        return depacketizer!;
    }
}
