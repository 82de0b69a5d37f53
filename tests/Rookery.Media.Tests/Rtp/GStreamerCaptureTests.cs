// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

using System.Buffers.Binary;
using Rookery.Media.Bitstream;
using Rookery.Media.Rtp;

namespace Rookery.Media.Tests.Rtp;

/// <summary>
/// Goal: a sender that shares no code with ours is understood. Method: packets that GStreamer made of the same clips (tests/testdata/media/README.md),
/// each behind a 16-bit length (RFC 4571), give the access units of the clips.
/// </summary>
public sealed class GStreamerCaptureTests
{
    [Theory]
    [InlineData("h264", "h264-baseline-slices-aud.h264")]
    [InlineData("h264-bframes", "h264-main-bframes.h264")]
    [InlineData("h265", "h265-main10-aud.h265")]
    public void Pictures_are_those_of_the_clip(string capture, string file)
    {
        Clip clip = NalRoundTripTests.Load(file);

        CollectingSink sink = Read(capture).Depacketize(clip.Format, outOfBand: false);

        sink.Formats.ShouldHaveSingleItem().ShouldBe(clip.Format);
        sink.Units.Select(unit => Convert.ToHexString(unit.Data)).ShouldBe(clip.Units.Select(unit => Convert.ToHexString(unit.Data)));
        sink.Units.Select(unit => unit.IsRandomAccess).ShouldBe(clip.Units.Select(unit => unit.IsRandomAccess));
        sink.Units.ShouldAllBe(unit => !unit.HasLossBefore);
    }

    [Theory]
    [InlineData("aac", "MPEG4-GENERIC")]
    [InlineData("latm", "MP4A-LATM")]
    public void Sound_is_that_of_the_clip(string capture, string name)
    {
        RtpPayloadFormat payload = new()
        {
            EncodingName = name,
            ClockRate = 48000,
            Parameters = name == "MP4A-LATM"
                ? new Dictionary<string, string> { ["cpresent"] = "0", ["config"] = "40002320" }
                : new Dictionary<string, string> { ["config"] = "1190", ["sizelength"] = "13", ["indexlength"] = "3", ["indexdeltalength"] = "3" },
        };
        CollectingSink sink = new();
        Depacketizer.TryCreate(payload, new(1 << 20), sink, out Depacketizer? depacketizer, out string? problem).ShouldBeTrue(problem);
        foreach (byte[] packet in Read(capture))
        {
            depacketizer!.Push(packet);
        }

        depacketizer!.Dispose();
        List<byte[]> frames = AdtsFrames("aac-lc-48k-stereo.aac");
        sink.Units.Select(unit => Convert.ToHexString(unit.Data)).ShouldBe(frames.Select(Convert.ToHexString));
        sink.Formats.ShouldHaveSingleItem().CodecString.ShouldBe("mp4a.40.2");
        sink.Units.Zip(sink.Units.Skip(1), (a, b) => b.DecodeTime - a.DecodeTime).ShouldAllBe(step => step >= 1023 && step <= 1025);
    }

    [Fact]
    public void Jpeg_pictures_keep_scan_and_tables()
    {
        byte[] stream = TestData.Media("jpeg-420.mjpeg");
        CollectingSink sink = Read("jpeg").Depacketize(TrackFormat.FromJpeg(160, 120));

        sink.Units.Count.ShouldBe(2);
        JpegPicture.TryParse(sink.Units[0].Data, out JpegPicture got).ShouldBeTrue();
        (got.Width, got.Height, got.Type).ShouldBe((160, 120, 1));
        stream.AsSpan().IndexOf(got.Scan).ShouldBePositive();
        stream.AsSpan().IndexOf(got.Luminance).ShouldBePositive();
    }

    private static PacketList Read(string capture)
    {
        byte[] bytes = TestData.Media($"gstreamer/{capture}.rfc4571");
        PacketList packets = [];
        for (int at = 0; at < bytes.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at));
            // The payload type of our description.
            byte[] packet = bytes[(at + 2)..(at + 2 + length)];
            packet[1] = (byte)((packet[1] & 0x80) | 96);
            packets.Add(packet);
            at += 2 + length;
        }

        packets.Count.ShouldBeGreaterThan(1);
        return packets;
    }

    private static List<byte[]> AdtsFrames(string file)
    {
        byte[] bytes = TestData.Media(file);
        List<byte[]> frames = [];
        for (int at = 0; at + 7 <= bytes.Length;)
        {
            int length = ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
            int header = (bytes[at + 1] & 1) != 0 ? 7 : 9;
            frames.Add(bytes[(at + header)..(at + length)]);
            at += length;
        }

        return frames;
    }
}
