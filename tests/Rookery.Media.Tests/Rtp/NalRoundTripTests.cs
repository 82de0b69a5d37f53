// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

/// <summary>Goal: what a camera codes is what we keep, whatever way it is cut into packets, and loss harms nothing but what was lost.</summary>
public sealed class NalRoundTripTests
{
    public static TheoryData<string> Clips => ["h264-main-bframes.h264", "h264-baseline-slices-aud.h264", "h264-interlaced.h264", "h265-main-bframes.h265", "h265-main10-aud.h265"];

    [Theory]
    [MemberData(nameof(Clips))]
    public void Every_access_unit_of_a_real_clip_comes_back_bit_for_bit(string file)
    {
        Clip clip = Load(file);
        foreach (int size in (int[])[64, 200, 1400, 65_000])
        {
            PacketList packets = PacketList.Of(clip.Format, clip.Units, new PacketizerOptions { MaximumPayloadBytes = size });
            foreach (bool outOfBand in (bool[])[true, false])
            {
                CollectingSink sink = packets.Depacketize(clip.Format, outOfBand);

                sink.Formats.ShouldHaveSingleItem().ShouldBe(clip.Format);
                Compare(sink.Units, clip.Units);
                sink.Units.ShouldAllBe(unit => !unit.HasLossBefore);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Clips))]
    public void Whatever_is_lost_the_units_that_come_are_whole_or_marked(string file)
    {
        Clip clip = Load(file);
        HashSet<string> whole = [.. clip.Units.Select(unit => Convert.ToHexString(unit.Data))];
        Property.Holds((random, size) =>
        {
            PacketizerOptions options = new() { MaximumPayloadBytes = random.Next(64, 1500), FirstSequenceNumber = (ushort)random.Next() };
            PacketList packets = PacketList.Of(clip.Format, clip.Units, options, (uint)random.NextInt64(uint.MaxValue));
            double rate = size / 500.0;
            packets.RemoveAll(_ => random.NextDouble() < rate);

            CollectingSink sink = packets.Depacketize(clip.Format);

            bool damaged = false;
            foreach (CollectingSink.Unit unit in sink.Units)
            {
                damaged |= unit.HasLossBefore;
                (damaged || whole.Contains(Convert.ToHexString(unit.Data))).ShouldBeTrue("a unit without a mark is as it was sent");
                damaged &= !unit.IsRandomAccess;
                (!unit.IsRandomAccess || whole.Contains(Convert.ToHexString(unit.Data))).ShouldBeTrue("a random access point is whole");
            }
        }, cases: 40);
    }

    [Fact]
    public void Random_units_of_any_size_and_cut_come_back()
    {
        TrackFormat[] formats = [Load("h264-main-bframes.h264").Format with { ReorderDepth = 0 }, Load("h265-main10-aud.h265").Format];
        Property.Holds((random, size) =>
        {
            foreach (TrackFormat format in formats)
            {
                List<Clip.Unit> units = [.. Enumerable.Range(0, 1 + (size / 5)).Select(i => RandomUnit(random, format.Codec, i == 0 || random.Next(5) == 0, size))];
                PacketizerOptions options = new() { MaximumPayloadBytes = random.Next(64, 3000), FirstSequenceNumber = (ushort)random.Next() };
                PacketList packets = PacketList.Of(format, units, options, (uint)random.NextInt64(uint.MaxValue), step: (uint)random.Next(1, 90_000));
                CollectingSink sink = packets.Depacketize(format);
                Compare(sink.Units, units);
            }
        });
    }

    [Fact]
    public void Duplicates_change_nothing()
    {
        Clip clip = Load("h264-baseline-slices-aud.h264");
        PacketList packets = PacketList.Of(clip.Format, clip.Units, new PacketizerOptions { MaximumPayloadBytes = 300 });
        PacketList doubled = [];
        Random random = new(5);
        foreach (byte[] packet in packets)
        {
            doubled.Add(packet);
            if (random.Next(3) == 0)
            {
                doubled.Add(packet);
            }
        }

        Compare(doubled.Depacketize(clip.Format).Units, clip.Units);
    }

    [Fact]
    public void Garbage_in_payloads_never_throws_and_never_makes_a_broken_unit()
    {
        foreach (Clip clip in (Clip[])[Load("h264-main-bframes.h264"), Load("h265-main-bframes.h265")])
        {
            Property.Holds((random, size) =>
            {
                PacketList packets = PacketList.Of(clip.Format, clip.Units.Take(8), new PacketizerOptions { MaximumPayloadBytes = random.Next(64, 1500) });
                for (int i = 0; i <= size; i++)
                {
                    int at = random.Next(packets.Count);
                    packets[at] = Spoil.Bytes(random, packets[at], keep: RtpPacket.HeaderBytes);
                }

                foreach (CollectingSink.Unit unit in packets.Depacketize(clip.Format).Units)
                {
                    int covered = 0;
                    foreach (ReadOnlySpan<byte> nal in new NalUnits(unit.Data))
                    {
                        covered += 4 + nal.Length;
                    }

                    covered.ShouldBe(unit.Data.Length);
                }
            });
        }
    }

    [Fact]
    public void An_open_gop_begins_at_its_recovery_point()
    {
        Clip clip = Clip.H264("h264-open-gop.h264");
        clip.Units.Count(unit => unit.IsRandomAccess).ShouldBe(1, "only the first picture is an IDR picture");

        CollectingSink sink = PacketList.Of(clip.Format, clip.Units, new PacketizerOptions()).Depacketize(clip.Format);

        sink.Units.Count(unit => unit.IsRandomAccess).ShouldBe(3, "25 pictures, one intra in 10");
    }

    [Fact]
    public void A_camera_that_changes_its_picture_size_changes_the_format_at_that_picture()
    {
        Clip small = Clip.H264("h264-baseline-slices-aud.h264");
        Clip large = Clip.H264("h264-open-gop.h264");
        PacketizerOptions options = new();
        PacketList packets = PacketList.Of(small.Format, small.Units, options);
        int units = small.Units.Count;
        packets.AddRange(PacketList.Of(large.Format, large.Units, options with { FirstSequenceNumber = (ushort)packets.Count }, start: (uint)units * 3000));

        CollectingSink sink = packets.Depacketize(small.Format);

        sink.Formats.ShouldBe([small.Format, large.Format]);
        sink.Units.FindIndex(unit => unit.FormatIndex == 1).ShouldBe(units);
        sink.Units.Select(unit => Convert.ToHexString(unit.Data))
            .ShouldBe([.. small.Units.Select(unit => Convert.ToHexString(unit.Data)), .. large.Units.Select(unit => Convert.ToHexString(unit.Data))]);
    }

    [Fact]
    public void A_wrong_description_gives_way_to_the_parameter_sets_in_band()
    {
        Clip clip = Clip.H264("h264-open-gop.h264");
        TrackFormat wrong = Clip.H264("h264-baseline-slices-aud.h264").Format;

        CollectingSink sink = PacketList.Of(clip.Format, clip.Units, new PacketizerOptions()).Depacketize(wrong);

        sink.Formats.ShouldHaveSingleItem().ShouldBe(clip.Format);
    }

    [Fact]
    public void Reordering_that_was_not_announced_is_right_from_the_next_random_access_point_on()
    {
        // Goal: presentation times are never falsified for long. I P B b b, and again from an IDR picture, in a stream that says depth 0.
        Clip clip = Clip.H264("h264-baseline-slices-aud.h264");
        Packetizer.TryCreate(clip.Format, new PacketizerOptions(), out Packetizer? packetizer, out _).ShouldBeTrue();
        Clip.Unit intra = clip.Units.First(unit => unit.IsRandomAccess);
        Clip.Unit inter = clip.Units.First(unit => !unit.IsRandomAccess);
        PacketList packets = [];
        uint[] order = [0, 4, 2, 1, 3];
        for (uint group = 0; group < 3; group++)
        {
            foreach (uint picture in order)
            {
                Clip.Unit unit = picture == 0 ? intra : inter;
                packetizer!.Packetize(unit.Data, unit.IsRandomAccess, 90_000 + (((group * 5) + picture) * 3000), packets);
            }
        }

        CollectingSink sink = packets.Depacketize(clip.Format);

        sink.Formats.Select(format => format.ReorderDepth).ShouldBe([0, 2]);
        sink.Units.Skip(5).Select(unit => unit.PresentationTime - 90_000)
            .ShouldBe(Enumerable.Range(5, 10).Select(i => (long)(((i / 5 * 5) + order[i % 5]) * 3000)));
    }

    internal static Clip Load(string file) => file.EndsWith("h264", StringComparison.Ordinal) ? Clip.H264(file) : Clip.H265(file);

    private static void Compare(List<CollectingSink.Unit> got, IReadOnlyList<Clip.Unit> expected)
    {
        got.Count.ShouldBe(expected.Count);
        for (int i = 0; i < got.Count; i++)
        {
            got[i].Data.AsSpan().SequenceEqual(expected[i].Data).ShouldBeTrue($"unit {i}");
            got[i].IsRandomAccess.ShouldBe(expected[i].IsRandomAccess, $"unit {i}");
        }
    }

    private static Clip.Unit RandomUnit(Random random, Codec codec, bool isRandomAccess, int size)
    {
        List<byte> data = [];
        int slices = random.Next(1, 4);
        for (int slice = 0; slice < slices; slice++)
        {
            byte[] nal = new byte[4 + random.Next(1 + (size * size * 3))];
            random.NextBytes(nal);
            int first = slice == 0 ? 0x80 : 0;
            if (codec == Codec.H264)
            {
                // first_mb_in_slice, slice_type 7, pic_parameter_set_id 0.
                nal[0] = (byte)(isRandomAccess ? 0x65 : 0x41);
                nal[1] = (byte)(first == 0 ? 0x42 : 0x88);
                nal[2] = 0x98;
            }
            else
            {
                nal[0] = (byte)((isRandomAccess ? 19 : 1) << 1);
                nal[1] = 1;
                nal[2] = (byte)(first | (isRandomAccess ? 0x20 : 0x40));
            }

            AnnexB.AppendWithLength(data, nal);
        }

        return new Clip.Unit([.. data], isRandomAccess);
    }
}
