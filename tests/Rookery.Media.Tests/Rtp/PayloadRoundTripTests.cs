// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using Rookery.Media.Bitstream;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

/// <summary>Payloads other than NAL units: there and back, with loss, and spoilt.</summary>
public sealed class PayloadRoundTripTests
{
    private static readonly TrackFormat Aac = TrackFormat.FromAac([0x11, 0x90])!;

    private static readonly TrackFormat[] Formats =
    [
        Aac, TrackFormat.FromG711(Codec.Pcmu), TrackFormat.FromG711(Codec.Pcma, 16000, 2), TrackFormat.FromOpus(2),
        TrackFormat.FromOnvifMetadata(), TrackFormat.FromJpeg(160, 120),
    ];

    [Fact]
    public void Units_come_back_as_they_were_and_at_their_times()
    {
        Property.Holds((random, size) =>
        {
            foreach (TrackFormat format in Formats)
            {
                List<Clip.Unit> units = [.. Enumerable.Range(0, 1 + (size / 10)).Select(_ => RandomUnit(random, format.Codec, size))];
                PacketizerOptions options = new() { MaximumPayloadBytes = random.Next(600, 3000), FirstSequenceNumber = (ushort)random.Next() };
                uint start = (uint)random.NextInt64(uint.MaxValue);
                PacketList packets = PacketList.Of(format, units, options, start, step: 5000);

                CollectingSink sink = packets.Depacketize(format);

                sink.Formats.ShouldHaveSingleItem().ShouldBe(format);
                sink.Units.ShouldAllBe(unit => unit.IsRandomAccess && !unit.HasLossBefore);
                if (format.Codec is Codec.Pcmu or Codec.Pcma)
                {
                    // Cut where it does not fit: the samples are the same, at the same times.
                    sink.Units.SelectMany(unit => unit.Data).ShouldBe(units.SelectMany(unit => unit.Data));
                    sink.Units[^1].DecodeTime.ShouldBeInRange(start + (5000L * (units.Count - 1)), start + (5000L * units.Count));
                    continue;
                }

                sink.Units.Count.ShouldBe(units.Count, format.Codec.ToString());
                for (int i = 0; i < units.Count; i++)
                {
                    sink.Units[i].DecodeTime.ShouldBe(start + (5000L * i));
                    Content(format.Codec, sink.Units[i].Data).ShouldBe(Content(format.Codec, units[i].Data));
                }
            }
        });
    }

    [Fact]
    public void With_loss_every_unit_that_comes_is_one_that_was_sent()
    {
        Property.Holds((random, size) =>
        {
            foreach (TrackFormat format in Formats.Where(format => format.Codec is not (Codec.Pcma or Codec.Pcmu)))
            {
                List<Clip.Unit> units = [.. Enumerable.Range(0, 10 + (size / 5)).Select(_ => RandomUnit(random, format.Codec, size))];
                HashSet<string> sent = [.. units.Select(unit => Convert.ToHexString(Content(format.Codec, unit.Data)))];
                PacketList packets = PacketList.Of(format, units, new PacketizerOptions { MaximumPayloadBytes = random.Next(600, 1500) }, step: 5000);
                double rate = size / 400.0;
                packets.RemoveAll(_ => random.NextDouble() < rate);

                CollectingSink sink = packets.Depacketize(format);

                foreach (CollectingSink.Unit unit in sink.Units)
                {
                    sent.ShouldContain(Convert.ToHexString(Content(format.Codec, unit.Data)), format.Codec.ToString());
                }
            }
        });
    }

    [Fact]
    public void Spoilt_payloads_never_throw()
    {
        Property.Holds((random, size) =>
        {
            foreach (TrackFormat format in Formats)
            {
                PacketList packets = PacketList.Of(format, Enumerable.Range(0, 10).Select(_ => RandomUnit(random, format.Codec, size)), new PacketizerOptions());
                for (int i = 0; i < packets.Count; i++)
                {
                    packets[i] = random.Next(3) == 0 ? Spoil.Bytes(random, packets[i]) : packets[i];
                }

                packets.Depacketize(format);
            }
        });
    }

    [Fact]
    public void A_real_picture_keeps_its_tables_and_its_scan()
    {
        byte[] picture = Pictures()[0];
        CollectingSink sink = PacketList.Of(TrackFormat.FromJpeg(160, 120), [new Clip.Unit(picture, IsRandomAccess: true)], new PacketizerOptions())
            .Depacketize(TrackFormat.FromJpeg(160, 120));

        JpegPicture.TryParse(picture, out JpegPicture before).ShouldBeTrue();
        JpegPicture.TryParse(sink.Units.ShouldHaveSingleItem().Data, out JpegPicture after).ShouldBeTrue();
        (after.Width, after.Height, after.Type).ShouldBe((160, 120, 1));
        after.Scan.SequenceEqual(before.Scan).ShouldBeTrue();
        after.Luminance.SequenceEqual(before.Luminance).ShouldBeTrue();
    }

    [Fact]
    public void Jpeg_tables_of_a_quality_are_those_of_the_standard_scaled()
    {
        Span<byte> tables = stackalloc byte[128];
        JpegTables.Quantisation(50, tables);
        (tables[0], tables[63], tables[64], tables[127]).ShouldBe(((byte)16, (byte)99, (byte)17, (byte)99));
        JpegTables.Quantisation(99, tables);
        (tables[0], tables[63]).ShouldBe(((byte)1, (byte)2));
        JpegTables.Quantisation(1, tables);
        tables[0].ShouldBe((byte)255);
    }

    [Fact]
    public void Latm_elements_lose_their_length_and_the_configuration_its_envelope()
    {
        RtpPayloadFormat payload = new()
        {
            EncodingName = "MP4A-LATM",
            ClockRate = 48000,
            Parameters = new Dictionary<string, string> { ["cpresent"] = "0", ["config"] = "400023203FC0" },
        };
        Rookery.Foundation.BlockPool pool = new(1 << 20);
        CollectingSink sink = new();
        Depacketizer.TryCreate(payload, pool, sink, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
        byte[] frame = new byte[300];
        new Random(3).NextBytes(frame);
        depacketizer!.Push([255, 45, .. frame[..100]], 0, marker: false);
        depacketizer!.Push(frame[100..], 0, marker: true);
        depacketizer!.Push([3, 7, 8, 9], 1024, marker: true);
        depacketizer!.Dispose();

        sink.Units.Select(unit => unit.Data).ShouldBe([frame, [7, 8, 9]]);
        sink.Formats[0].CodecPrivate.ToArray().ShouldBe([0x11, 0x90]);
    }

    [Theory]
    [InlineData("VP8", 90000)]
    [InlineData("H264", 0)]
    [InlineData("MPEG4-GENERIC", 12345)]
    [InlineData("MP4A-LATM", 48000)]
    public void What_cannot_be_read_is_told_in_words(string name, int clockRate)
    {
        RtpPayloadFormat payload = new() { EncodingName = name, ClockRate = clockRate };
        Depacketizer.TryCreate(payload, new(1 << 20), new CollectingSink(), out Depacketizer? depacketizer, out string? problem).ShouldBeFalse();
        depacketizer.ShouldBeNull();
        problem.ShouldNotBeNullOrEmpty();
    }

    private static byte[][] Pictures()
    {
        byte[] stream = TestData.Media("jpeg-420.mjpeg");
        int second = stream.AsSpan(2).IndexOf([(byte)0xFF, (byte)0xD8, (byte)0xFF]) + 2;
        return [stream[..second], stream[second..]];
    }

    /// <summary>What the payload must carry: of JPEG the scan, since headers are made anew.</summary>
    private static byte[] Content(Codec codec, byte[] data) =>
        codec == Codec.Jpeg && JpegPicture.TryParse(data, out JpegPicture picture) ? picture.Scan.ToArray() : data;

    private static Clip.Unit RandomUnit(Random random, Codec codec, int size)
    {
        byte[] data = new byte[1 + random.Next(1 + (size * 10))];
        random.NextBytes(data);
        switch (codec)
        {
            case Codec.OnvifMetadata:
                data = [.. "<?xml version=\"1.0\"?>"u8, .. data];
                break;
            case Codec.Jpeg:
                byte[] picture = Pictures()[0];
                JpegPicture.TryParse(picture, out JpegPicture parsed).ShouldBeTrue();
                int header = picture.AsSpan().IndexOf(parsed.Scan);
                data.AsSpan().Replace((byte)0xFF, (byte)0xFE);
                data = [.. picture[..header], .. data, 0xFF, 0xD9];
                break;
            case Codec.Aac:
                data = data.Length > 8191 ? data[..8191] : data;
                break;
            case Codec.Opus:
                data = data.Length > 600 ? data[..600] : data;
                break;
            case Codec.Pcma:
                data = [.. data, .. data];
                break;
        }

        return new Clip.Unit(data, IsRandomAccess: true);
    }
}
